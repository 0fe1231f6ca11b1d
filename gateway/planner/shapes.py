"""Can these selections stand side by side in one document?

In: selection trees on different types of one subgraph. Out: whether equal response names have
equal types, as GraphQL demands even of fields on types that exclude each other
(https://spec.graphql.org/September2025/#SameResponseShape()).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.planner.selection_tree import Branch, SelectionTree
from schema.type_ref import TypeRef

__all__ = ["have_same_shapes", "shape_of"]


def have_same_shapes(trees: Sequence[SelectionTree]) -> bool:
    """Tell whether no response name has two shapes in the selections of ``trees`` together."""
    by_name: dict[str, list[Branch]] = {}
    for branch in _fields(trees):
        assert branch.field is not None
        by_name.setdefault(branch.field.response_name, []).append(branch)
    for branches in by_name.values():
        if len({shape_of(branch) for branch in branches}) > 1:
            return False
        below = [branch.below for branch in branches if branch.below is not None]
        if len(below) > 1 and not have_same_shapes(below):
            return False
    return True


def shape_of(branch: Branch) -> str:
    """Give what two fields of one response name must share: lists, non-null, leaf type."""
    assert branch.type is not None
    return _shape(branch.type, is_leaf=branch.below is None)


def _shape(type_ref: TypeRef, *, is_leaf: bool) -> str:
    mark = "!" if type_ref.non_null else ""
    if type_ref.of is not None:
        return f"[{_shape(type_ref.of, is_leaf=is_leaf)}]{mark}"
    return (type_ref.named if is_leaf else "object") + mark


def _fields(trees: Iterable[SelectionTree]) -> Iterable[Branch]:
    for tree in trees:
        for branch in tree.branches.values():
            if branch.field is not None:
                yield branch
            elif branch.below is not None:
                yield from _fields((branch.below,))
