"""Which path goes where: the outermost ASGI application.

In: every request. Out: ``/graphql`` straight to its endpoint, without router and ASGI, which
together cost as much as the rest of the edge; all else to a starlette application, whose answers
get the security headers they lack. Unknown paths are JSON, like every error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.server.asgi import ASGIApp, Message, Receive, Scope, Send
from gateway.server.console import CONSOLE_PATH, Console
from gateway.server.direct import Endpoint
from gateway.server.health import Health
from gateway.server.inbox import INBOX_PATH
from gateway.server.negotiation import JSON
from gateway.server.refusal import CODES, Refusal, render_refusal
from gateway.server.reply import SECURITY_HEADERS, build_refused, send_reply

__all__ = ["GRAPHQL_PATH", "Dispatch", "Lifespan", "build_web"]

GRAPHQL_PATH = "/graphql"

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
"""Opens what the application needs, and closes it in reverse."""

_MESSAGES = {
    404: "there is nothing at this path; the graph is at /graphql",
    405: "this method is not allowed at this path",
}


class Dispatch:
    """The application that the server runs."""

    def __init__(self, graphql: Endpoint, web: ASGIApp) -> None:
        self.endpoints = {GRAPHQL_PATH: graphql}  # anything else is answered by ASGI
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request, or the lifespan, on."""
        if scope["type"] != "http":
            await self._web(scope, receive, send)
        elif scope["path"] == "*":  # OPTIONS for the server as a whole, RFC 9110 section 9.3.7
            refusal = Refusal(405, "ask for a path", ((b"allow", b"GET, HEAD, POST"),))
            await send_reply(send, build_refused(refusal, JSON))
        else:
            await self._web(scope, receive, _add_security_headers(send))


def build_web(
    health: Health,
    *,
    console: Console | None = None,
    inbox: ASGIApp | None = None,
    routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
) -> Starlette:
    """Build the starlette application of everything but the graph.

    Slash redirects are off: starlette writes the request's own Host into their target.
    """
    served: list[BaseRoute] = [
        _RawRoute("/health/live", health.live),
        _RawRoute("/health/ready", health.ready),
        *routes,
    ]
    if inbox is not None:
        served.append(_RawRoute(INBOX_PATH, inbox))
    if console is not None:
        served.append(_RawRoute(CONSOLE_PATH, console))
        served.append(_RawRoute(CONSOLE_PATH + "/{file:path}", console))
    web = Starlette(
        routes=served,
        lifespan=lifespan,
        exception_handlers={HTTPException: _answer_http_exception},
    )
    web.router.redirect_slashes = False
    return web


class _RawRoute(Route):
    """A route of an ASGI endpoint, which sees to methods itself."""

    def __init__(self, path: str, endpoint: ASGIApp) -> None:
        super().__init__(path, _Endpoint(endpoint))


class _Endpoint:
    """Tells starlette that this is an ASGI application: it takes functions for request handlers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self._app(scope, receive, send)


async def _answer_http_exception(request: Request, exc: Exception) -> Response:
    """Give an error of starlette's in the one form of this server."""
    assert isinstance(exc, HTTPException)
    status = exc.status_code if exc.status_code in CODES else 400
    message = _MESSAGES.get(status, "the request cannot be answered at this path")
    return Response(
        render_refusal(Refusal(status, message)),
        status,
        {**(exc.headers or {}), "cache-control": "no-store"},
        JSON.decode(),
    )


def _add_security_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            present = {name for name, _ in headers}
            missing = [pair for pair in SECURITY_HEADERS if pair[0] not in present]
            message = {**message, "headers": headers + missing}
        await send(message)

    return send_with_headers
