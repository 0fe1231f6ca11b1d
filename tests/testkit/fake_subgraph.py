"""A fake subgraph: answers the contract's requests over rows in memory, by its own SDL.

In: SDL (what it knows), rows of its entities, values of its root fields. Out: a
``SubgraphExecutor`` that refuses every field, type and argument that its SDL does not have, as a
real server would, and keeps the requests it was sent. ``ScriptedSubgraph`` answers by a function
instead, for failures.

A row's value may be a plain value, a nested row, ``Ref`` to a row of an entity, or a function of
the row (with the representation's @requires inputs in it) and the field's arguments.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
)

from adapters.contract import Representation, SubgraphError, SubgraphRequest, SubgraphResponse
from schema.selection import Field, SelectionSet, evaluate

__all__ = ["FakeSubgraph", "Ref", "Script", "ScriptedSubgraph", "failing", "hanging"]

Row: TypeAlias = dict[str, Any]
Resolver: TypeAlias = Callable[[Row, Mapping[str, Any]], Any]
Script: TypeAlias = Callable[[SubgraphRequest], "SubgraphResponse | Awaitable[SubgraphResponse]"]


class Ref(NamedTuple):
    """Points to the row of ``type_name`` whose ``field`` has ``value``."""

    type_name: str
    value: Any
    field: str = "id"


class Refused(Exception):
    """The request does not fit the SDL."""


class FakeSubgraph:
    """Executes selections over rows. ``requests`` keeps all that was asked."""

    def __init__(
        self,
        sdl: str,
        *,
        rows: Mapping[str, Sequence[Row]] | None = None,
        roots: Mapping[str, Any] | None = None,
        root_types: Mapping[str, str] | None = None,
    ) -> None:
        """``root_types`` renames roots: ``{"Query": "MyQuery"}``."""
        self.requests: list[SubgraphRequest] = []
        self._rows = rows or {}
        self._roots = roots or {}
        self._root_types = root_types or {}
        self._fields: dict[str, dict[str, tuple[str, frozenset[str]]]] = {}
        self._members: dict[str, set[str]] = {}
        self._read(sdl)

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch."""
        self.requests.append(request)
        try:
            if request.representations is None:
                return SubgraphResponse(self._root(request))
            return SubgraphResponse([self._entity(r, request) for r in request.representations])
        except Refused as refused:
            error = SubgraphError(str(refused), "GRAPHQL_VALIDATION_FAILED")
            return SubgraphResponse(None, errors=(error,))

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield the root fields' values once."""
        yield await self.execute(request)

    async def aclose(self) -> None:
        """Hold nothing open."""

    def _read(self, sdl: str) -> None:
        for node in parse(sdl).definitions:
            if isinstance(node, UnionTypeDefinitionNode):
                self._members[node.name.value] = {each.name.value for each in node.types or ()}
            elif isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
                self._fields[node.name.value] = {
                    field.name.value: (
                        _named(field.type),
                        frozenset(each.name.value for each in field.arguments or ()),
                    )
                    for field in node.fields or ()
                }
                for interface in node.interfaces or ():
                    self._members.setdefault(interface.name.value, set()).add(node.name.value)
                if isinstance(node, InterfaceTypeDefinitionNode):
                    self._members.setdefault(node.name.value, set())

    def _root(self, request: SubgraphRequest) -> Row:
        name = self._root_types.get(request.selection.type_name, request.selection.type_name)
        selection = SelectionSet(name, request.selection.selections)
        return self._object(dict(self._roots), selection, name, request)

    def _entity(self, representation: Representation, request: SubgraphRequest) -> Row | None:
        row = self._find(representation)
        if row is None:
            return None
        merged = {**representation, **row, "__typename": representation["__typename"]}
        runtime = str(row.get("__typename", representation["__typename"]))
        return self._object(merged, request.selection, runtime, request)

    def _find(self, representation: Representation) -> Row | None:
        for row in self._rows.get(representation["__typename"], ()):
            shared = [k for k in representation if k in row and not callable(row[k])]
            shared = [name for name in shared if name != "__typename"]
            if shared and all(_agrees(representation[name], row[name]) for name in shared):
                return row
        return None

    def _object(
        self, row: Row, selection: SelectionSet, runtime: str, request: SubgraphRequest
    ) -> Row:
        answer: Row = {}
        self._collect(row, selection, runtime, request, answer)
        return answer

    def _collect(
        self,
        row: Row,
        selections: SelectionSet,
        runtime: str,
        request: SubgraphRequest,
        answer: Row,
    ) -> None:
        for selection in selections:
            if not all(
                bool(request.variables[c.variable]) is c.expected for c in selection.conditions
            ):
                continue
            if isinstance(selection, Field):
                value = self._field(row, selection, selections.type_name, runtime, request)
                name = selection.response_name
                answer[name] = _united(answer.get(name), value)
            elif self._is_possible(runtime, selection.type_condition):
                self._collect(row, selection.selections, runtime, request, answer)

    def _field(
        self, row: Row, field: Field, parent: str, runtime: str, request: SubgraphRequest
    ) -> Any:
        if field.name == "__typename":
            return runtime
        parent = self._root_types.get(parent, parent)
        owner = self._fields.get(parent) if parent not in ("_Entity", "") else None
        if owner is None or field.name not in owner:
            raise Refused(f'Cannot query field "{field.name}" on type "{parent}".')
        declared, known_arguments = owner[field.name]
        arguments = {a.name: evaluate(a.value, request.variables) for a in field.arguments}
        unknown = sorted(set(arguments) - known_arguments)
        if unknown:
            raise Refused(f'Unknown argument "{unknown[0]}" on field "{parent}.{field.name}".')
        value = row.get(field.name)
        if callable(value):
            value = value(row, arguments)
        return self._value(value, field, declared, request)

    def _value(self, value: Any, field: Field, declared: str, request: SubgraphRequest) -> Any:
        if isinstance(value, list):
            return [self._value(item, field, declared, request) for item in value]
        if isinstance(value, Ref):
            value = self._referred(value)
        if field.selections is None or value is None:
            return value
        runtime = value.get("__typename", declared)
        return self._object(value, field.selections, runtime, request)

    def _referred(self, ref: Ref) -> Row:
        return next(r for r in self._rows[ref.type_name] if r.get(ref.field) == ref.value) | {
            "__typename": ref.type_name
        }

    def _is_possible(self, runtime: str, condition: str) -> bool:
        condition = self._root_types.get(condition, condition)
        if condition not in self._fields and condition not in self._members:
            raise Refused(f'Unknown type "{condition}".')
        return runtime == condition or runtime in self._members.get(condition, ())


class ScriptedSubgraph:
    """Answers what its function says. ``requests`` keeps all that was asked."""

    def __init__(self, script: Script) -> None:
        self.requests: list[SubgraphRequest] = []
        self._script = script

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Ask the function, and wait for what it gives if that is not there yet."""
        self.requests.append(request)
        answer = self._script(request)
        return answer if isinstance(answer, SubgraphResponse) else await answer

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield one answer."""
        yield await self.execute(request)

    async def aclose(self) -> None:
        """Hold nothing open."""


def failing(code: str, message: str = "upstream text") -> ScriptedSubgraph:
    """Make a subgraph whose every fetch fails with ``code``."""
    return ScriptedSubgraph(
        lambda _: SubgraphResponse(None, errors=(SubgraphError(message, code),))
    )


def hanging() -> ScriptedSubgraph:
    """Make a subgraph that never answers."""

    async def wait() -> SubgraphResponse:
        await asyncio.get_running_loop().create_future()
        raise AssertionError("nobody completes this future")

    return ScriptedSubgraph(lambda _: wait())


def _named(node: TypeNode) -> str:
    """Give the innermost type's name."""
    inner: Any = node
    while hasattr(inner, "type"):
        inner = inner.type
    return str(inner.name.value)


def _agrees(given: Any, kept: Any) -> bool:
    """Tell whether a representation's value is the row's, as far as it goes."""
    if isinstance(kept, Ref):
        return isinstance(given, dict) and given.get(kept.field) == kept.value
    if isinstance(kept, dict):
        return isinstance(given, dict) and all(_agrees(v, kept.get(k)) for k, v in given.items())
    if isinstance(kept, list):
        return (
            isinstance(given, list)
            and len(given) == len(kept)
            and all(_agrees(g, k) for g, k in zip(given, kept, strict=True))
        )
    return bool(given == kept)


def _united(before: Any, value: Any) -> Any:
    """Unite two answers to one response name, as selections of equal names merge."""
    if isinstance(before, dict) and isinstance(value, dict):
        return before | {name: _united(before.get(name), item) for name, item in value.items()}
    if isinstance(before, list) and isinstance(value, list):
        return [_united(b, v) for b, v in zip(before, value, strict=True)]
    return value
