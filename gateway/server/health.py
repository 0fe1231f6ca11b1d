"""Whether this process is alive, and whether it wants requests.

In: a function that names what is not ready. Out: two ASGI endpoints in JSON. Alive means that the
event loop turns; a process that is not ready is left alone by the balancer, not restarted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.server.asgi import Receive, Scope, Send
from gateway.server.load import Load
from gateway.server.negotiation import JSON
from gateway.server.refusal import Refusal
from gateway.server.reply import Reply, build_json, build_refused, send_reply

__all__ = ["Health", "Readiness"]

Readiness = Callable[[], Mapping[str, bool]]
"""Gives each thing that must be there before the graph can be asked, such as ``supergraph``."""

_METHODS = ((b"allow", b"GET, HEAD"),)


class Health:
    """``/health/live`` and ``/health/ready``."""

    def __init__(self, readiness: Readiness, load: Load) -> None:
        self._readiness = readiness
        self._load = load

    async def live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say that the process is alive."""
        await send_reply(send, _only_reading(scope, build_json(200, {"status": "live"})))

    async def ready(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say whether requests are welcome: 200, or 503 with what is missing."""
        checks = {**self._readiness(), "load": not self._load.is_shedding}
        is_ready = all(checks.values())
        report = {"status": "ready" if is_ready else "not ready", "checks": checks}
        await send_reply(send, _only_reading(scope, build_json(200 if is_ready else 503, report)))


def _only_reading(scope: Scope, reply: Reply) -> Reply:
    if scope["method"] in ("GET", "HEAD"):
        return reply
    return build_refused(Refusal(405, "this method is not allowed here; use GET", _METHODS), JSON)
