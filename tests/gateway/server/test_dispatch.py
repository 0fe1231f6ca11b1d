"""Which path goes where, and that errors of the framework look like ours."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gateway.server.dispatch import Dispatch, build_web
from gateway.server.health import Health
from gateway.server.load import Load
from tests.testkit.raw_http import ask, get, serve

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/graphql/",
        "/graphql/x",
        "//graphql",
        "/GraphQL",
        "/console",
        "/health",
        "/health/live/",
    ],
)
async def test_unknown_paths_are_404_in_json(edge, path):
    """There are no redirects by slash, and no page but JSON."""
    (answer,) = await ask(edge.address, get(path))
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_redirect_never_names_the_host_of_the_request(edge):
    """A forged Host finds its way into no header."""
    data = b"GET /graphql/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    (answer,) = await ask(edge.address, data)
    assert "location" not in answer.headers
    assert "evil" not in str(answer.headers)


async def test_the_server_as_a_whole_has_no_options(edge):
    """``OPTIONS *`` is proper HTTP, and answered."""
    data = b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    (answer,) = await ask(edge.address, data)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")


async def test_methods_of_a_framework_route_are_405_in_json():
    """Starlette's own refusals get our form and keep their Allow."""

    async def text(request):
        return PlainTextResponse("a", headers={"x-content-type-options": "kept"})

    web = build_web(Health(dict, Load(1, shedding_seconds=1.0)), routes=[Route("/text", text)])
    async with serve(Dispatch(web, web)) as (address, _):
        (answer,) = await ask(address, get("/text", "Content-Length: 0", method="POST"))
        assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
        assert "GET" in answer.headers["allow"]
        (answer,) = await ask(address, get("/text"))
        assert answer.headers["x-content-type-options"] == "kept"
        assert answer.headers["referrer-policy"] == "no-referrer"
