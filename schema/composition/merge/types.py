"""Merging the types of one element in several subgraphs.

In: the types as each subgraph writes them. Out: for output positions the supertype of all
(nullable beats non-null, an interface or union beats its member), for input positions the subtype
(non-null beats nullable); None where one is not to be had. No upper bound is made up: one of the
subgraphs must have written the type that fits all, as in ``[A!]`` and ``[A]!``, which do not merge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schema.type_ref import TypeRef

__all__ = ["is_subtype", "merge_input_types", "merge_output_types"]

NamedSubtype = Callable[[str, str], bool]


def is_subtype(sub: TypeRef, of: TypeRef, is_named_subtype: NamedSubtype) -> bool:
    """Tell whether every value of type ``sub`` is one of type ``of``."""
    if of.non_null and not sub.non_null:
        return False
    if sub.of is None or of.of is None:
        return sub.is_list == of.is_list and is_named_subtype(sub.named, of.named)
    return is_subtype(sub.of, of.of, is_named_subtype)


def merge_output_types(types: Sequence[TypeRef], is_named_subtype: NamedSubtype) -> TypeRef | None:
    """Give the type among ``types`` that all others are subtypes of."""
    for candidate in types:
        if all(is_subtype(other, candidate, is_named_subtype) for other in types):
            return candidate
    return None


def merge_input_types(types: Sequence[TypeRef]) -> TypeRef | None:
    """Give the type among ``types`` that is a subtype of all others."""
    for candidate in types:
        if all(is_subtype(candidate, other, _is_same) for other in types):
            return candidate
    return None


def _is_same(name: str, of: str) -> bool:
    return name == of
