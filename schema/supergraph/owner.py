"""Join v0.1: fields belong to their type's owner unless they say otherwise.

In: the fields of one type as v0.1 says them. Out: the same fields with their presence written out
as later versions do. In v0.1 a field without ``@join__field`` on a type with ``@join__owner`` is
resolved by the owner; every other graph that has a key of the type has the key's fields too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from schema.supergraph.model import FieldDefinition, JoinField, JoinType

__all__ = ["expand_owner"]


def expand_owner(
    fields: Mapping[str, FieldDefinition], joins: Sequence[JoinType], owner: str | None
) -> dict[str, FieldDefinition]:
    """Write out each field's presence; without an owner (a value type, a root) nothing changes."""
    if owner is None:
        return dict(fields)
    return {
        name: replace(definition, joins=_presence(definition, joins, owner))
        for name, definition in fields.items()
    }


def _presence(
    definition: FieldDefinition, joins: Sequence[JoinType], owner: str
) -> tuple[JoinField, ...]:
    presence = definition.joins or (JoinField(owner),)
    said = {join.graph for join in presence}
    keyed = tuple(
        JoinField(join.graph)
        for join in joins
        if join.graph not in said and _is_key_field(definition.name, join)
    )
    return presence + keyed


def _is_key_field(name: str, join: JoinType) -> bool:
    return any(field.name == name for key in join.keys for field in key.fields.fields)
