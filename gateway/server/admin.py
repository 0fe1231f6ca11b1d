"""The second port, for operators only: metrics and how each source stands.

In: functions that give them. Out: a starlette application.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

__all__ = ["build_admin"]


def build_admin(
    render_metrics: Callable[[], Awaitable[bytes]],
    tell_sources: Callable[[], Awaitable[Mapping[str, Mapping[str, Any]]]],
) -> Starlette:
    """Build ``/metrics`` and ``/sources``."""

    async def metrics(request: Request) -> Response:
        return Response(await render_metrics(), headers={"content-type": CONTENT_TYPE_LATEST})

    async def sources(request: Request) -> Response:
        return JSONResponse(dict(await tell_sources()))

    app = Starlette(routes=[Route("/metrics", metrics), Route("/sources", sources)])
    app.router.redirect_slashes = False
    return app
