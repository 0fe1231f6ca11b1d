"""A subgraph that refuses what it may not be asked, over the same objects as the monolith.

In: requests of the contract. Out: what graphql-core answers to the request's document, validated
against the subgraph's own schema. Refused, and kept in ``refusals``: @external fields outside of
@provides, fields taken by @override, non-resolvable or incomplete keys, @requires inputs that are
missing or not the true ones.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from adapters.contract import Representation, SubgraphError, SubgraphRequest, SubgraphResponse
from tests.oracle.blueprint import Declared
from tests.oracle.objects import Missing, Objects, Thing
from tests.oracle.sdl import print_executable

__all__ = ["StrictSubgraph"]


class _Refused(Exception):
    """The subgraph may not be asked this."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """An object, with what its path provides and what its representation brought."""

    thing: Thing
    provided: tuple[SelectionSetNode, ...] = ()
    given: Mapping[str, Any] | None = None


class StrictSubgraph:
    """Answers for one subgraph of a world."""

    def __init__(self, name: str, objects: Objects, mutations: list[str]) -> None:
        self._name = name
        self._objects = objects
        self._world = objects.world
        self._declarations = objects.world.subgraphs[name]
        self._schema = build_schema(print_executable(self._world, name), assume_valid_sdl=True)
        self._mutations = mutations
        self.requests: list[SubgraphRequest] = []
        self.refusals: list[str] = []
        self.failing: frozenset[int] = frozenset()  # the requests that get no answer, by number
        self._labels: frozenset[str] = frozenset()
        self.lies = False  # then every leaf is null: shows that the comparison sees it

    def start_over(
        self, failing: frozenset[int] = frozenset(), labels: frozenset[str] = frozenset()
    ) -> None:
        """Forget what was asked so far; ``labels`` of progressive overrides are on from now."""
        self.requests, self.refusals, self.failing = [], [], failing
        self._labels = labels

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch."""
        self.requests.append(request)
        if len(self.requests) - 1 in self.failing:
            return SubgraphResponse(None, errors=(SubgraphError("down", "SUBGRAPH_DOWN"),))
        document = parse(request.document.decode())
        errors = validate(self._schema, document)
        if errors:
            return self._refuse(request, errors)
        variables = dict(request.variables)
        if request.representations is not None:
            variables["representations"] = list(request.representations)
        result = execute_sync(
            self._schema,
            document,
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=self._type_of,
        )
        return self._respond(request, result)

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield one answer."""
        yield await self.execute(request)

    async def aclose(self) -> None:
        """Hold nothing open."""

    # --- answering -----------------------------------------------------------------------------

    def _refuse(self, request: SubgraphRequest, errors: list[GraphQLError]) -> SubgraphResponse:
        self._note(request, errors)
        return SubgraphResponse(None, errors=(SubgraphError(errors[0].message, "REFUSED"),))

    def _note(self, request: SubgraphRequest, errors: list[GraphQLError]) -> None:
        sent = "" if request.representations is None else f" with {request.representations}"
        self.refusals.extend(
            f"{self._name}: {error.message} in {request.document.decode()}{sent}"
            for error in errors
        )

    def _respond(self, request: SubgraphRequest, result: ExecutionResult) -> SubgraphResponse:
        errors = result.errors or []
        self._note(request, [each for each in errors if not self._is_true_failure(each)])
        data: Any = result.data
        if request.representations is not None and data is not None:
            data = data["_entities"]
        kept = tuple(
            SubgraphError(each.message, "INTERNAL_SERVER_ERROR", tuple(each.path or ()))
            for each in errors
        )
        return SubgraphResponse(data, errors=kept)

    def _is_true_failure(self, error: GraphQLError) -> bool:
        return error.message.startswith("Cannot return null for non-nullable field")

    def _resolve(self, seen: _Seen | None, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if info.field_name == "_entities":
            return [self._enter(each) for each in given["representations"]]
        type_name = info.parent_type.name
        if type_name == self._world.root_names.get(self._name):
            type_name = "Query"
        declared = self._declarations[type_name].fields[info.field_name]
        seen = seen or _Seen(Thing(type_name, 0))
        below = self._provided_below(seen, declared)
        self._check(type_name, declared, seen, is_provided=below is not None)
        if type_name == "Mutation":
            self._mutations.append(f"{info.field_name} {sorted(given.items())}")
        provided = below or ()
        if declared.provides is not None:
            provided = (*provided, self._objects.field_set(declared.provides))
        value = self._objects.value(seen.thing, declared.name, given)
        return _placed(None if self.lies else value, provided)

    def _type_of(self, seen: _Seen, *_: Any) -> str:
        if seen.given is not None:
            asked = self._declarations[seen.given["__typename"]]
            if asked.kind == "interfaceObject":
                return asked.name
        return seen.thing.type_name

    # --- refusing ------------------------------------------------------------------------------

    def _check(self, type_name: str, declared: Declared, seen: _Seen, *, is_provided: bool) -> None:
        where = f'"{type_name}.{declared.name}"'
        if declared.is_taken and (declared.label is None or declared.label in self._labels):
            raise _Refused(f"{where} is overridden")
        if declared.override is not None and declared.label not in (None, *self._labels):
            raise _Refused(f"{where} is not taken over yet")
        if is_provided:
            return
        if declared.is_external:
            raise _Refused(f"{where} is external")
        if declared.requires is not None:
            self._check_inputs(where, declared.requires, seen)

    def _check_inputs(self, where: str, requires: str, seen: _Seen) -> None:
        if seen.given is None:
            raise _Refused(f"{where} is asked without a representation")
        selections = self._objects.field_set(requires)
        true = self._objects.read_true(seen.thing, selections)
        try:
            given = self._objects.read_given(seen.given, selections)
        except Missing as missing:
            raise _Refused(f'{where} lacks its input "{missing}"') from None
        if given != true:
            raise _Refused(f"{where} is sent {given} where {true} is true")

    def _enter(self, representation: Representation) -> _Seen:
        declaration = self._declarations.get(representation.get("__typename", ""))
        if declaration is None or not declaration.keys:
            raise _Refused(f"no entity type in {representation}")
        for key in declaration.keys:
            try:
                thing = self._objects.find(declaration.name, key.fields, representation)
            except Missing:
                continue
            if not key.is_resolvable:
                raise _Refused(f'key "{key.fields}" is not resolvable')
            if thing is None:
                raise _Refused(f"no entity is {representation}")
            return _Seen(thing, (), representation)
        raise _Refused(f"no key in {representation}")

    # --- @provides -----------------------------------------------------------------------------

    def _provided_below(
        self, seen: _Seen, declared: Declared
    ) -> tuple[SelectionSetNode, ...] | None:
        """Give what the path provides below a field; None if it does not provide the field."""
        found = list(self._provided_fields(seen.thing.type_name, seen.provided, declared.name))
        if not found:
            return None
        return tuple(each.selection_set for each in found if each.selection_set is not None)

    def _provided_fields(
        self, type_name: str, provided: tuple[SelectionSetNode, ...], name: str
    ) -> list[FieldNode]:
        found: list[FieldNode] = []
        for selections in provided:
            for selection in selections.selections:
                if isinstance(selection, FieldNode):
                    if selection.name.value == name:
                        found.append(selection)
                elif isinstance(selection, InlineFragmentNode):
                    assert selection.type_condition is not None
                    condition = selection.type_condition.name.value
                    if type_name in self._world.possible_types(condition):
                        below = (selection.selection_set,)
                        found.extend(self._provided_fields(type_name, below, name))
        return found


def _placed(value: Any, provided: tuple[SelectionSetNode, ...]) -> Any:
    if isinstance(value, list):
        return [_placed(item, provided) for item in value]
    return _Seen(value, provided) if isinstance(value, Thing) else value
