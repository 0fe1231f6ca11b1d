"""Give fields that may not share a response name in one document names of their own.

In: a fetch graph. Out: the same graph, each fetch a valid document: where two types' fields of one
response name differ in list, non-null or leaf type (GraphQL forbids that even for types that
exclude each other; the client's own operation is valid for the supergraph's types, a subgraph's
may be stricter), later ones get an internal alias, and an output rewrite that undoes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.plan.nodes import FetchPath, KeyRenamer, TypeCondition
from gateway.planner.fetch_graph import FetchGraph, FetchGroup
from gateway.planner.selection_tree import Branch, SelectionTree
from gateway.planner.shapes import shape_of
from gateway.planner.slot import ALIAS_PREFIX
from schema.selection import Field

__all__ = ["separate_conflicts"]


@dataclass(frozen=True, slots=True)
class _Place:
    """Selections that meet in one answer object, and the path to it in the fetch's data."""

    path: FetchPath
    tree: SelectionTree


@dataclass(frozen=True, slots=True)
class _Found:
    """A field where it stands."""

    path: FetchPath
    branch: Branch


def separate_conflicts(graph: FetchGraph) -> bool:
    """Alias what conflicts in each group; never asks for another pass."""
    for group in graph.groups.values():
        if group.root is not None:
            _separate(group, [_Place((), group.root)])
        else:
            trees = group.entities.values()
            places = [_Place((TypeCondition(tree.object_types),), tree) for tree in trees]
            _separate(group, places)
    return False


def _separate(group: FetchGroup, places: list[_Place]) -> None:
    by_name: dict[str, list[_Found]] = {}
    for place in places:
        for found in _fields(place, frozenset()):
            assert found.branch.field is not None
            by_name.setdefault(found.branch.field.response_name, []).append(found)
    for name, fields in by_name.items():
        for number, alike in enumerate(_by_shape(fields)):
            new_name = name if number == 0 else _free_name(name, number, by_name)
            if number:
                _rename(group, alike, name, new_name)
            below = [
                _Place((*found.path, new_name), found.branch.below)
                for found in alike
                if found.branch.below is not None
            ]
            if below:
                _separate(group, below)


def _by_shape(fields: list[_Found]) -> list[list[_Found]]:
    shapes: dict[str, list[_Found]] = {}
    for found in fields:
        shapes.setdefault(shape_of(found.branch), []).append(found)
    return list(shapes.values())


def _rename(group: FetchGroup, fields: list[_Found], name: str, new_name: str) -> None:
    for found in fields:
        assert found.branch.field is not None
        found.branch.field = replace(found.branch.field, alias=new_name)
        rewrite = KeyRenamer((*found.path, new_name), name)
        if rewrite not in group.output_rewrites:
            # Deepest first: a rewrite's path names its parents as the subgraph answers them.
            group.output_rewrites.insert(0, rewrite)


def _free_name(name: str, number: int, taken: dict[str, list[_Found]]) -> str:
    candidate = f"{ALIAS_PREFIX}{name}_{number}"
    while candidate in taken:
        number += 1
        candidate = f"{ALIAS_PREFIX}{name}_{number}"
    return candidate


def _fields(place: _Place, selected: frozenset[Field]) -> Iterator[_Found]:
    """Iterate over the fields of a tree and its fragments, without those the parent has."""
    here: list[Field] = []
    for branch in place.tree.branches.values():
        if branch.field is not None and branch.field not in selected:
            yield _Found(place.path, branch)
            if branch.below is None:
                here.append(branch.field)
    for branch in place.tree.branches.values():
        if branch.field is None and branch.below is not None:
            condition = TypeCondition(branch.below.object_types)
            inner = _Place((*place.path, condition), branch.below)
            yield from _fields(inner, selected.union(here))
