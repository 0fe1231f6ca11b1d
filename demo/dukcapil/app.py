"""The civil registry over HTTP: reading, verifying over TLS, and the control routes.

In: `POST /dukcapil/get_json/{wilayah}/{instansi}/{method}` with credentials in the JSON body.
Out: always 200, `{"content": [row, …], …}`; a failure is a row. `build` makes the server's plan.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Scope

from demo.control import Control
from demo.counters import Counters
from demo.dukcapil.credentials import CREDENTIALS
from demo.dukcapil.registry import Registry, Rows, refuse
from demo.dukcapil.tls import make_tls
from demo.dukcapil.verify import verify_elements
from demo.faults.http import Fault, FaultyApp, Switchboard
from demo.server import Listener, ServerPlan, abort_client, split_control

__all__ = ["build"]

_PATH = "/dukcapil/get_json/{wilayah}/{instansi}/{method}"
_VERIFY = "CALL_VERIFY_BY_ELEMEN"
_READS = ("CALL_NIK", "CALL_KK", "CALL_STATUS")


def build(folder: Path, world: Path, *, port: int = 0, verify_port: int = 0) -> ServerPlan:
    """Build the server over a world's folder; `folder` takes the CA's certificate."""
    registry = Registry(world / "people.sqlite")
    counters, board = Counters(), Switchboard()
    tls, ca = make_tls(folder)
    plan = ServerPlan({}, Listener(_unserved), ready={"ca": str(ca)})
    service = _Service(registry, counters, board)
    control = Control(
        "dukcapil",
        counters,
        board,
        plan.listen,
        lambda: {"quota": registry.quotas()},
        service.reset,
        (Route("/_fleet/quota", service.set_quota, methods=["POST"]),),
    ).router()

    def abort(scope: Scope) -> None:
        abort_client(plan, scope)

    def listen_to(routes: Router, port: int) -> Listener:
        app: ASGIApp = FaultyApp(routes, board, counters, abort, _name_method)
        return Listener(split_control(control, app), port=port)

    plan.control.app = control
    plan.public[""] = listen_to(Router([Route(_PATH, service.read, methods=["POST"])]), port)
    verify = listen_to(Router([Route(_PATH, service.verify, methods=["POST"])]), verify_port)
    verify.tls = tls
    plan.public["verify"] = verify
    return plan


@dataclass(slots=True)
class _Service:
    """The routes; the registry answers, this speaks HTTP."""

    registry: Registry
    counters: Counters
    board: Switchboard

    async def read(self, request: Request) -> Response:
        """Answer call_nik, call_kk or call_status."""
        method = request.path_params["method"].upper()
        body = await _read_body(request)
        rows = self._read(method, body) if method in _READS else refuse("method", 0)
        return self._answer(method, rows)

    def _read(self, method: str, body: dict[str, Any]) -> Rows:
        admitted = self.registry.admit(method, body, spent=self._is_spent(method))
        if isinstance(admitted, list):
            return admitted
        number = self.registry.number_in(method, body)
        if number is None:
            return refuse("request", 0)
        match method:
            case "CALL_NIK":
                return self.registry.call_nik(number, admitted)
            case "CALL_KK":
                return self.registry.call_kk(number, admitted)
            case _:
                return self.registry.call_status(number)

    async def verify(self, request: Request) -> Response:
        """Answer CALL_VERIFY_BY_ELEMEN."""
        method = request.path_params["method"].upper()
        body = await _read_body(request)
        rows = self._verify(body) if method == _VERIFY else refuse("method", 0)
        return self._answer(method, rows)

    def _verify(self, body: dict[str, Any]) -> Rows:
        admitted = self.registry.admit(_VERIFY, body, spent=self._is_spent(_VERIFY))
        if isinstance(admitted, list):
            return admitted
        number = self.registry.number_in(_VERIFY, body)
        row = self.registry.find(number) if number is not None else None
        if number is None or row is None:
            return refuse("not_found", number or 0)
        threshold = body.get("TRESHOLD", 100)
        return [verify_elements(row, body, int(threshold) if str(threshold).isdecimal() else 100)]

    async def set_quota(self, request: Request) -> Response:
        """Change a credential's daily quota: `{"user_id": …, "limit": …}`."""
        wanted = await _read_body(request)
        name, limit = wanted.get("user_id"), wanted.get("limit")
        if name not in CREDENTIALS or not isinstance(limit, int):
            known = ", ".join(CREDENTIALS)
            return JSONResponse({"error": f"user_id of {known} and a limit"}, status_code=400)
        self.registry.limits[name] = limit
        return JSONResponse({"quota": self.registry.quotas()})

    def reset(self) -> None:
        """Give every credential its quota back."""
        self.registry.used.clear()
        self.registry.limits.clear()

    def _is_spent(self, method: str) -> bool:
        return self.board.fault_for(method) is Fault.QUOTA_SPENT

    def _answer(self, method: str, rows: Rows) -> Response:
        found = not any(key in rows[0] for key in ("RESPON", "RESPONSE"))
        self.counters.sent(method, len(rows) if found else 0)
        return JSONResponse(
            {
                "content": rows,
                "lastPage": True,
                "numberOfElements": len(rows),
                "sort": None,
                "totalElements": len(rows),
                "firstPage": True,
                "number": 0,
                "size": len(rows),
            }
        )


def _name_method(path: str) -> str:
    return path.rpartition("/")[2].upper()


async def _read_body(request: Request) -> dict[str, Any]:
    try:
        value = json.loads(await request.body())
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


async def _unserved(scope: object, receive: object, send: object) -> None:
    """Stand in until the control routes are built."""
