"""CONTEXT_INVALID_SELECTION: a @fromContext selects one value that fits its argument.

From every type that sets the context, one leaf is selected, of a type that the argument takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schema.field_set import FieldSetError, parse_field_set
from schema.selection import Field, SelectionSet
from schema.subgraph.contexts import ContextUse, context_settings, context_uses
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind
from schema.type_ref import TypeRef

__all__ = ["check_context_invalid_selection"]


def check_context_invalid_selection(subgraph: Subgraph, findings: Findings) -> None:
    """Report every selection that is wrong for a type that sets its context."""
    settings = context_settings(subgraph)
    for use in context_uses(subgraph):
        for type_name in settings.get(use.context or "", ()):
            problem = _problem(subgraph, use, type_name)
            if problem is not None:
                findings.report(
                    "CONTEXT_INVALID_SELECTION",
                    f'"{use.coordinate}" selects from the context "{use.context}" of '
                    f'"{type_name}": {problem}',
                    use.coordinate,
                )


def _problem(subgraph: Subgraph, use: ContextUse, type_name: str) -> str | None:
    try:
        selections = parse_field_set(use.selection, type_name, subgraph.field_type)
    except FieldSetError as error:
        return str(error)
    if len(selections.fields) > 1:
        return "more than one field is selected; select one."
    if not _can_apply(subgraph, selections):
        return f'no fragment on an object type applies to "{type_name}"; add one.'
    for selected in _selected_types(subgraph, selections):
        if not _fits(selected, use.argument.type):
            return f'the value is "{selected}" and not "{use.argument.type}".'
    return None


def _can_apply(subgraph: Subgraph, selections: SelectionSet) -> bool:
    """Tell whether anything is selected of objects of the type: fragments may all pass it by."""
    possible = set(subgraph.possible_types(selections.type_name))
    return any(
        isinstance(selection, Field)
        or (
            subgraph.kind_of(selection.type_condition) is TypeKind.OBJECT
            and selection.type_condition in possible
        )
        for selection in selections
    )


def _selected_types(subgraph: Subgraph, selections: SelectionSet) -> Iterator[TypeRef]:
    for selection in selections:
        if not isinstance(selection, Field):
            yield from _selected_types(subgraph, selection.selections)
            continue
        field = subgraph.find_field(selections.type_name, selection.name)
        if field is None:
            continue
        if selection.selections is None:
            yield replace(field.type, non_null=False)  # the object with the context may be null
        else:
            yield from _selected_types(subgraph, selection.selections)


def _fits(given: TypeRef, wanted: TypeRef) -> bool:
    if wanted.non_null and not given.non_null:
        return False
    if given.of is None or wanted.of is None:
        return given.is_list == wanted.is_list and given.named == wanted.named
    return _fits(given.of, wanted.of)
