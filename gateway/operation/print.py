"""A normalized operation as text and as JSON, for ``simpul normalize`` and for tests.

In: an ``Operation``. Out: GraphQL text that any server reads, and a JSON object with the same
content and the types that normalization resolved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.operation.model import Operation, VariableDefinition
from schema.selection import (
    Argument,
    Condition,
    Field,
    Fragment,
    Selection,
    SelectionSet,
    print_condition,
    print_selection_set,
    print_value,
    split_conditions,
)

__all__ = ["operation_to_json", "print_operation"]


def print_operation(operation: Operation) -> str:
    """Print as indented GraphQL text."""
    variables = ", ".join(_print_variable(variable) for variable in operation.variables)
    head = f"{operation.kind.value} {operation.name or ''}".rstrip()
    head += f"({variables})" if variables else ""
    return f"{head} {{\n{_print_block(operation.selection_set, '  ')}}}\n"


def operation_to_json(operation: Operation) -> dict[str, Any]:
    """Give a JSON object: kind, name, variables, selections with their types."""
    return {
        "kind": operation.kind.value,
        "name": operation.name,
        "variables": [
            {
                "name": variable.name,
                "type": str(variable.type),
                "default": None if variable.default is None else print_value(variable.default),
            }
            for variable in operation.variables
        ],
        "selectionSet": _selection_set_to_json(operation.selection_set),
    }


def _print_variable(variable: VariableDefinition) -> str:
    default = "" if variable.default is None else f" = {print_value(variable.default)}"
    return f"${variable.name}: {variable.type}{default}"


def _print_block(selection_set: SelectionSet, indent: str) -> str:
    return "".join(_print_selection(selection, indent) for selection in selection_set)


def _print_selection(selection: Selection, indent: str) -> str:
    own, outer = split_conditions(selection.conditions)
    if outer:  # each further condition stands on a fragment around the selection
        rest = replace(selection, conditions=(*own, *outer[1:]))
        inner = _print_selection(rest, f"{indent}  ")
        return f"{indent}...{print_condition(outer[0])} {{\n{inner}{indent}}}\n"
    head = _print_head(selection)
    if selection.selections is None:
        return f"{indent}{head}\n"
    inner = _print_block(selection.selections, f"{indent}  ")
    return f"{indent}{head} {{\n{inner}{indent}}}\n"


def _print_head(selection: Selection) -> str:
    # The one-line form without what is selected below is the selection's own head.
    if isinstance(selection, Fragment):
        bare: Selection = replace(selection, selections=SelectionSet(selection.type_condition))
    else:
        bare = replace(selection, selections=None)
    return print_selection_set(SelectionSet("", (bare,)))[2:-2].removesuffix(" {  }")


def _selection_set_to_json(selection_set: SelectionSet) -> dict[str, Any]:
    return {
        "type": selection_set.type_name,
        "selections": [_selection_to_json(selection) for selection in selection_set],
    }


def _selection_to_json(selection: Selection) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if isinstance(selection, Field):
        entry = {"field": selection.name, "responseName": selection.response_name}
        if selection.arguments:
            entry["arguments"] = _arguments_to_json(selection.arguments)
    if selection.conditions:
        entry["conditions"] = [_condition_to_json(condition) for condition in selection.conditions]
    if selection.directives:
        entry["directives"] = [
            {"name": directive.name, "arguments": _arguments_to_json(directive.arguments)}
            for directive in selection.directives
        ]
    if selection.selections is not None:
        entry["selectionSet"] = _selection_set_to_json(selection.selections)
    return entry


def _arguments_to_json(arguments: tuple[Argument, ...]) -> dict[str, str]:
    return {argument.name: print_value(argument.value) for argument in arguments}


def _condition_to_json(condition: Condition) -> dict[str, Any]:
    return {"variable": condition.variable, "expected": condition.expected}
