"""Answers ``__schema`` and ``__type`` from the API schema, beside whatever else is asked.

In: the operation. Out: the introspection fields' values by response name, already complete.
graphql-core executes a document that holds only these fields; nothing of it touches a subgraph.
An answer that depends on no variable is computed once per operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute_sync, parse

from gateway.operation.model import Operation, VariableDefinition
from schema.selection import (
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
    """The introspection fields of one operation, ready to be answered."""

    def __init__(
        self, document: DocumentNode, schema: GraphQLSchema, variables: tuple[str, ...]
    ) -> None:
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


def find_introspection(operation: Operation, schema: GraphQLSchema) -> IntrospectionPart | None:
    """Take the introspection fields out of ``operation``; None where it asks for none."""
    selections = _keep_introspection(operation.selection_set)
    if not selections:
        return None
    used = variables_of(selections)
    definitions = [each for each in operation.variables if each.name in used]
    text = f"query {_print_definitions(definitions)}{print_selection_set(selections)}"
    return IntrospectionPart(parse(text, no_location=True), schema, used)


def _keep_introspection(selection_set: SelectionSet) -> SelectionSet:
    """Keep the introspection fields at the root, inside fragments too."""
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
