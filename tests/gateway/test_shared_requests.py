"""Equal queries at the same time are answered once, and nobody gets another's answer."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import SubgraphRequest, SubgraphResponse
from gateway.config.model import Config
from gateway.pipeline import Pipeline
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.snapshot import SchemaSnapshot, SnapshotHolder
from gateway.telemetry import Telemetry
from tests.testkit.composing import supergraph_of
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.plain_data import plain_data

SDL = "type Query { seen(n: Int): String } type Mutation { note(n: Int): String }"
QUERY = "query ($n: Int) { seen(n: $n) }"
KEYS = {name: name * 32 for name in ("a", "b")}
PURPOSES = ("PELAYANAN_PUBLIK", "PENEGAKAN_HUKUM")


@dataclass(slots=True)
class World:
    """A pipeline whose one source repeats who asked for what, once it is let go."""

    propagate: tuple[str, ...] = ("x-trace",)
    shares: bool = True
    asked: list[str] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    def pipeline(self) -> Pipeline:
        """Open the pipeline."""
        holder = SnapshotHolder(
            SchemaSnapshot(
                self._config(),
                supergraph_of(s=SDL),
                {"s": ScriptedSubgraph(self._answer)},
                _close_nothing,
            )
        )
        return Pipeline(holder, Telemetry(), lambda: datetime.now(UTC))

    def _config(self) -> Config:
        callers: dict[str, Any] = {
            name: {
                "agency": "one",
                "key_sha256": hashlib.sha256(key.encode()).hexdigest(),
                "purposes": PURPOSES,
                "names_person": True,
            }
            for name, key in KEYS.items()
        }
        return Config.model_validate(
            {
                "supergraph": {"file": "unread"},
                "callers": callers,
                "headers": {"propagate": self.propagate},
                "dedupe": {"requests": self.shares},
            }
        )

    async def _answer(self, request: SubgraphRequest) -> SubgraphResponse:
        call = request.call
        seen = f"{call.caller} {call.purpose} {call.case} {call.person} {call.headers}"
        seen += f" {dict(request.variables)}"
        self.asked.append(seen)
        await self.go.wait()
        name = "note" if request.is_mutation else "seen"
        return SubgraphResponse({name: seen})


async def _close_nothing() -> None:
    """There is nothing to close."""


async def _settle() -> None:
    """Let every task run until it waits."""
    for _ in range(20):
        await asyncio.sleep(0)


REQUESTS = st.builds(
    lambda caller, purpose, case, person, trace, n, wish: GraphQLRequest(
        QUERY,
        variables={} if n is None else {"n": n},
        extensions={} if wish is None else {"completeness": wish},
        headers={
            "authorization": f"Bearer {KEYS[caller]}",
            "simpul-purpose": purpose,
            **({} if case is None else {"simpul-case": case}),
            **({} if person is None else {"simpul-person": person}),
            **({} if trace is None else {"x-trace": trace}),
        },
    ),
    st.sampled_from(sorted(KEYS)),
    st.sampled_from(PURPOSES),
    st.sampled_from([None, "c1", "c2"]),
    st.sampled_from([None, "3171990101019000", "3171990101019001"]),
    st.sampled_from([None, "t1"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, True, "True"]),
)


@pytest.mark.property
@given(st.lists(REQUESTS, min_size=1, max_size=12))
@settings(max_examples=settings.default.max_examples // 2, deadline=None)  # 12 requests each
def test_who_shares_gets_what_it_would_get_alone(requests: list[GraphQLRequest]) -> None:
    """Whatever is asked at the same time, by whomever: own answer, and one call a question."""

    async def run() -> None:
        world = World()
        pipeline = world.pipeline()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(pipeline.answer(each)) for each in requests]
            await _settle()
            world.go.set()
        for request, task in zip(requests, tasks, strict=True):
            alone = await World(shares=False, go=world.go).pipeline().answer(request)
            assert _content(task.result()) == _content(alone)
        distinct = {repr((each.variables, each.extensions, each.headers)) for each in requests}
        assert len(world.asked) == len(distinct)

    asyncio.run(run())


def _content(response: GraphQLResponse) -> tuple[Any, ...]:
    data = plain_data(response.data)
    return data, list(response.errors), dict(response.extensions), response.status


def _ask(
    world: World, *requests: GraphQLRequest, leave: tuple[int, ...] = ()
) -> list[GraphQLResponse | None]:
    async def run() -> list[GraphQLResponse | None]:
        pipeline = world.pipeline()
        tasks = [asyncio.ensure_future(pipeline.answer(each)) for each in requests]
        await _settle()
        for number in leave:
            tasks[number].cancel()
        await _settle()
        world.go.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        return [each if isinstance(each, GraphQLResponse) else None for each in answers]

    return asyncio.run(run())


def test_the_answer_is_one_object() -> None:
    """What the edge makes of it, its bytes, is shared too."""
    first, second = _ask(World(), GraphQLRequest(QUERY), GraphQLRequest(QUERY))
    assert first is second


def test_without_the_setting_nothing_is_shared() -> None:
    """The default asks for each request."""
    world = World(shares=False)
    _ask(world, GraphQLRequest(QUERY), GraphQLRequest(QUERY))
    assert len(world.asked) == 2


def test_mutations_are_never_shared() -> None:
    """Two equal orders are two orders."""
    world = World()
    mutation = GraphQLRequest("mutation { note(n: 1) }")
    _ask(world, mutation, mutation)
    assert len(world.asked) == 2


def test_a_token_that_travels_on_is_never_shared() -> None:
    """A person's token may mean another answer each time."""
    world = World(propagate=("authorization",))
    request = GraphQLRequest(QUERY, headers={"authorization": f"Bearer {KEYS['a']}"})
    _ask(world, request, request)
    assert len(world.asked) == 2


def test_the_first_may_leave() -> None:
    """A client that goes away takes nothing from those who joined it."""
    world = World()
    answers = _ask(world, GraphQLRequest(QUERY), GraphQLRequest(QUERY), leave=(0,))
    assert answers[0] is None
    assert answers[1] is not None
    assert answers[1].data is not None
    assert len(world.asked) == 1


def test_errors_are_shared_with_an_id_each() -> None:
    """What is wrong with the request is told to all who sent it."""
    wrong = GraphQLRequest(QUERY, variables={"n": "no number"})
    answers = _ask(World(), wrong, wrong)
    assert Counter(each.status for each in answers if each) == {422: 2}
