"""Which input types may hold a personal value, at any depth.

In: a supergraph and the inputs that are personal themselves (types, and input fields by
coordinate). Out: the names of the types, those that are personal among them. Computed once for a
schema; what a client cannot give, because it is inaccessible, holds nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from schema.coordinates import coordinate
from schema.supergraph.model import InputObjectType, Supergraph

__all__ = ["find_holders"]


def find_holders(supergraph: Supergraph, personal_inputs: Collection[str]) -> frozenset[str]:
    """Name every input type a value of which is, or may hold, a personal one."""
    inputs = [each for each in supergraph.types.values() if isinstance(each, InputObjectType)]
    holders = {name for name in personal_inputs if name in supergraph.types}
    size = -1
    while size != len(holders):  # until no type holds another that was found last
        size = len(holders)
        holders.update(each.name for each in inputs if _holds(each, personal_inputs, holders))
    return frozenset(holders)


def _holds(
    definition: InputObjectType, personal_inputs: Collection[str], holders: Collection[str]
) -> bool:
    return any(
        each.type.named in holders or coordinate(definition.name, each.name) in personal_inputs
        for each in definition.fields.values()
        if not each.applied.inaccessible
    )
