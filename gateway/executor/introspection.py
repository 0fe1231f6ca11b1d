"""Answers ``__schema`` and ``__type`` from the API schema, beside whatever else is asked.

In: the operation. Out: the introspection fields' values by response name, already complete; one
part for the root, and one for each place where a field gives the query root again.
graphql-core executes a document that holds only these fields; nothing of it touches a subgraph.
An answer that depends on no variable is computed once per operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute_sync, parse

from gateway.operation.model import Operation, VariableDefinition
from gateway.plan.nodes import FetchPath
from schema.selection import (
    Field,
    Fragment,
    Selection,
    SelectionSet,
    print_selection_set,
    print_value,
    variables_of,
)

__all__ = ["IntrospectionPart", "find_introspection"]

_FIELDS = frozenset({"__schema", "__type"})


class IntrospectionPart:
    """The introspection fields at one place of an operation, ready to be answered."""

    def __init__(
        self,
        path: FetchPath,
        document: DocumentNode,
        schema: GraphQLSchema,
        variables: tuple[str, ...],
    ) -> None:
        self.path = path  # response names; lists are entered
        self._document = document
        self._schema = schema
        self._variables = variables
        self._constant: dict[str, Any] | None = None

    def answer(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Give the values by response name; excluded fields are absent."""
        if self._constant is not None:
            return self._constant
        used = {name: variables[name] for name in self._variables if name in variables}
        result = execute_sync(self._schema, self._document, variable_values=used)
        assert isinstance(result, ExecutionResult), "introspection awaits nothing"
        answer = dict(result.data or {})
        if not self._variables:
            self._constant = answer
        return answer


def find_introspection(
    operation: Operation, schema: GraphQLSchema
) -> tuple[IntrospectionPart, ...]:
    """Take the introspection fields out of ``operation``, each place of the query root apart."""
    root = schema.query_type
    if root is None:
        return ()
    found: dict[tuple[str, ...], list[Selection]] = {}
    _collect_roots(operation.selection_set, root.name, (), found)
    parts = []
    for path, selections in found.items():
        kept = _keep_introspection(SelectionSet(root.name, tuple(selections)))
        if kept:
            parts.append(_build_part(path, kept, operation, schema))
    return tuple(parts)


def _collect_roots(
    selections: SelectionSet,
    root: str,
    path: tuple[str, ...],
    found: dict[tuple[str, ...], list[Selection]],
) -> None:
    """Gather what is selected on the query root, by place; fragments are entered later."""
    if selections.type_name == root:
        found.setdefault(path, []).extend(selections)
    for selection in selections:
        if isinstance(selection, Field):
            if selection.selections is not None and selection.name not in _FIELDS:
                inner = (*path, selection.response_name)
                _collect_roots(selection.selections, root, inner, found)
        elif selections.type_name == root:
            _collect_fields(selection.selections, root, path, found)
        else:
            _collect_roots(selection.selections, root, path, found)


def _collect_fields(
    selections: SelectionSet,
    root: str,
    path: tuple[str, ...],
    found: dict[tuple[str, ...], list[Selection]],
) -> None:
    """Go below a fragment on the root, whose own fields are kept with it."""
    for selection in selections:
        if isinstance(selection, Fragment):
            _collect_fields(selection.selections, root, path, found)
        elif selection.selections is not None and selection.name not in _FIELDS:
            inner = (*path, selection.response_name)
            _collect_roots(selection.selections, root, inner, found)


def _build_part(
    path: tuple[str, ...], kept: SelectionSet, operation: Operation, schema: GraphQLSchema
) -> IntrospectionPart:
    used = variables_of(kept)
    definitions = [each for each in operation.variables if each.name in used]
    text = f"query {_print_definitions(definitions)}{print_selection_set(kept)}"
    return IntrospectionPart(path, parse(text, no_location=True), schema, used)


def _keep_introspection(selection_set: SelectionSet) -> SelectionSet:
    """Keep the introspection fields, inside fragments too."""
    kept: list[Selection] = []
    for selection in selection_set:
        if isinstance(selection, Fragment):
            inner = _keep_introspection(selection.selections)
            if inner:
                kept.append(Fragment(inner, selection.conditions, selection.directives))
        elif selection.name in _FIELDS:
            kept.append(selection)
    return SelectionSet(selection_set.type_name, tuple(kept))


def _print_definitions(definitions: list[VariableDefinition]) -> str:
    if not definitions:
        return ""
    return "(" + ", ".join(_print_definition(each) for each in definitions) + ") "


def _print_definition(definition: VariableDefinition) -> str:
    default = f" = {print_value(definition.default)}" if definition.default is not None else ""
    return f"${definition.name}: {definition.type}{default}"
