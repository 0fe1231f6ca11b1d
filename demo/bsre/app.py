"""The certificate authority over HTTP Basic: a signer's state, a signed PDF.

In: ``GET /api/user/status/{nik}``, multipart ``POST /api/sign/pdf`` (``file``, ``nik``,
``passphrase``, ``tampilan``, ``reason``). Out: JSON ``{status_code, message, status}``, or the PDF.
"""

import asyncio
import base64
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import Scope

from demo.bsre.authority import Authority, Enrolled
from demo.bsre.signers import Signer, load_signers
from demo.control import Control
from demo.counters import Counters
from demo.faults.http import Fault, FaultyApp, Switchboard
from demo.server import Listener, ServerPlan, abort_client, split_control

__all__ = ["build"]

_SIGNING = "demo.bsre.signing"
_CREDENTIALS = "simpul:rahasia-bsre"
_MESSAGES = {
    1110: (404, "User tidak terdaftar"),
    2011: (404, "User tidak memiliki sertifikat"),
    2021: (400, "Sertifikat kedaluwarsa atau dicabut"),
    2031: (400, "Passphrase anda salah"),
    2041: (400, "Dokumen bukan PDF"),
}


def build(folder: Path, prefix: str, *, port: int = 0) -> ServerPlan:
    """Build the server for the officials of an area; the root's certificate goes to ``folder``."""
    counters, board, authority = Counters(), Switchboard(), Authority()
    root = folder / "bsre-ca.pem"
    root.write_bytes(authority.root_pem())
    service = _Service(authority, load_signers(prefix), board)
    routes = Router(
        [
            Route("/api/user/status/{nik}", service.status, methods=["GET"]),
            Route("/api/sign/pdf", service.sign, methods=["POST"]),
        ],
        redirect_slashes=False,
    )
    plan = ServerPlan({}, Listener(routes), {"ca": str(root)})
    control = Control("bsre", counters, board, plan.listen, dict, lambda: None).router()

    def abort(scope: Scope) -> None:
        abort_client(plan, scope)

    app = FaultyApp(routes, board, counters, abort, _name_method)
    plan.control.app = control
    plan.public[""] = Listener(split_control(control, app), port=port)
    return plan


@dataclass(slots=True)
class _Service:
    """The routes."""

    authority: Authority
    signers: dict[str, Signer]
    board: Switchboard

    async def status(self, request: Request) -> Response:
        """Tell how a signer's certificate stands."""
        refused = self._admit(request, "status")
        if refused is not None:
            return refused
        signer = self.signers.get(request.path_params["nik"])
        if signer is None:
            return _refuse(1110, "NOT_REGISTERED")
        number = 1111 if signer.status == "ISSUE" else 2021
        told = {"status_code": number, "message": "-", "nik": signer.nik, "status": signer.status}
        return JSONResponse(told)

    async def sign(self, request: Request) -> Response:
        """Sign a PDF."""
        refused = self._admit(request, "sign")
        if refused is not None:
            return refused
        form = _read_form(request.headers.get("content-type", ""), await request.body())
        signer = self.signers.get(form.get("nik", b"").decode("utf-8", "replace"))
        if signer is None:
            return _refuse(2011)
        if signer.status != "ISSUE":
            return _refuse(2021)
        if form.get("passphrase", b"") != signer.passphrase.encode():
            return _refuse(2031)
        reason = form.get("reason", b"").decode("utf-8", "replace")
        enrolled, document = self.authority.enrol(signer), form.get("file", b"")
        signed = await asyncio.to_thread(_sign, enrolled, document, reason)
        if signed is None:
            return _refuse(2041)
        return Response(signed, media_type="application/pdf")

    def _admit(self, request: Request, method: str) -> Response | None:
        expected = "Basic " + base64.b64encode(_CREDENTIALS.encode()).decode()
        if request.headers.get("authorization") != expected:
            return JSONResponse({"error": "Unauthorized"}, status_code=401)
        if self.board.fault_for(method) is Fault.QUOTA_SPENT:
            return JSONResponse(
                {"error": "Too Many Requests"}, status_code=429, headers={"retry-after": "3600"}
            )
        return None


def _sign(enrolled: Enrolled, document: bytes, reason: str) -> bytes | None:
    """Sign, by a module that is loaded at the first signature: a server must be up at once."""
    signed: bytes | None = import_module(_SIGNING).sign(enrolled, document, reason)
    return signed


def _refuse(number: int, status: str | None = None) -> Response:
    code, message = _MESSAGES[number]
    told = {"status_code": number, "message": message}
    return JSONResponse(told if status is None else {**told, "status": status}, status_code=code)


def _name_method(path: str) -> str:
    return "sign" if path == "/api/sign/pdf" else "status"


def _read_form(media_type: str, body: bytes) -> dict[str, bytes]:
    """Read a multipart form, files and fields alike, byte by byte as they came."""
    boundary = re.search(r"boundary=\"?([^\";]+)", media_type)
    if boundary is None:
        return {}
    fields: dict[str, bytes] = {}
    for part in body.split(b"--" + boundary[1].encode("latin-1"))[1:]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        if name is not None:
            fields[name[1].decode("latin-1")] = content.removesuffix(b"\r\n")
    return fields
