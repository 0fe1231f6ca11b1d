"""A federation over rows: real composition, planning and execution, and servers of given values.

In: per subgraph its SDL, the rows of its entities and the values of its root fields. Out: whole
answers. A subgraph executes the documents that it is sent, so that it refuses what its SDL does not
have; a row's value may be a function of the row and the arguments, a ``Ref`` to another row, or an
exception, which becomes an error of the subgraph.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo, build_schema, execute_sync, parse, validate

from adapters.contract import CallContext, SubgraphError, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import (
    CompileMode,
    ExecutionOptions,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.validate import validate_document
from gateway.operation.variables import coerce_variables
from gateway.plan.nodes import QueryPlan
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import build_api_schema
from tests.testkit.composing import FED2, supergraph_of
from tests.testkit.fake_subgraph import Ref
from tests.testkit.plain_data import plain_data

__all__ = ["Ref", "RowAnswer", "RowSubgraph", "RowWorld"]

Row = dict[str, Any]
_ROOT = re.compile(r"\bquery: (\w+)")
_ENTITY = re.compile(r"\btype (\w+)[^{]*@key")


class RowSubgraph:
    """Answers for one subgraph; ``requests`` holds what it was asked since the last answer."""

    def __init__(
        self,
        sdl: str,
        *,
        roots: Mapping[str, Any] | None = None,
        mutations: Mapping[str, Any] | None = None,
        rows: Mapping[str, Sequence[Row]] | None = None,
        header: str = FED2,
    ) -> None:
        """``header`` links the specification; without one the SDL is of Federation 1."""
        self.header = header
        self.sdl = sdl
        self.requests: list[SubgraphRequest] = []
        self.is_down = False
        self._roots = {"query": roots or {}, "mutation": mutations or {}}
        self._rows = rows or {}
        self._schema = build_schema(_executable(sdl), assume_valid_sdl=True)

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Execute the request's document."""
        self.requests.append(request)
        if self.is_down:
            return SubgraphResponse(None, (SubgraphError("down", "SUMBER_TIDAK_TERSEDIA"),))
        document = parse(request.document.decode())
        refused = validate(self._schema, document)
        assert not refused, (refused[0].message, request.document)
        variables = dict(request.variables)
        if request.representations is not None:
            variables["representations"] = list(request.representations)
        result = execute_sync(
            self._schema,
            document,
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: value["__typename"],
        )
        errors = tuple(
            SubgraphError(each.message, "BROKEN", tuple(each.path) if each.path else None)
            for each in result.errors or ()
        )
        data: Any = result.data
        if data is not None and request.representations is not None:
            data = data["_entities"]
        return SubgraphResponse(data, errors, body=b"{}")

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Refuse: nothing subscribes here."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Hold nothing."""

    def _resolve(self, source: Row | None, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if info.field_name == "_entities":
            return [self._entity(each) for each in given["representations"]]
        row = self._roots[str(info.operation.operation.value)] if source is None else source
        value = row.get(info.field_name)
        if callable(value):
            value = value(row, given)
        if isinstance(value, Exception):
            raise value
        return self._placed(value)

    def _placed(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._placed(item) for item in value]
        if isinstance(value, Ref):
            rows = self._rows.get(value.type_name, ())
            found = next((row for row in rows if row.get(value.field) == value.value), {})
            return {"__typename": value.type_name, value.field: value.value, **found}
        return value

    def _entity(self, representation: Row) -> Row | None:
        for row in self._rows.get(representation["__typename"], ()):
            if all(_agrees(representation[k], row[k]) for k in representation if k in row):
                return {**representation, **row}
        return None


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What a client sees, as plain values."""

    data: Any
    errors: list[dict[str, Any]]


class RowWorld:
    """The composed graph of several ``RowSubgraph``s."""

    def __init__(self, **subgraphs: RowSubgraph) -> None:
        self.subgraphs = subgraphs
        supergraph = supergraph_of(**{name: s.header + s.sdl for name, s in subgraphs.items()})
        self.graph = build_query_graph(supergraph)
        self.api = build_api_schema(supergraph)

    def plan(self, text: str) -> QueryPlan:
        """Plan an operation."""
        document = parse_document(text, max_tokens=10_000)
        return plan_operation(normalize_document(document, None, self.api), self.graph)

    async def answer(
        self,
        text: str,
        variables: Mapping[str, Any] | None = None,
        *,
        mode: CompileMode = CompileMode.NEVER,
        batched: bool = True,
    ) -> RowAnswer:
        """Plan and execute."""
        for subgraph in self.subgraphs.values():
            subgraph.requests = []
        document = parse_document(text, max_tokens=10_000)
        validate_document(document, self.api)
        operation = normalize_document(document, None, self.api)
        plan = plan_operation(operation, self.graph)
        types = {each.name: each.type for each in operation.variables}
        documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
        execution = prepare_execution(
            plan, operation, self.api, documents, frozenset(), compile_mode=mode
        )
        names = frozenset(self.subgraphs) if batched else frozenset()
        given = coerce_variables(operation.variables, variables or {}, self.api)
        options = ExecutionOptions(batched=names)
        result = await execute(execution, given, self.subgraphs, CallContext(), options)
        # The fast way answers in records, which are what their JSON is.
        return RowAnswer(plain_data(result.data), list(result.errors))

    def requests(self) -> int:
        """Count what the last answer took."""
        return sum(len(subgraph.requests) for subgraph in self.subgraphs.values())


def _executable(sdl: str) -> str:
    """Add what every subgraph has; extensions of types from elsewhere define them here."""
    entities = dict.fromkeys(_ENTITY.findall(sdl.replace("\n", " ")))
    root = (_ROOT.findall(sdl) or ["Query"])[0]
    text = re.sub(r"\bextend (type|interface) (?!Query\b|Mutation\b)", r"\1 ", sdl)
    if f"type {root}" not in text:
        text += f"\ntype {root} {{ _service: String }}"
    text = text.replace("extend type Query", "type Query").replace("extend type Mut", "type Mut")
    text += "\nscalar _Any\n"
    if entities:
        text += f"union _Entity = {' | '.join(entities)}\n"
        text += f"extend type {root} {{ _entities(representations: [_Any!]!): [_Entity]! }}\n"
    return text


def _agrees(given: Any, kept: Any) -> bool:
    if callable(kept) or isinstance(kept, Exception):
        return True
    if isinstance(kept, Ref):
        return isinstance(given, dict) and given.get(kept.field) == kept.value
    if isinstance(kept, dict):
        return isinstance(given, dict) and all(_agrees(v, kept.get(k)) for k, v in given.items())
    return bool(given == kept)
