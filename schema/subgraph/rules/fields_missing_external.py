"""PROVIDES_FIELDS_MISSING_EXTERNAL, REQUIRES_FIELDS_MISSING_EXTERNAL.

What a subgraph provides or requires is resolved elsewhere, so the field, or one above it in the
field set, must be @external; a field that the subgraph resolves itself need not be asked for.
"""

from __future__ import annotations

from schema.field_set import FieldSetError
from schema.selection import Field, SelectionSet
from schema.subgraph.field_sets import FieldSetUse, field_set_uses, read_field_set
from schema.subgraph.findings import Findings
from schema.subgraph.model import KEY_EXTERNAL, Subgraph

__all__ = ["check_fields_missing_external"]


def check_fields_missing_external(subgraph: Subgraph, findings: Findings) -> None:
    """Report every leaf of a @provides or @requires that is external nowhere above."""
    if subgraph.version is None:
        return  # Federation 1 did not ask for it, and what is resolved here is no input
    for use in field_set_uses(subgraph):
        if use.directive.name == "key":
            continue
        try:
            selections = read_field_set(subgraph, use)
        except FieldSetError:
            continue
        _check(subgraph, use, selections, False, findings)


def _check(
    subgraph: Subgraph,
    use: FieldSetUse,
    selections: SelectionSet,
    inside_external: bool,
    findings: Findings,
) -> None:
    for selection in selections:
        if isinstance(selection, Field):
            _check_field(subgraph, use, selections.type_name, selection, inside_external, findings)
        else:
            _check(subgraph, use, selection.selections, inside_external, findings)


def _check_field(
    subgraph: Subgraph,
    use: FieldSetUse,
    parent: str,
    field: Field,
    inside_external: bool,
    findings: Findings,
) -> None:
    external = inside_external or _is_external(subgraph, use, parent, field.name)
    if field.selections is not None:
        _check(subgraph, use, field.selections, external, findings)
    elif not external and field.name != "__typename":
        name = use.directive.name
        findings.report(
            f"{name.upper()}_FIELDS_MISSING_EXTERNAL",
            f'The @{name} on "{use.coordinate}" includes "{parent}.{field.name}", which this '
            "subgraph resolves itself; mark it @external, or leave it out.",
            use.coordinate,
        )


def _is_external(subgraph: Subgraph, use: FieldSetUse, parent: str, name: str) -> bool:
    """Tell whether the field is external on its type; a @requires may mean its implementations."""
    types = (
        (parent, *subgraph.possible_types(parent))
        if use.directive.name == "requires"
        else (parent,)
    )
    for type_name in types:
        field = subgraph.find_field(type_name, name)
        if field is not None and (field.is_external or field.notes.has(KEY_EXTERNAL)):
            return True
    return False
