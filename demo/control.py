"""The control routes `/_fleet/…` that every server of the fleet has.

In: switches from tests and the shell. Out: counters, the present fault. They are also served on
a port of their own (`control=` in the READY line), which answers while the public ports refuse.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from demo.counters import Counters
from demo.faults.http import Fault, Switchboard

__all__ = ["Control"]


@dataclass(slots=True)
class Control:
    """Builds the control routes of one server."""

    name: str
    counters: Counters
    switchboard: Switchboard
    listen: Callable[[bool], Awaitable[None]]  # False: close the public ports, True: open them
    extra_counts: Callable[[], dict[str, object]]  # of this kind of server, such as quotas
    reset_extra: Callable[[], None]
    routes: tuple[Route, ...] = ()  # of this kind of server

    def router(self) -> Router:
        """Build the router."""
        return Router(
            [
                Route("/_fleet/counters", self._counters, methods=["GET"]),
                Route("/_fleet/faults", self._faults, methods=["GET", "POST"]),
                Route("/_fleet/reset", self._reset, methods=["POST"]),
                *self.routes,
            ],
            redirect_slashes=False,
        )

    async def _counters(self, request: Request) -> Response:
        counts = {"server": self.name, **self.counters.as_json(), **self.extra_counts()}
        return JSONResponse(counts)

    async def _faults(self, request: Request) -> Response:
        if request.method == "POST":
            problem = self._apply(await _read_object(request))
            if problem:
                return JSONResponse({"error": problem}, status_code=400)
            await self.listen(self.switchboard.fault is not Fault.REFUSED)
        board = self.switchboard
        return JSONResponse(
            {
                "fault": board.fault.value,
                "method": board.method,
                "delay_ms": board.delay_ms,
                "drip_ms": board.drip_ms,
            }
        )

    def _apply(self, wanted: dict[str, Any]) -> str:
        unknown = sorted(wanted.keys() - {"fault", "method", "delay_ms", "drip_ms"})
        if unknown:
            return f'unknown key "{unknown[0]}"; known are fault, method, delay_ms, drip_ms'
        try:
            fault = Fault(wanted.get("fault", self.switchboard.fault.value))
            delay_ms = int(wanted.get("delay_ms", self.switchboard.delay_ms))
            drip_ms = int(wanted.get("drip_ms", self.switchboard.drip_ms))
        except ValueError as error:
            return f"{error}; faults are {', '.join(Fault)}"
        self.switchboard.delay_ms, self.switchboard.drip_ms = delay_ms, drip_ms
        kept = "" if "fault" in wanted else self.switchboard.method
        self.switchboard.switch(fault, str(wanted.get("method", kept)))
        return ""

    async def _reset(self, request: Request) -> Response:
        self.switchboard.delay_ms, self.switchboard.drip_ms = 0, 200
        self.switchboard.switch(Fault.NONE)
        await self.listen(True)
        self.counters.reset()
        self.reset_extra()
        return JSONResponse({"reset": True})


async def _read_object(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {"": "unreadable"}
    return value if isinstance(value, dict) else {"": "no object"}
