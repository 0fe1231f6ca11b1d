"""One edge per test file, over a pipeline that answers by what the document says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
import uvicorn

from gateway.errors import ParseFailed, ValidationFailed
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.server.dispatch import Dispatch, build_web
from gateway.server.graphql_http import GraphQLHttp
from gateway.server.health import Health
from gateway.server.load import Load
from gateway.server.settings import EdgeSettings
from tests.testkit.raw_http import QUICK, serve

ERROR = {"message": "the source is down", "extensions": {"code": "SUMBER_TIDAK_TERSEDIA"}}


@dataclass(slots=True)
class Edge:
    """A running server, what its pipeline was asked, and the door of its hanging operation."""

    address: tuple[str, int] = ("", 0)
    server: uvicorn.Server | None = None
    asked: list[GraphQLRequest] = field(default_factory=list)
    door: asyncio.Event = field(default_factory=asyncio.Event)
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    is_loaded: bool = True

    async def answer(self, request: GraphQLRequest) -> GraphQLResponse:
        """Stand in for the pipeline."""
        self.asked.append(request)
        match request.query:
            case "{ partial }":
                return GraphQLResponse({"a": 1, "b": None}, [ERROR])
            case "{ nothing }":
                return GraphQLResponse(None, [ERROR])
            case "{ unknown }":
                raise ValidationFailed('there is no field "unknown"')
            case "{":
                raise ParseFailed("a name is missing at line 1, column 2")
            case "{ boom }":
                raise ValueError("the secret of 3171990101900001")
            case "{ unencodable }":
                return GraphQLResponse({"a": object()})
            case "{ large }":
                return GraphQLResponse({"a": "x" * 2_000_000})
            case "{ hang }":
                self.hanging.set()
                await self.door.wait()
        if request.query.startswith("mutation") and request.is_get:
            return GraphQLResponse(None, [ERROR], status=405, has_data=False)
        return GraphQLResponse({"query": request.query, "variables": request.variables})


@asynccontextmanager
async def open_edge(**changes: float) -> AsyncIterator[Edge]:
    """Run an edge with short time-outs and the given other limits."""
    settings: EdgeSettings = replace(QUICK, **changes)  # type: ignore[arg-type]  # ints and floats
    edge = Edge()
    load = Load(settings.requests_in_flight, shedding_seconds=settings.shedding_seconds)
    health = Health(lambda: {"supergraph": edge.is_loaded}, load)
    app = Dispatch(GraphQLHttp(edge.answer, settings, load), build_web(health))
    async with serve(app, settings) as (edge.address, edge.server):
        yield edge
        edge.door.set()


@pytest.fixture(scope="session")
def anyio_backend():
    """Run on uvloop, as the product does: transports differ between loops."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="module")
async def edge(anyio_backend) -> AsyncIterator[Edge]:
    """The file's shared edge."""
    async with open_edge() as opened:
        yield opened


@pytest.fixture(scope="session")
def edge_factory():
    """Open an edge of one's own: ``async with edge_factory(connections=2) as edge``."""
    return open_edge
