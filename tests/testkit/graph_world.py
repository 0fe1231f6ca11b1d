"""A supergraph over one imagined set of objects, so that any operation has a known true answer.

In: one SDL per subgraph. Out: plans, the answers of the executor over those subgraphs, and the
truth: the API schema executed over the same objects as if one server had them all.

Every value is a pure function of (type, number, field, arguments). A subgraph recognizes an entity
by trying all numbers, refuses what its SDL does not have, what its query graph has no edge for
(externals, overridden fields), and a field whose @requires inputs are missing or not the true ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from adapters.contract import CallContext, SubgraphError, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import CompileMode, ExecutionOptions, execute, prepare_execution
from gateway.executor.state.plan_fetches import fetches_of
from gateway.operation.model import Operation
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.variables import coerce_variables
from gateway.plan.nodes import QueryPlan
from gateway.plan.render import print_fetch
from gateway.planner.cost import PlanBudget
from gateway.planner.planner import plan_operation
from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import Node, NodeKind, QueryGraph
from schema.selection import Field, SelectionSet, evaluate
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.model import EnumType, InterfaceType, ObjectType, Supergraph, UnionType
from schema.type_ref import TypeRef
from tests.testkit.composing import FED2, supergraph_of
from tests.testkit.plain_data import plain_data
from tests.testkit.random_operation import random_operation

__all__ = ["GraphWorld", "random_operation"]

NUMBERS = 6  # objects per type


@dataclass(frozen=True)
class Thing:
    """One object: its real type and number, and for a subgraph where it is and what it was sent."""

    type_name: str
    number: int
    node: Node | None = field(default=None, compare=False)
    inputs: Mapping[str, Any] = field(default_factory=dict, compare=False)


class Objects:
    """The imagined objects of a supergraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self._never_null = {
            (key.fields.type_name, selected.name)
            for definition in supergraph.types.values()
            if isinstance(definition, ObjectType)
            for join in definition.joins
            for key in join.keys
            for selected in _all_fields(key.fields)
        }
        self._key_names = {name for _, name in self._never_null}

    def value(self, thing: Thing, name: str, arguments: Mapping[str, Any]) -> Any:
        """Give a field's value: a leaf, a Thing, lists of them, or None."""
        definition = self.supergraph.types[thing.type_name]
        assert isinstance(definition, ObjectType)
        type_ref = definition.fields[name].type
        seed = f"{thing.type_name}.{name}.{thing.number}.{sorted(arguments.items())}"
        return self._of_type(type_ref, thing, name, seed)

    def matches(self, thing: Thing, selections: SelectionSet, given: Any) -> bool:
        """Tell whether a representation holds exactly the true values of a field set."""
        if not isinstance(given, Mapping):
            return False
        for selection in selections:
            if not isinstance(selection, Field):
                possible = self.supergraph.possible_types(selection.type_condition)
                if thing.type_name in possible and not self.matches(
                    thing, selection.selections, given
                ):
                    return False
            elif selection.name != "__typename":
                if selection.response_name not in given:
                    return False
                arguments = {a.name: evaluate(a.value, {}) for a in selection.arguments}
                true = self.value(thing, selection.name, arguments)
                if not self._is_same(true, selection.selections, given[selection.response_name]):
                    return False
        return True

    def _is_same(self, true: Any, selections: SelectionSet | None, given: Any) -> bool:
        if isinstance(true, list):
            return (
                isinstance(given, list)
                and len(given) == len(true)
                and all(self._is_same(t, selections, g) for t, g in zip(true, given, strict=True))
            )
        if isinstance(true, Thing):
            assert selections is not None
            return self.matches(true, selections, given)
        return bool(true == given)

    def _of_type(self, type_ref: TypeRef, thing: Thing, name: str, seed: str) -> Any:
        nullable = not type_ref.non_null and name not in self._key_names
        if nullable and thing.number >= 0 and _hash(seed + "null") % 11 == 0:
            return None
        if type_ref.of is not None:
            length = 1 + _hash(seed + "length") % 2
            return [self._of_type(type_ref.of, thing, name, f"{seed}[{i}]") for i in range(length)]
        named = self.supergraph.types.get(type_ref.named)
        if type_ref.named == self.supergraph.query_type:
            return Thing(type_ref.named, -1)  # there is one root, wherever it is met
        if isinstance(named, ObjectType | UnionType):
            possible = self._types_everywhere(thing.type_name, name, type_ref.named)
            type_name = possible[_hash(seed + "type") % len(possible)]
            if (thing.type_name, name) in self._never_null:
                return Thing(type_name, thing.number)  # so that no two objects share a key
            return Thing(type_name, _hash(seed + "number") % NUMBERS)
        if isinstance(named, EnumType):
            return next(iter(named.values))
        return _leaf(type_ref.named, seed)

    def _types_everywhere(self, parent: str, name: str, type_name: str) -> list[str]:
        """List the types that every subgraph resolving the field can return."""
        possible = list(self.supergraph.possible_types(type_name))
        parents = [parent, *self.supergraph.types[parent].interfaces]  # type: ignore[union-attr]
        for each in parents:
            definition = self.supergraph.types[each]
            if not isinstance(definition, ObjectType) or name not in definition.fields:
                continue
            for join in self.supergraph.joins_of(each, name):
                known = self._known_types(join.type.named if join.type else type_name, join.graph)
                possible = [t for t in possible if t in known]
        assert possible, f"no type is possible everywhere for {parent}.{name}"
        return possible

    def _known_types(self, type_name: str, graph: str | None) -> set[str]:
        definition = self.supergraph.types[type_name]
        if isinstance(definition, UnionType):
            return {m.member for m in definition.members if m.graph == graph}
        if isinstance(definition, InterfaceType):
            joins = [join for join in definition.joins if join.graph == graph]
            if any(join.is_interface_object for join in joins):
                return set(self.supergraph.possible_types(type_name))
            return {
                name
                for name in self.supergraph.implementations(type_name)
                for join in self.supergraph.types[name].implements  # type: ignore[union-attr]
                if join.graph == graph and join.interface == type_name
            }
        return {type_name}


class GraphWorld:
    """A composed supergraph with its imagined objects."""

    def __init__(self, **sdl: str) -> None:
        self.supergraph = supergraph_of(**{name: FED2 + text for name, text in sdl.items()})
        self.graph: QueryGraph = build_query_graph(self.supergraph)
        self.api: GraphQLSchema = build_api_schema(self.supergraph)
        self.objects = Objects(self.supergraph)
        self.subgraphs = {name: _Subgraph(name, text, self) for name, text in sdl.items()}

    def operation(self, text: str) -> Operation:
        """Parse, validate and normalize."""
        document = parse(text)
        errors = validate(self.api, document)
        assert not errors, [error.message for error in errors]
        return normalize_document(document, None, self.api)

    def plan(
        self,
        text: str,
        *,
        denied: frozenset[str] = frozenset(),
        labels: frozenset[str] = frozenset(),
        budget: PlanBudget | None = None,
    ) -> QueryPlan:
        """Plan an operation."""
        operation = self.operation(text)
        limits = budget or PlanBudget()
        return plan_operation(operation, self.graph, denied=denied, labels=labels, budget=limits)

    async def answer(
        self,
        text: str,
        variables: Mapping[str, Any],
        *,
        denied: frozenset[str] = frozenset(),
        compile_mode: CompileMode = CompileMode.NEVER,
        batched: bool = False,
    ) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """Execute the plan over the subgraphs; give data and errors.

        ``batched`` makes one request of the entity fetches of a level.
        """
        operation = self.operation(text)
        plan = plan_operation(operation, self.graph, denied=denied)
        types = {variable.name: variable.type for variable in operation.variables}
        documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
        execution = prepare_execution(
            plan, operation, self.api, documents, denied, compile_mode=compile_mode
        )
        for each in self.subgraphs.values():
            each.take_failures()  # of others: worlds are shared, and some tests spoil what is sent
        options = ExecutionOptions(batched=frozenset(self.subgraphs) if batched else frozenset())
        given = coerce_variables(operation.variables, variables, self.api)
        result = await execute(execution, given, self.subgraphs, CallContext(), options)
        failures = [failure for each in self.subgraphs.values() for failure in each.take_failures()]
        errors = [*result.errors, *({"message": text} for text in failures)]
        return plain_data(result.data), errors

    def requests(self) -> int:
        """Count what the subgraphs were asked so far."""
        return sum(each.requests for each in self.subgraphs.values())

    def truth(self, text: str, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """Execute as if one server had everything."""

        def resolve(thing: Thing | None, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            at = thing or Thing(info.parent_type.name, -1)
            return self.objects.value(at, info.field_name, arguments)

        result = execute_sync(
            self.api, parse(text), variable_values=dict(variables), field_resolver=resolve,
            type_resolver=lambda thing, *_: thing.type_name,
        )  # fmt: skip
        return result.data


class _Subgraph:
    """Answers as one subgraph would that knows only its SDL."""

    def __init__(self, name: str, sdl: str, world: GraphWorld) -> None:
        self._name = name
        self._world = world
        self._schema = _executable(sdl, world.supergraph, name)
        self._failures: list[str] = []
        self.requests = 0

    def take_failures(self) -> list[str]:
        """Give what was refused since the last time."""
        found, self._failures = self._failures, []
        return found

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch by really executing its document."""
        self.requests += 1
        document = parse(request.document.decode())
        errors = validate(self._schema, document)
        if errors:
            return self._refuse(request, [error.message for error in errors])
        variables = dict(request.variables)
        if request.representations is not None:
            variables["representations"] = list(request.representations)
        result = execute_sync(
            self._schema, document, variable_values=variables, field_resolver=self._resolve,
            type_resolver=self._type_of,
        )  # fmt: skip
        return self._respond(request, result)

    def subscribe(self, request: SubgraphRequest) -> Any:
        """Refuse: nothing subscribes here."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Hold nothing."""

    def _respond(self, request: SubgraphRequest, result: ExecutionResult) -> SubgraphResponse:
        if result.errors:
            return self._refuse(request, [error.message for error in result.errors])
        data = result.data
        if data is not None and request.representations is not None:
            return SubgraphResponse(data=data["_entities"])
        return SubgraphResponse(data=data)

    def _refuse(self, request: SubgraphRequest, messages: Sequence[str]) -> SubgraphResponse:
        self._failures.extend(
            f"{self._name}: {message} in {request.document.decode()} {request.representations}"
            for message in messages
        )
        return SubgraphResponse(data=None, errors=(SubgraphError(messages[0], "REFUSED"),))

    def _resolve(self, thing: Thing | None, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        graph = self._world.graph
        if info.field_name == "_entities":
            return [self._entity(each) for each in arguments["representations"]]
        at = thing or Thing(
            info.parent_type.name, -1, graph.node(info.parent_type.name, self._name)
        )
        assert at.node is not None
        edge = graph.field(at.node, info.field_name)
        if edge is None:
            raise ValueError(f'"{at.node}" may not be asked "{info.field_name}"')
        if edge.requires is not None and not self._world.objects.matches(
            at, edge.requires, at.inputs
        ):
            raise ValueError(f'"{at.node}.{info.field_name}" lacks its inputs: {at.inputs}')
        for each in edge.contexts:  # what a context gives changes no imagined value
            arguments.pop(each.argument)
        value = self._world.objects.value(at, info.field_name, arguments)
        return self._place(value, None if edge.target is None else graph.nodes[edge.target])

    def _place(self, value: Any, node: Node | None) -> Any:
        if isinstance(value, list):
            return [self._place(item, node) for item in value]
        if not isinstance(value, Thing) or node is None:
            return value
        if node.is_abstract:
            node = self._world.graph.downcast(node, value.type_name)
        return Thing(value.type_name, value.number, node)

    def _entity(self, representation: Mapping[str, Any]) -> Thing:
        graph, supergraph = self._world.graph, self._world.supergraph
        asked = representation["__typename"]
        for edge in graph.keys.get(asked, ()):
            if edge.subgraph != self._name:
                continue
            for type_name in supergraph.possible_types(asked):
                for number in range(NUMBERS):
                    node = graph.nodes[edge.target]
                    found = Thing(type_name, number, node, representation)
                    if self._world.objects.matches(found, edge.key, representation):
                        placed = self._place(found, node)
                        return Thing(type_name, number, placed.node, representation)
        raise ValueError(f"no entity is {representation}")

    def _type_of(self, thing: Thing, *_: Any) -> str:
        assert thing.node is not None
        if thing.node.kind is NodeKind.INTERFACE_OBJECT:
            return thing.node.type_name
        return thing.type_name


def _executable(sdl: str, supergraph: Supergraph, name: str) -> GraphQLSchema:
    entities = [
        type_name
        for type_name, definition in supergraph.types.items()
        if isinstance(definition, ObjectType)
        and any(join.graph == name and join.keys for join in definition.joins)
        and _is_object_in(sdl, type_name)
    ]
    federation = "scalar _Any\n"
    if entities:
        federation += f"union _Entity = {' | '.join(entities)}\n"
        federation += "extend type Query { _entities(representations: [_Any!]!): [_Entity]! }\n"
    if "type Query" not in sdl:
        federation += "type Query { _service: String }\n"
    for type_name in entities:
        flat = " " + sdl.replace("\n", " ").replace("extend type", "extend")
        if f" type {type_name} " not in flat:
            sdl = sdl.replace(f"extend type {type_name} ", f"type {type_name} ", 1)
    return build_schema(sdl + "\n" + federation, assume_valid_sdl=True)


def _is_object_in(sdl: str, type_name: str) -> bool:
    return any(f"type {type_name}{end}" in sdl for end in (" ", "\n", "{"))


def _all_fields(selections: SelectionSet) -> Iterator[Field]:
    for selection in selections:
        if isinstance(selection, Field):
            yield selection
        if selection.selections is not None:
            yield from _all_fields(selection.selections)


def _leaf(type_name: str, seed: str) -> Any:
    number = _hash(seed)
    if type_name == "Int":
        return number % 1_000_000
    if type_name == "Float":
        return number % 1000 + 0.5
    if type_name == "Boolean":
        return bool(number % 2)
    return seed


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())
