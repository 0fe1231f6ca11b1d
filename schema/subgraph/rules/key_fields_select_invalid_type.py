"""KEY_FIELDS_SELECT_INVALID_TYPE: no field of an interface or union type in a key.

Which fields such a value has depends on its type, so it cannot be sent to identify anything.
Lists are legal.
"""

from __future__ import annotations

from schema.field_set import FieldSetError
from schema.subgraph.field_sets import field_set_uses, read_field_set, walk
from schema.subgraph.findings import Findings
from schema.subgraph.model import Subgraph, TypeKind

__all__ = ["check_key_fields_select_invalid_type"]


def check_key_fields_select_invalid_type(subgraph: Subgraph, findings: Findings) -> None:
    """Report every key field of abstract type."""
    for use in field_set_uses(subgraph):
        if use.directive.name != "key":
            continue
        try:
            selections = read_field_set(subgraph, use)
        except FieldSetError:
            continue
        for parent, field in walk(selections):
            named = subgraph.field_type(parent, field.name)
            kind = None if named is None else subgraph.kind_of(named)
            if kind in (TypeKind.INTERFACE, TypeKind.UNION):
                findings.report(
                    "KEY_FIELDS_SELECT_INVALID_TYPE",
                    f'The @key on "{use.parent}" includes "{parent}.{field.name}", whose type '
                    f'"{named}" is {"an interface" if kind is TypeKind.INTERFACE else "a union"}; '
                    "choose a field of another type.",
                    use.parent,
                )
