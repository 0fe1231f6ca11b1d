"""What every ``SubgraphExecutor`` owes, whatever stands behind it.

Another executor joins by a line in ``FACTORIES``: an async context manager that takes a ``World``
and gives an executor which serves ``SDL`` from it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import ExecutionResult, build_schema, graphql_sync

from adapters.contract import CallBudget, CallContext, SubgraphExecutor, SubgraphRequest
from adapters.errors import SourceCode, SourceUnavailable
from adapters.http_client import HttpClient
from adapters.kit.context import Context
from adapters.kit.definition import AdapterDefinition, KeyedRoot, Listing, Lookup, Mutation, Wanted
from adapters.kit.outcome import Outcomes
from adapters.kit.runtime import LocalExecutor
from adapters.remote import RemoteExecutor
from adapters.resilience import GuardSettings, SourceGuard
from schema.selection import Argument, Field, Fragment, SelectionSet, Variable
from tests.testkit.http_server import Received, http_server, json_reply, reply

pytestmark = pytest.mark.anyio

SDL = """
type Query { orang(id: ID!): Orang semua: [Orang!]! }
type Mutation { ubahNama(id: ID!, nama: String!): Orang }
type Orang @key(fields: "id") { id: ID! nama: String }
"""


@dataclass
class World:
    """What stands behind the executor, with switches for its faults."""

    people: dict[str, str] = field(default_factory=lambda: {"1": "Ani", "2": "Budi", "3": "Citra"})
    down: bool = False  # every call fails
    hang: bool = False  # no call is ever answered
    changes: int = 0  # mutations that reached the source, answered or not
    lookups: int = 0  # reads that reached the source


Factory = Callable[[World], AbstractAsyncContextManager[SubgraphExecutor]]

_SERVED = """
directive @key(fields: String!) on OBJECT
scalar _Any
union _Entity = Orang
""" + SDL.replace("semua:", "_entities(representations: [_Any!]!): [_Entity]! semua:")


class _Root:
    """The remote subgraph's resolvers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def orang(self, _: Any, id: str) -> dict[str, str] | None:
        if id not in self._world.people:
            return None
        return {"__typename": "Orang", "id": id, "nama": self._world.people[id]}

    def semua(self, info: Any) -> list[dict[str, str] | None]:
        return [self.orang(info, id) for id in self._world.people]

    def _entities(self, info: Any, representations: list[Any]) -> list[dict[str, str] | None]:
        return [self.orang(info, given["id"]) for given in representations]

    def ubahNama(self, info: Any, id: str, nama: str) -> dict[str, str] | None:
        self._world.people[id] = nama
        return self.orang(info, id)


@asynccontextmanager
async def remote(world: World) -> AsyncIterator[SubgraphExecutor]:
    """A federated subgraph on a real loopback server, behind client and guard."""
    schema = build_schema(_SERVED, assume_valid_sdl=True)

    async def answer(received: Received) -> bytes:
        body = received.json()
        if body["query"].startswith("mutation"):
            world.changes += 1
        else:
            world.lookups += 1
        if world.hang:
            await asyncio.Event().wait()
        if world.down:
            return reply("down", 503)
        result: ExecutionResult = graphql_sync(
            schema, body["query"], _Root(world), variable_values=body.get("variables")
        )
        return json_reply(json.loads(json.dumps(result.formatted)))

    async with http_server(answer) as server:
        client = HttpClient()
        guard = SourceGuard("orang", GuardSettings(retry_base_seconds=0.001))
        executor = RemoteExecutor("orang", f"{server.url}/graphql", client, guard)
        try:
            yield executor
        finally:
            await executor.aclose()
            await guard.aclose()
            await client.aclose()


class _Office:
    """The local adapter's source: the world, asked through a guard."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.guard = SourceGuard("orang", GuardSettings(retry_base_seconds=0.001))

    async def names(self, ids: Sequence[str], context: Context) -> dict[str, dict[str, str]]:
        """Look people up by key."""

        async def attempt(_: float | None) -> dict[str, dict[str, str]]:
            self._world.lookups += 1
            await self._answer()
            people = self._world.people
            return {id: {"id": id, "nama": people[id]} for id in ids if id in people}

        guarded = await self.guard.run(attempt, context.call, key=tuple(ids))
        return context.take("orang", guarded)

    async def change(self, id: str, nama: str, context: Context) -> dict[str, str]:
        """Change a name."""

        async def attempt(_: float | None) -> dict[str, str]:
            self._world.changes += 1
            await self._answer()
            self._world.people[id] = nama
            return {"id": id, "nama": nama}

        guarded = await self.guard.run(attempt, context.call, read=False)
        return context.take("orang", guarded)

    async def _answer(self) -> None:
        if self._world.hang:
            await asyncio.Event().wait()
        if self._world.down:
            raise SourceUnavailable("down")
        await asyncio.sleep(0)


async def _lookup(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    office: _Office = context.sources
    return await office.names(keys, context)


async def _all(wanted: Wanted, context: Context) -> list[dict[str, str]]:
    office: _Office = context.sources
    return list((await office.names(["1", "2", "3"], context)).values())


async def _change(wanted: Wanted, context: Context, id: str, nama: str) -> dict[str, str]:
    office: _Office = context.sources
    return await office.change(id, nama, context)


@asynccontextmanager
async def local(world: World) -> AsyncIterator[SubgraphExecutor]:
    """An adapter of our own, answered by the kit's runtime."""
    definition = AdapterDefinition(
        "orang",
        SDL,
        lookups=(Lookup("Orang", ("id",), _lookup),),
        roots=(KeyedRoot("orang", {"id": "id"}, "Orang"), Listing("semua", _all)),
        mutations=(Mutation("ubahNama", _change, {"id": "id", "nama": "nama"}),),
    )
    office = _Office(world)
    executor = LocalExecutor(definition, office, office.guard.aclose)
    try:
        yield executor
    finally:
        await executor.aclose()


FACTORIES: dict[str, Factory] = {"remote": remote, "local": local}


@pytest.fixture(params=FACTORIES)
def made(request: pytest.FixtureRequest) -> Factory:
    """Give each executor's factory in turn."""
    return FACTORIES[request.param]


NAME = SelectionSet("Orang", (Field("nama"),))


def one(call: CallContext | None = None, id: str = "1") -> SubgraphRequest:
    """Ask for one person under two aliases."""
    argument = (Argument("id", Variable("id")),)
    fields = (Field("orang", NAME, argument), Field("orang", NAME, argument, "lagi"))
    return SubgraphRequest(
        "orang",
        b"query ($id: ID!) { orang(id: $id) { nama } lagi: orang(id: $id) { nama } }",
        SelectionSet("Query", fields),
        call or CallContext(),
        {"id": id},
    )


def entities(*ids: str) -> SubgraphRequest:
    """Ask for people by key."""
    fragment = Fragment(SelectionSet("Orang", (Field("__typename"), Field("nama"))))
    return SubgraphRequest(
        "orang",
        b"query ($representations: [_Any!]!) { _entities(representations: $representations) "
        b"{ ... on Orang { __typename nama } } }",
        SelectionSet("_Entity", (fragment,)),
        CallContext(),
        representations=[{"__typename": "Orang", "id": id} for id in ids],
    )


def change(nama: str) -> SubgraphRequest:
    """Change a name."""
    arguments = (Argument("id", Variable("id")), Argument("nama", Variable("nama")))
    return SubgraphRequest(
        "orang",
        b"mutation ($id: ID!, $nama: String!) { ubahNama(id: $id, nama: $nama) { nama } }",
        SelectionSet("Mutation", (Field("ubahNama", NAME, arguments),)),
        CallContext(),
        {"id": "1", "nama": nama},
        is_mutation=True,
    )


async def test_root_fetch_answers_by_response_name(made: Factory) -> None:
    """Both aliases hold the person."""
    async with made(World()) as executor:
        response = await executor.execute(one())
        assert response.data == {"orang": {"nama": "Ani"}, "lagi": {"nama": "Ani"}}
        assert response.errors == ()


async def test_a_missing_record_is_null_without_an_error(made: Factory) -> None:
    """Nobody by that key is an answer, not a failure."""
    async with made(World()) as executor:
        response = await executor.execute(one(id="9"))
        assert response.data == {"orang": None, "lagi": None}
        assert response.errors == ()


async def test_entities_come_in_order_with_gaps(made: Factory) -> None:
    """One entry per representation, in order: repeated keys repeat, unknown keys are null."""
    async with made(World()) as executor:
        response = await executor.execute(entities("3", "9", "1", "3"))
        names = [entity and entity["nama"] for entity in response.data]
        assert names == ["Citra", None, "Ani", "Citra"]
        assert response.data[0]["__typename"] == "Orang"


async def test_mutations_are_made_once_each(made: Factory) -> None:
    """Equal mutations are never merged."""
    world = World()
    async with made(world) as executor:
        answers = await asyncio.gather(*(executor.execute(change("Dewi")) for _ in range(3)))
        assert [a.data for a in answers] == [{"ubahNama": {"nama": "Dewi"}}] * 3
        assert (world.changes, world.people["1"]) == (3, "Dewi")


async def test_a_failed_mutation_is_not_tried_again(made: Factory) -> None:
    """What may have worked is not repeated."""
    world = World(down=True)
    async with made(world) as executor:
        response = await executor.execute(change("Dewi"))
        assert response.errors
        assert world.changes == 1


@pytest.mark.parametrize(
    "ask",
    [one, lambda: entities("1"), lambda: change("x")],
    ids=["root", "entities", "mutation"],
)
async def test_a_failing_upstream_is_errors_with_a_source_code(
    made: Factory, ask: Callable[[], SubgraphRequest]
) -> None:
    """Nothing is raised: what failed is said as data."""
    async with made(World(down=True)) as executor:
        response = await executor.execute(ask())
        assert response.errors
        assert {e.code for e in response.errors} <= set(SourceCode)
        data = response.data or {}
        assert not any(data.values() if isinstance(data, dict) else data)


async def test_a_hanging_upstream_ends_at_the_callers_deadline(made: Factory) -> None:
    """The caller's deadline ends the fetch with its code."""
    async with made(World(hang=True)) as executor:
        deadline = asyncio.get_running_loop().time() + 0.1
        async with asyncio.timeout(30):
            response = await executor.execute(one(CallContext(deadline=deadline)))
        assert {e.code for e in response.errors} == {SourceCode.BATAS_WAKTU}


async def test_cancellation_is_raised(made: Factory) -> None:
    """A cancelled fetch ends as cancelled."""
    world = World(hang=True)
    async with made(world) as executor:
        task = asyncio.ensure_future(executor.execute(one()))
        while not world.lookups:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_concurrent_equal_fetches_get_data_of_their_own(made: Factory) -> None:
    """What one operation does to its answer, another never sees."""
    async with made(World()) as executor:
        first, second = await asyncio.gather(executor.execute(one()), executor.execute(one()))
        first.data["orang"]["nama"] = "changed"
        assert second.data == {"orang": {"nama": "Ani"}, "lagi": {"nama": "Ani"}}


async def test_an_operation_without_calls_left_is_refused(made: Factory) -> None:
    """The operation's limit of calls holds, and nothing reaches the source."""
    world = World()
    async with made(world) as executor:
        response = await executor.execute(one(CallContext(budget=CallBudget(0))))
        assert {e.code for e in response.errors} == {SourceCode.SUMBER_TIDAK_TERSEDIA}
        assert world.lookups == 0


async def test_reports_count_the_calls(made: Factory) -> None:
    """The reports tell how many calls reached the source."""
    world = World()
    async with made(world) as executor:
        response = await executor.execute(entities("1", "2"))
        assert sum(report.calls for report in response.reports) == world.lookups > 0


async def test_closing_twice_is_harmless(made: Factory) -> None:
    """``aclose`` is idempotent."""
    async with made(World()) as executor:
        await executor.aclose()
        await executor.aclose()
