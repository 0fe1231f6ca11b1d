"""The business registry as a server: its public port answers nothing, it pushes when told where.

In: ``POST /_fleet/push {"inbox": URL}``. Out: pushes to that inbox, and their counts among the
counters. Also told at the start, by ``--inbox``.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import Scope

from demo.control import Control
from demo.counters import Counters
from demo.faults.http import FaultyApp, Switchboard
from demo.oss.pusher import Pusher
from demo.server import Listener, ServerPlan, abort_client, split_control

__all__ = ["build"]


def build(world: Path, *, port: int = 0, inbox: str = "") -> ServerPlan:
    """Build the server over a world's folder."""
    counters, board = Counters(), Switchboard()
    pusher = Pusher(world / "oss.sqlite")
    silent = Router(redirect_slashes=False)
    plan = ServerPlan({}, Listener(silent))
    pushing = _Pushing(pusher)
    control = Control(
        "oss",
        counters,
        board,
        plan.listen,
        pusher.as_json,
        lambda: None,
        (Route("/_fleet/push", pushing.push, methods=["POST"]),),
    ).router()

    def abort(scope: Scope) -> None:
        abort_client(plan, scope)

    app = FaultyApp(silent, board, counters, abort, lambda _: "none")
    plan.control.app = control
    plan.public[""] = Listener(split_control(control, app), port=port)
    if inbox:
        pusher.start(inbox)
    return plan


@dataclass(slots=True)
class _Pushing:
    """The route that tells where to push."""

    pusher: Pusher

    async def push(self, request: Request) -> Response:
        """Begin to push to the inbox that the body names."""
        try:
            inbox = str(json.loads(await request.body())["inbox"])
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": 'send {"inbox": URL}'}, status_code=400)
        self.pusher.start(inbox)
        return JSONResponse({"pushing": True})
