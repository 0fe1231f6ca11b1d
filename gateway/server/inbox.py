"""``POST /inbox/{subgraph}``: what an agency pushes, handed to its adapter's inbox.

In: a body and its headers. Out: 200 with ``{"number", "new"}`` once the push is stored, or a
refusal that says what the sender must do: 401, 404, 405, 413, 415, 422, and 503 where it is to be
sent again. The snapshot is held meanwhile, so that a reload closes no store that is being written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from adapters.contract import PushReceiver, PushRefusal, PushRefused
from gateway.server.asgi import Receive, Scope, Send
from gateway.server.body import read_body
from gateway.server.negotiation import JSON
from gateway.server.refusal import Refusal, Refused
from gateway.server.reply import Reply, build_json, build_refused, send_reply
from gateway.snapshot import SnapshotHolder

__all__ = ["INBOX_PATH", "InboxHttp"]

INBOX_PATH = "/inbox/{subgraph}"

_STATUS: Mapping[PushRefusal, int] = {
    PushRefusal.UNAUTHENTICATED: 401,
    PushRefusal.TOO_LARGE: 413,
    PushRefusal.MEDIA_TYPE: 415,
    PushRefusal.UNREADABLE: 422,
    PushRefusal.UNAVAILABLE: 503,
}
_RETRY_AFTER = ((b"retry-after", b"5"),)
_ONLY_POST = ((b"allow", b"POST"),)


class InboxHttp:
    """The endpoint; ``holder`` gives what serves now, None while the gateway is closed."""

    def __init__(self, holder: Callable[[], SnapshotHolder | None]) -> None:
        self._holder = holder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one push; a sender that has left gets nothing."""
        holder = self._holder()
        if holder is None:
            await send_reply(send, build_refused(_unavailable("the gateway is closing"), JSON))
            return
        snapshot = holder.acquire()
        try:
            reply = await _take(
                snapshot.inboxes.get(scope["path_params"]["subgraph"]), scope, receive
            )
        except Refused as refused:
            reply = build_refused(refused.refusal, JSON)
        finally:
            holder.release(snapshot)
        if reply is not None:
            await send_reply(send, reply)


async def _take(inbox: PushReceiver | None, scope: Scope, receive: Receive) -> Reply | None:
    if inbox is None:
        raise Refused(404, "no subgraph of this name takes pushes")
    if scope["method"] != "POST":
        raise Refused(405, "this method is not allowed here; use POST", _ONLY_POST)
    body = await read_body(receive, inbox.body_bytes)
    if body is None:
        return None
    outcome = await inbox.receive(body, _read_headers(scope["headers"]))
    if isinstance(outcome, PushRefused):
        headers = _RETRY_AFTER if outcome.reason is PushRefusal.UNAVAILABLE else ()
        raise Refused(_STATUS[outcome.reason], outcome.why, headers)
    return build_json(200, {"number": outcome.number, "new": outcome.is_new})


def _read_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Join what is sent twice, as HTTP has it: two credentials are none that is declared."""
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _unavailable(message: str) -> Refusal:
    return Refusal(503, message, _RETRY_AFTER)
