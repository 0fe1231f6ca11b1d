"""The land tax service: ``POST /soap``, and ``GET /soap?wsdl``.

In: an envelope with a UsernameToken and the header ``Sesi``. Out: parcels with their taxes, or a
fault, which is also how it tells that nothing was found. ``build`` makes the server's plan.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Scope

from demo.control import Control
from demo.counters import Counters
from demo.faults.http import Fault, FaultyApp, Switchboard
from demo.pbb.envelopes import Question, Unreadable, read_question, write_fault, write_parcels
from demo.server import Listener, ServerPlan, abort_client, split_control

__all__ = ["build"]

_CREDENTIALS = ("simpul", "rahasia-pbb")
_COLUMNS = {"CariMenurutNop": "nop", "CariMenurutNik": "nik"}
_AT_ONCE = 50
_WSDL = Path(__file__).parent / "pbb.wsdl"
_XML = "text/xml; charset=utf-8"


def build(world: Path, *, port: int = 0) -> ServerPlan:
    """Build the server over a world's folder."""
    counters, board = Counters(), Switchboard()
    service = _Service(world / "pbb.sqlite", counters, board)
    routes = Router(
        [
            Route("/soap", service.describe, methods=["GET"]),
            Route("/soap", service.answer, methods=["POST"]),
        ],
        redirect_slashes=False,
    )
    plan = ServerPlan({}, Listener(routes))
    control = Control("pbb", counters, board, plan.listen, dict, lambda: None).router()

    def abort(scope: Scope) -> None:
        abort_client(plan, scope)

    app = FaultyApp(routes, board, counters, abort, lambda _: "soap")
    plan.control.app = control
    plan.public[""] = Listener(split_control(control, app), port=port)
    return plan


@dataclass(slots=True)
class _Service:
    """The routes."""

    store: Path
    counters: Counters
    board: Switchboard
    _rows: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._rows = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        self._rows.row_factory = sqlite3.Row

    async def describe(self, request: Request) -> Response:
        """Give the WSDL."""
        return Response(_WSDL.read_bytes(), media_type=_XML)

    async def answer(self, request: Request) -> Response:
        """Answer one envelope."""
        try:
            question = read_question(await request.body())
        except Unreadable:
            return _fault("Client", "Permintaan tidak terbaca", "TIDAK_TERBACA")
        refused = self._refuse(question)
        if refused is not None:
            return refused
        parcels = self._find(_COLUMNS[question.operation], question.keys)
        if not parcels:
            return _fault("Client", "Data tidak ditemukan", "DATA_KOSONG")
        self.counters.sent("soap", len(parcels))
        return Response(write_parcels(parcels), media_type=_XML)

    def _refuse(self, question: Question) -> Response | None:
        if (question.username, question.password) != _CREDENTIALS or not question.channel:
            return _fault("Client", "Tidak berhak", "TIDAK_BERHAK")
        if self.board.fault_for("soap") is Fault.QUOTA_SPENT:
            return _fault("Server", "Kuota hari ini habis", "KUOTA_HABIS")
        if question.operation not in _COLUMNS or not 0 < len(question.keys) <= _AT_ONCE:
            return _fault("Client", "Permintaan tidak dikenal", "TIDAK_DIKENAL")
        return None

    def _find(
        self, column: str, keys: Sequence[str]
    ) -> list[tuple[sqlite3.Row, list[sqlite3.Row]]]:
        marks = ", ".join("?" * len(keys))
        parcels = self._rows.execute(
            f"SELECT * FROM objek WHERE {column} IN ({marks}) ORDER BY nop", tuple(keys)
        ).fetchall()
        return [
            (
                parcel,
                self._rows.execute(
                    "SELECT * FROM tagihan WHERE nop = ? ORDER BY tahun DESC", (parcel["nop"],)
                ).fetchall(),
            )
            for parcel in parcels
        ]


def _fault(code: str, text: str, kode: str) -> Response:
    return Response(write_fault(code, text, kode), status_code=500, media_type=_XML)
