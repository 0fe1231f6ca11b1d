"""Walk the operation over the query graph and list, for every leaf, the ways to answer it.

In: an operation's selection set and the paths at which it may be answered. Out: one
``LeafCandidates`` per leaf, in document order.

Idea: every selection set is walked with *all* places where its objects can be had at once (one per
subgraph that reaches them), so that a value type spread over subgraphs, or a parent that is better
entered earlier, needs no special case: each leaf simply has a candidate per place.
Invariants that keep this small: a place that answers the whole selection below without another
fetch ends the search for others; of places at one node the few cheapest stay; a candidate whose
fetches include another candidate's is dropped. Abstract selections stay abstract while some place
answers them so, and are exploded to object types only where none does.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.planner.errors import PlanningError
from gateway.planner.graph_path import FetchTable, GraphPath
from gateway.planner.moves import TYPENAME, Moves
from schema.query_graph.graph import Node, NodeKind
from schema.selection import Condition, Field, Fragment, Selection, SelectionSet

__all__ = ["LeafCandidates", "Walk"]

MAX_CANDIDATES = 24  # per leaf; the cheapest by themselves. More only repeat longer detours.
# Places kept per node. A list that several subgraphs give leads to one node by way of each, and
# which of them is cheapest is known only when all leaves are. With one, one operation in eighty of
# random federations took a fetch too many, with two one in a hundred and thirty. Doubled, places
# that many subgraphs share cost more to walk, up to the budget of nodes.
MAX_PER_NODE = 4
INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class LeafCandidates:
    """One leaf of the operation with every way to answer it, the cheapest first."""

    coordinate: str  # as selected: ``Type.field``
    path: tuple[str, ...]  # response names
    paths: tuple[GraphPath, ...]


class Walk:
    """The walk of one operation; ``leaves`` grows in document order."""

    def __init__(self, moves: Moves, denied: frozenset[str]) -> None:
        self._moves = moves
        self._denied = denied
        self._covers: dict[tuple[int, int], bool] = {}
        self._names: list[str] = []
        self.leaves: list[LeafCandidates] = []

    def walk(
        self,
        selections: SelectionSet,
        paths: list[GraphPath],
        conditions: tuple[Condition, ...] = (),
    ) -> None:
        """Walk a selection set whose objects can be had at ``paths``."""
        for selection in selections:
            if isinstance(selection, Fragment):
                passed = _union(conditions, selection.conditions)
                self._walk_fragment(selection.selections, paths, passed)
            elif not self._is_skipped(selections.type_name, selection, paths):
                passed = _union(conditions, selection.conditions)
                self._walk_field(selections.type_name, selection, paths, passed)

    # --- fields --------------------------------------------------------------------------------

    def _is_skipped(self, type_name: str, field: Field, paths: list[GraphPath]) -> bool:
        if f"{type_name}.{field.name}" in self._denied:
            return True
        if field.name in INTROSPECTION:
            return True  # answered without a fetch
        return field.name == TYPENAME and all(path.parent is None for path in paths)

    def _walk_field(
        self,
        type_name: str,
        field: Field,
        paths: list[GraphPath],
        conditions: tuple[Condition, ...],
    ) -> None:
        options = self._options(field, paths, conditions)
        if not options:
            self._explode(type_name, field, paths, conditions)
            return
        self._names.append(field.response_name)
        if field.selections is None:
            kept = _undominated(options, self._moves.fetches)
            leaf = LeafCandidates(f"{type_name}.{field.name}", tuple(self._names), kept)
            self.leaves.append(leaf)
        else:
            self._walk_below(field, _few_per_node(options, self._moves.fetches))
        self._names.pop()

    def _walk_below(self, field: Field, paths: list[GraphPath]) -> None:
        """Walk a composite field; it is fetched even if nothing below it is, to be null or {}."""
        assert field.selections is not None
        before = len(self.leaves)
        self.walk(field.selections, paths)
        if all(leaf.paths[0].conditions != paths[0].conditions for leaf in self.leaves[before:]):
            exists = [self._moves.select_typename(path, Field(TYPENAME)) for path in paths]
            kept = _undominated(exists, self._moves.fetches)
            coordinate = f"{field.selections.type_name}.{TYPENAME}"
            self.leaves.append(LeafCandidates(coordinate, (*self._names, TYPENAME), kept))

    def _options(
        self, field: Field, paths: list[GraphPath], conditions: tuple[Condition, ...]
    ) -> list[GraphPath]:
        if field.selections is None:
            return [option for path in paths for option in self._ways(path, field, conditions)]
        local = [self._moves.local(path, field, conditions) for path in paths]
        covering = [
            path
            for path in local
            if path is not None
            and path.node is not None
            and self._is_covered(path.node, field.selections)
        ]
        if covering:
            return covering
        return [option for path in paths for option in self._moves.options(path, field, conditions)]

    def _ways(
        self, path: GraphPath, field: Field, conditions: tuple[Condition, ...]
    ) -> list[GraphPath]:
        local = self._moves.local(path, field, conditions)
        return self._moves.options(path, field, conditions) if local is None else [local]

    def _is_covered(self, node: Node, selections: SelectionSet) -> bool:
        """Tell whether one fetch that stands at ``node`` answers everything below."""
        key = (node.id, id(selections))
        known = self._covers.get(key)
        if known is None:
            known = all(self._answers(node, selection) for selection in selections)
            self._covers[key] = known
        return known

    def _answers(self, node: Node, selection: Selection) -> bool:
        graph = self._moves.graph
        if isinstance(selection, Fragment):
            wanted = self._moves.possible_types(selection.type_condition)
            if node.kind is NodeKind.INTERFACE_OBJECT:
                same = selection.type_condition == node.type_name
                return same and self._is_covered(node, selection.selections)
            members = [graph.downcast(node, name) for name in graph.object_types(node)]
            nodes = [n for n in members if n is not None] if node.is_abstract else [node]
            meant = [n for n in nodes if n.type_name in wanted]
            return all(self._is_covered(n, selection.selections) for n in meant)
        if selection.name == TYPENAME:
            return node.kind is not NodeKind.INTERFACE_OBJECT
        if f"{node.type_name}.{selection.name}" in self._denied:
            return True
        edge = self._moves.usable(node, selection.name)
        if edge is None or edge.is_entered:
            return False
        if selection.selections is None:
            return True
        return edge.target is not None and self._is_covered(
            graph.nodes[edge.target], selection.selections
        )

    def _explode(
        self,
        type_name: str,
        field: Field,
        paths: list[GraphPath],
        conditions: tuple[Condition, ...],
    ) -> None:
        by_type = self._cast_all(self._owned(paths), None)
        if not by_type:
            if self._denied:
                return  # every way to it needs a denied coordinate
            raise PlanningError(self._unreachable(type_name, field, paths))
        for name, narrowed in by_type.items():
            if f"{name}.{field.name}" not in self._denied:
                self._walk_field(name, field, narrowed, conditions)

    def _unreachable(self, type_name: str, field: Field, paths: list[GraphPath]) -> str:
        tried = ", ".join(f'"{path.node}"' for path in paths)
        return (
            f'No subgraph can answer "{type_name}.{field.name}" from {tried} '
            f'(at "{".".join(self._names)}"): no field there, no key that leads to one.'
        )

    # --- fragments -----------------------------------------------------------------------------

    def _walk_fragment(
        self,
        selections: SelectionSet,
        paths: list[GraphPath],
        conditions: tuple[Condition, ...],
    ) -> None:
        type_name = selections.type_name
        whole = [self._as_a_whole(path, type_name) for path in paths]
        if all(path is not None for path in whole):
            self.walk(selections, [path for path in whole if path is not None], conditions)
            return
        if self._is_on_unshared_member(type_name, paths):
            return
        wanted = self._moves.possible_types(type_name)
        for name, narrowed in self._cast_all(self._owned(paths), wanted).items():
            on_type = SelectionSet(name, selections.selections)
            self.walk(on_type, narrowed, conditions)

    def _as_a_whole(self, path: GraphPath, type_name: str) -> GraphPath | None:
        """Give the path at which the fragment can be walked without naming object types."""
        assert path.node is not None
        if path.node.type_name == type_name:
            return path
        wanted = self._moves.possible_types(type_name)
        if path.node.kind is NodeKind.INTERFACE_OBJECT:
            return path if self._moves.possible_types(path.node.type_name) <= wanted else None
        types = self._moves.object_types(path)
        if types and wanted.issuperset(types):
            if not path.node.is_abstract:
                return path
            return self._moves.cast_to_interface(path, type_name) or path
        if not path.node.is_abstract or len(wanted) == 1:
            return None
        return self._moves.cast_to_interface(path, type_name)

    def _is_on_unshared_member(self, type_name: str, paths: list[GraphPath]) -> bool:
        """Tell whether equally good places disagree whether the type can occur here.

        Then it cannot be told whether a subgraph that knows it will be asked, and such a fragment
        is not fetched at all; the reference planner decides so too.
        """
        least = min(path.needs.bit_count() for path in paths)
        best = [p for p in paths if p.needs.bit_count() == least and p.node is not None]
        if len(best) < 2 or any(not path.node.is_abstract for path in best if path.node):
            return False
        wanted = self._moves.possible_types(type_name)
        known = [bool(wanted.intersection(self._moves.object_types(path))) for path in best]
        return any(known) and not all(known)

    def _owned(self, paths: list[GraphPath]) -> list[GraphPath]:
        """Replace @interfaceObject places by those where the objects have their real type."""
        found: list[GraphPath] = []
        for path in paths:
            assert path.node is not None
            if path.node.kind is not NodeKind.INTERFACE_OBJECT:
                found.append(path)
                continue
            found.extend(
                source
                for source in self._moves.sources(path)
                if source.node is not None and source.node.kind is NodeKind.INTERFACE
            )
        return found

    def _cast_all(
        self, paths: list[GraphPath], wanted: frozenset[str] | None
    ) -> dict[str, list[GraphPath]]:
        """Narrow every path to each object type it may have, by type."""
        by_type: dict[str, list[GraphPath]] = {}
        for path in paths:
            assert path.node is not None
            if wanted is None and not path.node.is_abstract:
                continue
            for name in self._moves.object_types(path):
                if wanted is None or name in wanted:
                    narrowed = self._moves.cast(path, name)
                    if narrowed is not None:
                        by_type.setdefault(name, []).append(narrowed)
        return by_type


def _union(first: tuple[Condition, ...], second: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return first + tuple(condition for condition in second if condition not in first)


def _price(path: GraphPath, fetches: FetchTable) -> tuple[int, int]:
    return path.needs.bit_count(), fetches.depth(path.needs)


def _undominated(options: list[GraphPath], fetches: FetchTable) -> tuple[GraphPath, ...]:
    kept: list[GraphPath] = []
    for option in sorted(options, key=lambda path: _price(path, fetches)):
        if all(known.needs & ~option.needs for known in kept):
            kept.append(option)
    return tuple(kept[:MAX_CANDIDATES])


def _few_per_node(options: list[GraphPath], fetches: FetchTable) -> list[GraphPath]:
    """Keep of each node the cheapest places, none of which costs all that another costs."""
    by_node: dict[int, list[GraphPath]] = {}
    for option in sorted(options, key=lambda path: _price(path, fetches)):
        assert option.node is not None
        known = by_node.setdefault(option.node.id, [])
        if len(known) < MAX_PER_NODE and all(path.needs & ~option.needs for path in known):
            known.append(option)
    return [path for paths in by_node.values() for path in paths]
