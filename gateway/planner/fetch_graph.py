"""The fetches of a plan and what each waits for: groups of selections, before they are ordered.

In: filled by ``assemble.py`` from a path tree, changed by the passes of ``optimize/``. Out: read by
``build_plan.py``. The one mutable form of a plan; it has one owner at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gateway.plan.nodes import ContextVariable, FetchPath, KeyRenamer, Rewrite
from gateway.plan.render import print_path
from gateway.planner.selection_tree import SelectionTree
from schema.selection import Condition, Selection

__all__ = ["FetchGraph", "FetchGroup", "Representation", "render_fetch_graph"]


@dataclass(slots=True, eq=False)
class Representation:
    """What one entity type brings into a fetch; an ordered set of selections."""

    type_name: str
    object_types: tuple[str, ...]
    is_abstract: bool
    key: dict[str, Selection] = field(default_factory=dict)  # by their text
    selections: dict[str, Selection] = field(default_factory=dict)  # the key and all other inputs
    names: dict[str, str] = field(default_factory=dict)  # name in the field set -> in the data
    as_type: str | None = None  # the name that stands in ``__typename``, if not the type's

    @property
    def has_inputs(self) -> bool:
        """Tell whether it brings more than a key."""
        return len(self.selections) > len(self.key)


@dataclass(slots=True, eq=False)
class FetchGroup:
    """One future fetch. ``paths`` is empty for a root fetch, unless a field gave the root."""

    id: int
    subgraph: str
    slot: int
    paths: list[FetchPath]
    root: SelectionTree | None  # of a root fetch
    # Those of ``paths`` that may lead to objects of other types than this group brings.
    mixed_paths: set[FetchPath] = field(default_factory=set)
    entities: dict[str, SelectionTree] = field(default_factory=dict)  # by type asked
    representations: dict[str, Representation] = field(default_factory=dict)  # by type brought
    contexts: dict[str, ContextVariable] = field(default_factory=dict)  # by variable
    renames: dict[KeyRenamer, None] = field(default_factory=dict)
    output_rewrites: list[Rewrite] = field(default_factory=list)
    parents: dict[int, None] = field(default_factory=dict)  # ids of the groups it waits for
    purposes: set[frozenset[Condition]] = field(default_factory=set)

    @property
    def condition(self) -> frozenset[Condition]:
        """What must hold for anybody to want this fetch."""
        if not self.purposes:
            return frozenset()
        return frozenset.intersection(*self.purposes)

    @property
    def is_root(self) -> bool:
        """Tell whether this is a fetch on a root type."""
        return self.root is not None


class FetchGraph:
    """All groups of a plan, in document order."""

    def __init__(self) -> None:
        self.groups: dict[int, FetchGroup] = {}
        self._next = 0

    def add(
        self, subgraph: str, slot: int, path: FetchPath | None, root_type: str | None
    ) -> FetchGroup:
        """Add an empty group."""
        root = None if root_type is None else SelectionTree(root_type)
        paths = [] if path is None else [path]
        group = FetchGroup(self._next, subgraph, slot, paths, root)
        self.groups[group.id] = group
        self._next += 1
        return group

    def ancestors(self, ids: Iterable[int]) -> set[int]:
        """Give the groups that must be done before those named are, themselves included."""
        found: set[int] = set()
        waiting = list(ids)
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self.groups[current].parents)
        return found

    def levels(self) -> dict[int, int]:
        """Give every group the number of fetches before it on its longest way."""
        found: dict[int, int] = {}

        def level(group_id: int) -> int:
            if group_id not in found:
                parents = self.groups[group_id].parents
                found[group_id] = max((level(parent) + 1 for parent in parents), default=0)
            return found[group_id]

        for group_id in self.groups:
            level(group_id)
        return found

    def replace(self, gone: FetchGroup, by: FetchGroup) -> None:
        """Take ``gone`` out; whoever waited for it waits for ``by``."""
        del self.groups[gone.id]
        for group in self.groups.values():
            if gone.id in group.parents:
                group.parents = {
                    (by.id if parent == gone.id else parent): None for parent in group.parents
                }

    def to_json(self) -> list[dict[str, Any]]:
        """Give every group as a JSON value."""
        return [_group_to_json(group) for group in self.groups.values()]


def render_fetch_graph(graph: FetchGraph) -> str:
    """Print one block per group: where, after which, brings what, asks what."""
    return "\n".join(_render_group(group) for group in graph.groups.values())


def _render_group(group: FetchGroup) -> str:
    after = ", ".join(str(parent) for parent in group.parents)
    place = " and ".join(f'"{print_path(path)}"' for path in group.paths) or "root"
    lines = [f"{group.id}: {group.subgraph} at {place}" + (f" after {after}" if after else "")]
    for brought in group.representations.values():
        shown = " ".join(["__typename", *brought.selections])
        lines.append(f"  brings ... on {brought.type_name} {{ {shown} }}")
    trees = [group.root] if group.root is not None else list(group.entities.values())
    lines.extend(f"  asks {tree.type_name} {tree.build(group.condition)}" for tree in trees)
    return "\n".join(lines)


def _group_to_json(group: FetchGroup) -> dict[str, Any]:
    trees = [group.root] if group.root is not None else list(group.entities.values())
    return {
        "id": group.id,
        "subgraph": group.subgraph,
        "paths": [print_path(path) for path in group.paths],
        "after": list(group.parents),
        "conditions": [
            {"variable": c.variable, "expected": c.expected} for c in sorted(group.condition)
        ],
        "brings": {
            brought.type_name: " ".join(["__typename", *brought.selections])
            for brought in group.representations.values()
        },
        "asks": {tree.type_name: str(tree.build(group.condition)) for tree in trees},
    }
