"""An in-process entity fetch of 100 keys, beside strawberry's executor over the same records.

In: adapters whose source is a dict at hand. Out: microseconds of CPU per fetch of 100 keys, with
the time of the source's own function taken off, and strawberry's for the plain entity. What is
measured is what the kit does: reading representations, one batch call, and filling the records that
the compiled executor made for the fetch, as it does on the fast path.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import strawberry
from msgspec import Struct, structs

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from adapters.errors import SourceUnavailable
from adapters.kit.definition import AdapterDefinition, Listing, Lookup, Relation
from adapters.kit.outcome import Failed, Found
from adapters.kit.runtime import LocalExecutor
from gateway.executor.executor import CompileMode, ExecutionOptions, execute
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.planner.cost import PlanBudget
from gateway.policy.authorize import Authorization
from gateway.prepare import prepare_operation
from schema.composition.composer import compose
from schema.query_graph.build import build_query_graph
from schema.subgraph.model import SubgraphSource
from schema.supergraph.api_schema import build_api_schema

__all__ = ["KEYS", "run_local_adapters"]

KEYS = 100
_SECONDS = 0.5  # of each of the rounds, of which the fastest counts: others use this machine too
_ROUNDS = 5

_WIDE = tuple(f"f{number}" for number in range(20))
_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
_SDL = (
    """
scalar NIK
scalar Tanggal
type Person @key(fields: "nik") {
  nik: NIK!
  name: String!
  sex: Sex
  born: Tanggal
  children: Int
  city: String
  letters: [Letter!]
"""
    + "".join(f"  {name}: String\n" for name in _WIDE)
    + """}
enum Sex { L P }
type Letter { number: Int! kind: String! day: Tanggal place: Place }
type Place { code: String! name: String }
"""
)


class Scenario(NamedTuple):
    """What is asked of the 100 people."""

    name: str
    fields: str
    failures: int = 0  # of every hundred keys


SCENARIOS = (
    Scenario("plain, 5 fields", "name sex born children city"),
    Scenario("wide, 20 fields", " ".join(_WIDE)),
    Scenario("5 letters each", "name letters { number kind day place { code name } }"),
    Scenario("plain, 5 % failing", "name sex born children city", failures=5),
)


async def run_local_adapters() -> list[tuple[str, float]]:
    """Measure every scenario, and the peer; gives (name, microseconds per fetch)."""
    rows = []
    for scenario in SCENARIOS:
        records = _records(scenario)
        executor = _build(records)
        request = await _request(scenario, executor)
        response = await executor.execute(request)
        assert sum(each is None for each in response.data) == scenario.failures
        assert len(response.errors) == scenario.failures
        assert any(isinstance(each, Struct) for each in response.data)

        async def fetch(executor: Any = executor, request: Any = request) -> SubgraphResponse:
            answer: SubgraphResponse = await executor.execute(request)
            return answer

        async def source(records: Any = records, scenario: Any = scenario) -> None:
            await _people(records)(_keys(), frozenset(), None)
            if "letters" in scenario.fields:
                await _letters(records)(_keys(), frozenset(), None)

        rows.append((scenario.name, await _measure(fetch) - await _measure(source)))
    rows.append(("the first by strawberry", await _measure(_strawberry(_records(SCENARIOS[0])))))
    return rows


def _keys() -> list[str]:
    return [f"317199010190{9000 + number}" for number in range(KEYS)]


def _records(scenario: Scenario) -> dict[str, Any]:
    records: dict[str, Any] = {}
    for number, key in enumerate(_keys()):
        records[key] = {
            "nik": key,
            "name": f"Name {number}",
            "sex": "LP"[number % 2],
            "born": date(1990, 1, 1 + number % 28),
            "children": number % 4,
            "city": "Jakarta",
            **{name: f"{name} of {number}" for name in _WIDE},
        }
        if number % 100 < scenario.failures:
            records[key] = Failed(SourceUnavailable(f"part {number} of the store is down"))
    return records


def _people(records: Mapping[str, Any]) -> Callable[..., Awaitable[Mapping[str, Any]]]:
    async def people(keys: Sequence[str], wanted: Any, context: Any) -> Mapping[str, Any]:
        return {key: records[key] for key in keys}

    return people


def _letters(records: Mapping[str, Any]) -> Callable[..., Awaitable[Mapping[str, Any]]]:
    place = {"code": "31.71.02.1001", "name": "Pasar Baru"}
    by_key = {
        key: Found(
            [
                {"number": at, "kind": "SKTM", "day": date(2026, 1, 1 + at), "place": place}
                for at in range(5)
            ]
        )
        for key in records
    }

    async def letters(keys: Sequence[str], wanted: Any, context: Any) -> Mapping[str, Any]:
        return {key: by_key[key] for key in keys}

    return letters


def _build(records: Mapping[str, Any]) -> LocalExecutor:
    return LocalExecutor(
        AdapterDefinition(
            "people",
            _SDL,
            lookups=(Lookup("Person", ("nik",), _people(records)),),
            relations=(Relation("Person", "letters", ("nik",), _letters(records)),),
        )
    )


async def _request(scenario: Scenario, executor: LocalExecutor) -> SubgraphRequest:
    """Let the compiled path ask for people whose keys another adapter lists; give what it asks."""
    asked = _Asked(executor)
    list_sdl = (
        'scalar NIK type Query { all: [Person] } type Person @key(fields: "nik") { nik: NIK! }'
    )
    sources = {"list": list_sdl, "people": _SDL}
    composed = compose([SubgraphSource(name, "", _LINK + sdl) for name, sdl in sources.items()])
    assert composed.supergraph is not None, composed.errors
    api = build_api_schema(composed.supergraph)
    document = parse_document(f"{{ all {{ {scenario.fields} }} }}", max_tokens=1000)
    prepared = prepare_operation(
        normalize_document(document, None, api),
        Authorization(),
        api,
        build_query_graph(composed.supergraph),
        PlanBudget(),
        compile_mode=CompileMode.ALWAYS,
    )

    async def everyone(wanted: Any, context: Any) -> list[dict[str, str]]:
        return [{"nik": key} for key in _keys()]

    listing = AdapterDefinition("list", list_sdl, roots=(Listing("all", everyone),))
    executors: Mapping[str, Any] = {"list": LocalExecutor(listing), "people": asked}
    await execute(prepared.execution, {}, executors, CallContext(), ExecutionOptions())
    deadline = asyncio.get_running_loop().time() + 3600
    return structs.replace(asked.requests[0], call=CallContext(deadline=deadline))


class _Asked:
    """Notes what an executor is asked."""

    def __init__(self, inner: LocalExecutor) -> None:
        self.requests: list[SubgraphRequest] = []
        self._inner = inner

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer as it does."""
        self.requests.append(request)
        return await self._inner.execute(request)


@strawberry.federation.type(keys=["nik"])
class Person:
    """What strawberry resolves."""

    nik: str
    name: str | None = None
    sex: str | None = None
    born: date | None = None
    children: int | None = None
    city: str | None = None

    @classmethod
    def resolve_reference(cls, info: strawberry.Info, nik: str) -> Person:
        """Resolve one entity: strawberry asks for them one by one."""
        record = info.context[nik]
        return cls(**{name: record[name] for name in cls.__annotations__})


@strawberry.type
class Query:
    """The root that a schema must have."""

    nothing: Person | None = None


def _strawberry(records: Mapping[str, Any]) -> Callable[[], Awaitable[Any]]:
    """Make the peer: the same entity, resolved by strawberry's federation schema."""
    schema = strawberry.federation.Schema(Query, federation_version="2.9")
    query = (
        "query ($r: [_Any!]!) { _entities(representations: $r) "
        "{ ... on Person { name sex born children city } } }"
    )

    async def fetch() -> Any:
        representations = [{"__typename": "Person", "nik": key} for key in _keys()]
        result = await schema.execute(
            query, variable_values={"r": representations}, context_value=records
        )
        assert not result.errors, result.errors[:1]
        return result.data

    return fetch


async def _measure(run: Callable[[], Awaitable[Any]]) -> float:
    """Give microseconds of CPU per call, of the fastest round."""
    await run()
    best = float("inf")
    for _ in range(_ROUNDS):
        calls, started = 0, time.process_time()
        while time.process_time() - started < _SECONDS / _ROUNDS:
            for _ in range(10):
                await run()
            calls += 10
        best = min(best, (time.process_time() - started) / calls * 1e6)
    return best
