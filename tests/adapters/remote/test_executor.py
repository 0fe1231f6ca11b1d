"""The remote executor: what goes out, and what each kind of answer becomes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SourceStatus, SubgraphRequest
from adapters.errors import SourceCode
from adapters.http_client import HttpClient
from adapters.remote import RemoteExecutor
from adapters.resilience import GuardSettings, SourceGuard
from schema.selection import SelectionSet
from tests.testkit.http_server import (
    Received,
    Server,
    http_server,
    json_reply,
    raw_server,
    read_request,
    reply,
)

pytestmark = pytest.mark.anyio

Answer = Callable[[Received], bytes | Awaitable[bytes]]


@asynccontextmanager
async def remote(answer: Answer, **options: Any) -> AsyncIterator[tuple[RemoteExecutor, Server]]:
    """Run an executor against a server that answers by ``answer``."""
    async with http_server(answer) as server:
        client = HttpClient()
        guard = SourceGuard("s", GuardSettings(retry_base_seconds=0.001))
        try:
            yield RemoteExecutor("s", f"{server.url}/graphql", client, guard, **options), server
        finally:
            await guard.aclose()
            await client.aclose()


def asking(**parts: Any) -> SubgraphRequest:
    """Make a request."""
    parts = {"call": CallContext(), "selection": SelectionSet("Query"), **parts}
    return SubgraphRequest("s", b'{ a(b: "\xc3\xa9") }', **parts)


def always(value: Any, status: int = 200) -> Answer:
    """Answer everything by one JSON value."""
    return lambda _: json_reply(value, status)


async def test_sends_body_and_headers() -> None:
    """Query, variables and operation name go out; forwarded headers do, ours are kept."""
    call = CallContext(headers=(("x-agency", "dinkes"), ("host", "evil"), ("accept", "text/html")))
    request = asking(call=call, variables={"a": 1}, operation_name="Op")
    async with remote(always({"data": {}}), headers=(("x-key", "k"),)) as (executor, server):
        await executor.execute(request)
        (seen,) = server.requests
        assert seen.json() == {
            "query": '{ a(b: "é") }',
            "variables": {"a": 1},
            "operationName": "Op",
        }
        assert (seen.method, seen.target) == ("POST", "/graphql")
        assert seen.headers["x-agency"] == "dinkes"
        assert seen.headers["x-key"] == "k"
        assert seen.headers["host"] == f"127.0.0.1:{server.port}"
        assert seen.headers["accept"].startswith("application/graphql-response+json")


async def test_representations_travel_as_a_variable() -> None:
    """They join the fetch's own variables, and the entities come back as a list."""
    answer = always({"data": {"_entities": [{"x": 1}, None]}})
    request = asking(representations=[{"id": 1}, {"id": 2}], variables={"v": 0})
    async with remote(answer) as (executor, server):
        response = await executor.execute(request)
        assert response.data == [{"x": 1}, None]
        assert server.requests[0].json()["variables"] == {
            "v": 0,
            "representations": [{"id": 1}, {"id": 2}],
        }


async def test_keeps_errors_beside_data() -> None:
    """Path and code pass; a missing code gets the field's usual one; odd paths are dropped."""
    errors = [
        {"message": "m", "path": ["a", 0, "b"], "extensions": {"code": "X", "y": 1}},
        {"message": "n", "path": ["a", 1.5]},
        "not an object",
    ]
    async with remote(always({"data": {"a": None}, "errors": errors}, 294)) as (executor, _):
        response = await executor.execute(asking())
        assert response.data == {"a": None}
        assert [(e.message, e.code, e.path) for e in response.errors] == [
            ("m", "X", ("a", 0, "b")),
            ("n", "DOWNSTREAM_SERVICE_ERROR", None),
            ("", "DOWNSTREAM_SERVICE_ERROR", None),
        ]
        assert response.errors[0].extensions == {"code": "X", "y": 1}
        assert response.reports[0].status is SourceStatus.ANSWERED


@pytest.mark.parametrize("status", [200, 400, 422, 500])
async def test_graphql_errors_count_whatever_the_status(status: int) -> None:
    """A body with GraphQL errors is an answer under any status."""
    async with remote(always({"errors": [{"message": "m"}]}, status)) as (executor, server):
        response = await executor.execute(asking())
        assert (response.data, response.errors[0].message) == (None, "m")
        assert len(server.requests) == 1


TWO = [{"id": 1}, {"id": 2}]
DOWN, BROKEN = SourceCode.SUMBER_TIDAK_TERSEDIA, SourceCode.DATA_RUSAK
BAD = {
    "html": (reply("<html>"), None, DOWN, 3),
    "not-graphql": (json_reply({"hello": 1}), None, DOWN, 3),
    "deep": (reply("[" * 100_000), None, DOWN, 3),
    "500": (reply("oops", 500), None, DOWN, 3),
    "404": (reply("no", 404), None, DOWN, 1),
    "redirect": (reply("", 302, (("location", "http://x/"),)), None, DOWN, 1),
    "401": (reply("no", 401), None, SourceCode.TIDAK_ADA_HAK, 1),
    "data-list": (json_reply({"data": []}), None, BROKEN, 1),
    "errors-text": (json_reply({"data": {}, "errors": "x"}), None, BROKEN, 1),
    "nothing": (json_reply({"data": None}), None, BROKEN, 1),
    "few": (json_reply({"data": {"_entities": [{}]}}), TWO, BROKEN, 1),
    "many": (json_reply({"data": {"_entities": [{}] * 3}}), TWO, BROKEN, 1),
    "entities-object": (json_reply({"data": {"_entities": {}}}), TWO, BROKEN, 1),
    "framing": (b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", None, BROKEN, 1),
}


@pytest.mark.parametrize(("raw", "given", "code", "calls"), BAD.values(), ids=BAD)
async def test_bad_answers_become_codes(
    raw: bytes, given: list[Any] | None, code: SourceCode, calls: int
) -> None:
    """Whatever comes, it is no data, one error with a code, and a report."""
    async with remote(lambda _: raw) as (executor, server):
        response = await executor.execute(asking(representations=given))
        assert response.data is None
        assert [e.code for e in response.errors] == [code]
        (report,) = response.reports
        denied = code is SourceCode.TIDAK_ADA_HAK
        assert report.status is (SourceStatus.DENIED if denied else SourceStatus.UNAVAILABLE)
        assert (report.code, report.calls, len(server.requests)) == (code, calls, calls)


async def test_retry_after_is_read() -> None:
    """A source that says when to come back is believed."""
    answers = [reply("busy", 503, (("retry-after", "0"),)), json_reply({"data": {"a": 1}})]
    async with remote(lambda _: answers.pop(0)) as (executor, _):
        assert (await executor.execute(asking())).data == {"a": 1}


async def test_equal_queries_share_a_flight_and_mutations_do_not() -> None:
    """Equal bodies in flight are one call; each caller reads the answer for itself."""

    async def answer(_: Received) -> bytes:
        await asyncio.sleep(0)
        return json_reply({"data": {"a": [1]}})

    async with remote(answer) as (executor, server):
        responses = await asyncio.gather(*(executor.execute(asking()) for _ in range(5)))
        assert len(server.requests) == 1
        assert sorted(r.reports[0].calls for r in responses) == [0, 0, 0, 0, 1]
        assert len({id(r.data["a"]) for r in responses}) == 5
        mutation = asking(is_mutation=True)
        await asyncio.gather(*(executor.execute(mutation) for _ in range(2)))
        assert len(server.requests) == 3


class _A(msgspec.Struct):
    a: int


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    data: _A


class _Shape:
    filled = None

    def decode(self, body: bytes) -> object:
        return msgspec.json.decode(body, type=_Body).data


async def test_decodes_in_shape_and_falls_back() -> None:
    """A body that fits comes in the request's shape; one that does not, in dicts."""
    answers = [{"data": {"a": 1}}, {"data": {"a": "x"}}, {"data": None, "errors": [{}]}]
    async with remote(lambda _: json_reply(answers.pop(0))) as (executor, _):
        assert (await executor.execute(asking(shape=_Shape()))).data == _A(1)
        assert (await executor.execute(asking(shape=_Shape()))).data == {"a": "x"}
        failed = await executor.execute(asking(shape=_Shape()))
        assert failed.data is None
        assert failed.errors


async def test_the_leader_on_a_kept_connection_may_leave() -> None:
    """A follower is answered by the one request that the leader sent before it was cancelled."""
    gate = asyncio.Event()

    async def answer(received: Received) -> bytes:
        if received.json().get("variables") == {"slow": True}:
            await gate.wait()
        return json_reply({"data": {"a": 1}})

    async with remote(answer) as (executor, server):
        await executor.execute(asking())
        slow = asking(variables={"slow": True})
        leader = asyncio.ensure_future(executor.execute(slow))
        while len(server.requests) < 2:
            await asyncio.sleep(0)
        follower = asyncio.ensure_future(executor.execute(slow))
        await asyncio.sleep(0)
        leader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leader
        gate.set()
        response = await follower
        assert (response.data, response.reports[0].calls) == ({"a": 1}, 0)
        assert (len(server.requests), server.connections) == (2, 1)


async def test_a_kept_connection_that_was_closed_costs_no_second_call() -> None:
    """A query is sent again on another connection; a mutation is not."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(json_reply({"data": {"a": 1}}))
        await read_request(reader)

    async with raw_server(once) as server:
        client, guard = HttpClient(), SourceGuard("s")
        executor = RemoteExecutor("s", server.url, client, guard)
        for _ in range(3):
            response = await executor.execute(asking())
            assert (response.data, response.reports[0].calls) == ({"a": 1}, 1)
        failed = await executor.execute(asking(is_mutation=True))
        assert [error.code for error in failed.errors] == [DOWN]
        assert (failed.reports[0].calls, server.connections) == (1, 3)
        assert guard.status()["busy"] == 0
        await client.aclose()


async def test_the_deadline_holds_on_a_kept_connection() -> None:
    """A subgraph that falls silent costs the operation its deadline, as one code."""

    async def answer(received: Received) -> bytes:
        if received.json().get("variables"):
            await asyncio.Event().wait()
        return json_reply({"data": {"a": 1}})

    async with remote(answer) as (executor, server):
        await executor.execute(asking())
        deadline = asyncio.get_running_loop().time() + 0.2  # the question must have been sent
        slow = asking(call=CallContext(deadline=deadline), variables={"x": 1})
        response = await executor.execute(slow)
        assert [error.code for error in response.errors] == [SourceCode.BATAS_WAKTU]
        assert (response.reports[0].calls, len(server.requests)) == (1, 2)
        assert (await executor.execute(asking())).data == {"a": 1}


async def test_the_deadline_holds_on_the_first_connection() -> None:
    """Nobody else cuts a fetch: its executor keeps the deadline through every layer."""

    async def answer(received: Received) -> bytes:
        await asyncio.Event().wait()
        return b""

    async with remote(answer) as (executor, _):
        deadline = asyncio.get_running_loop().time() + 0.05
        response = await executor.execute(asking(call=CallContext(deadline=deadline)))
        assert [error.code for error in response.errors] == [SourceCode.BATAS_WAKTU]


async def test_a_forwarded_header_that_cannot_be_written_is_refused() -> None:
    """It fails its own fetch, and nothing of it reaches the subgraph."""
    call = CallContext(headers=(("x-agency", "a\r\nx-admin: 1"),))
    async with remote(always({"data": {"a": 1}})) as (executor, server):
        await executor.execute(asking())
        response = await executor.execute(asking(call=call))
        assert [error.code for error in response.errors] == [DOWN]
        assert len(server.requests) == 1


async def test_subscriptions_are_refused_as_data() -> None:
    """One response with an error, and the stream ends."""
    async with remote(always({})) as (executor, server):
        responses = [r async for r in executor.subscribe(asking())]
        assert [len(r.errors) for r in responses] == [1]
        assert server.requests == []


@pytest.mark.parametrize("url", ["", "subgraph-a", "http://u:p@127.0.0.1/", "http://127.0.0.1/a b"])
async def test_a_url_that_cannot_be_asked_is_unavailable(url: str) -> None:
    """A misconfigured address fails its own fetches, once each, and quotes no secret."""
    executor = RemoteExecutor("s", url, HttpClient(), SourceGuard("s"))
    response = await executor.execute(asking())
    assert [e.code for e in response.errors] == [SourceCode.SUMBER_TIDAK_TERSEDIA]
    assert response.reports[0].calls == 1
    assert "u:p" not in response.errors[0].message
