"""The licensing agency over HTTP: tokens, the licence collection, and the control routes.

In: `POST /oauth/token`, `GET /api/v1/licences`. Out: `{data, meta, links}` without a total; errors
`{error, error_description, hint, message}`. `build` makes the server's plan.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import Scope

from demo.control import Control
from demo.counters import Counters
from demo.dpmptsp.licences import Licences
from demo.dpmptsp.query import parse_query
from demo.dpmptsp.tokens import AgencyError, Tokens
from demo.faults.http import Fault, FaultyApp, Switchboard
from demo.server import Listener, ServerPlan, abort_client, split_control

__all__ = ["build"]

_COLLECTION = "/api/v1/licences"


def build(world: Path, *, port: int = 0, token_seconds: float = 300) -> ServerPlan:
    """Build the server over a world's folder."""
    counters, board = Counters(), Switchboard()
    service = _Service(
        Licences(world / "dpmptsp.sqlite"), Tokens(token_seconds, time.monotonic), counters, board
    )
    routes = Router(
        [
            Route("/oauth/token", service.token, methods=["POST"]),
            Route(_COLLECTION, service.collection, methods=["GET"]),
            Route(_COLLECTION + "/{number:int}", service.record, methods=["GET"]),
        ],
        redirect_slashes=False,
    )
    plan = ServerPlan({}, Listener(routes))
    control = Control("dpmptsp", counters, board, plan.listen, dict, service.tokens.reset).router()

    def abort(scope: Scope) -> None:
        abort_client(plan, scope)

    app = FaultyApp(routes, board, counters, abort, _name_method)
    plan.control.app = control
    plan.public[""] = Listener(split_control(control, app), port=port)
    return plan


@dataclass(slots=True)
class _Service:
    """The routes."""

    licences: Licences
    tokens: Tokens
    counters: Counters
    board: Switchboard

    async def token(self, request: Request) -> Response:
        """Answer a token request."""
        try:
            self._check_rate("token")
            return JSONResponse(self.tokens.issue(await _read_fields(request)))
        except AgencyError as error:
            return _refuse(error)

    async def collection(self, request: Request) -> Response:
        """Answer one page of licences."""
        try:
            self._check_rate("licences")
            self.tokens.check(request.headers.get("authorization", ""))
            query = parse_query(request.query_params.multi_items())
        except AgencyError as error:
            return _refuse(error)
        records, more = self.licences.page(query)
        self.counters.sent("licences", len(records))
        return JSONResponse(
            {
                "data": records,
                "meta": {"page": query.page, "limit": query.limit, "count": len(records)},
                "links": {
                    "self": _link(request, query.page),
                    "prev": _link(request, query.page - 1) if query.page > 1 else None,
                    "next": _link(request, query.page + 1) if more else None,
                },
            }
        )

    async def record(self, request: Request) -> Response:
        """Answer one licence."""
        try:
            self._check_rate("licences")
            self.tokens.check(request.headers.get("authorization", ""))
            record = self.licences.find(str(request.path_params["number"]))
            if record is None:
                raise AgencyError(404, "not_found", "The licence does not exist")
        except AgencyError as error:
            return _refuse(error)
        self.counters.sent("licences", 1)
        return JSONResponse({"data": record})

    def _check_rate(self, method: str) -> None:
        if self.board.fault_for(method) is Fault.QUOTA_SPENT:
            raise AgencyError(429, "rate_limit_exceeded", "Too Many Attempts.", "try tomorrow")


def _link(request: Request, page: int) -> str:
    parameters = [
        (name, value) for name, value in request.query_params.multi_items() if name != "page"
    ]
    return f"{_COLLECTION}?{urlencode([*parameters, ('page', str(page))])}"


def _name_method(path: str) -> str:
    return "token" if path.startswith("/oauth/") else "licences"


def _refuse(error: AgencyError) -> Response:
    headers = {"retry-after": "3600"} if error.status == 429 else None
    return JSONResponse(error.body, status_code=error.status, headers=headers)


async def _read_fields(request: Request) -> dict[str, Any]:
    body = (await request.body()).decode("utf-8", "replace")
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            value = json.loads(body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}
    return dict(parse_qsl(body))
