"""Put the chosen paths into fetch groups.

In: a path tree. Out: a ``FetchGraph``: every leaf selected in its fetch, every key and @requires
input selected where it was gathered and named in the representation, every wait recorded.

One group per subgraph and slot, unless it would have to wait for itself (a @requires chain that
comes back), or would need one representation to hold two values under one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.plan.nodes import ContextVariable, FetchPath, TypeCondition
from gateway.planner.fetch_graph import FetchGraph, FetchGroup, Representation
from gateway.planner.graph_path import Cast, Enter, FetchKey, Gathered, GraphPath, Select
from gateway.planner.moves import Moves
from gateway.planner.path_tree import PathTree
from gateway.planner.selection_tree import SelectionTree
from schema.query_graph.graph import Node, NodeKind
from schema.selection import Condition, Field, Selection, SelectionSet
from schema.supergraph.model import InterfaceType, UnionType

__all__ = ["build_fetch_graph"]

_Conditions = frozenset[Condition]
_NONE: _Conditions = frozenset()


def build_fetch_graph(tree: PathTree, moves: Moves) -> FetchGraph:
    """Assemble the groups of a path tree."""
    assembly = _Assembly(moves)
    for leaf in tree.leaves():
        assembly.add_leaf(leaf, None, _NONE)
    return assembly.graph


class _Assembly:
    """The groups so far, and in which of them each entering path ended."""

    def __init__(self, moves: Moves) -> None:
        self.graph = FetchGraph()
        self._moves = moves
        self._groups: dict[int, FetchGroup] = {}  # by id of the path that enters
        self._nested_roots: dict[FetchKey, FetchGroup] = {}
        self._entered: set[tuple[int, _Conditions]] = set()
        self._located: dict[tuple[int, _Conditions], tuple[FetchGroup, SelectionTree]] = {}

    def add_leaf(self, leaf: GraphPath, base: GraphPath | None, extra: _Conditions) -> FetchGroup:
        """Select a leaf; beyond ``base`` it is wanted only where ``extra`` holds."""
        self._moves.meter.spend()
        assert leaf.parent is not None
        assert isinstance(leaf.step, Select)
        wanted = frozenset(leaf.conditions) | extra
        group, tree = self._locate(leaf.parent, base, extra, wanted)
        conditions = self._conditions(leaf, base, extra)
        tree.add_field(leaf.step.field, leaf.step.type, conditions, None)
        group.purposes.add(wanted)
        return group

    # --- where a path's selections go ----------------------------------------------------------

    def _locate(
        self,
        path: GraphPath,
        base: GraphPath | None,
        extra: _Conditions,
        wanted: _Conditions,
    ) -> tuple[FetchGroup, SelectionTree]:
        if extra:
            return self._find_place(path, base, extra, wanted)
        known = self._located.get((id(path), wanted))
        if known is None:
            known = self._located[id(path), wanted] = self._find_place(path, base, extra, wanted)
        return known

    def _find_place(
        self,
        path: GraphPath,
        base: GraphPath | None,
        extra: _Conditions,
        wanted: _Conditions,
    ) -> tuple[FetchGroup, SelectionTree]:
        step = path.step
        if isinstance(step, Enter):
            group = self._enter(path, step, wanted)
            return group, self._top(group, path, step)
        assert path.parent is not None
        if path is base:
            base, extra = None, _NONE
        group, tree = self._locate(path.parent, base, extra, wanted)
        if isinstance(step, Cast):
            return group, tree.add_fragment(step.type_name, self._types(step.type_name))
        return group, self._descend(tree, path, step, self._conditions(path, base, extra))

    def _descend(
        self,
        tree: SelectionTree,
        path: GraphPath,
        step: Select,
        conditions: tuple[Condition, ...],
    ) -> SelectionTree:
        assert path.node is not None
        below = tree.add_field(step.field, step.type, conditions, path.node.type_name)
        assert below is not None
        if self._needs_typename(path, step):
            below.add_typename()
        return below

    def _needs_typename(self, path: GraphPath, step: Select) -> bool:
        """Tell whether the executor has to know the runtime type of the objects here."""
        assert path.node is not None
        if path.node.kind is NodeKind.INTERFACE_OBJECT:
            return False  # it answers the interface's name, which nobody may believe
        parent = path.parent.node if path.parent is not None else None
        definition = self._moves.supergraph.types.get(parent.type_name) if parent else None
        fields = getattr(definition, "fields", {})
        declared = fields[step.field.name].type.named if step.field.name in fields else None
        supergraph_type = self._moves.supergraph.types.get(declared or "")
        return path.node.is_abstract or isinstance(supergraph_type, InterfaceType | UnionType)

    def _conditions(
        self, path: GraphPath, base: GraphPath | None, extra: _Conditions
    ) -> tuple[Condition, ...]:
        """Give the conditions to write on a field: its own, or all of them if it opens a fetch."""
        assert isinstance(path.step, Select)
        own: tuple[Condition, ...] = path.step.field.conditions
        parent = path.parent
        while parent is not None and isinstance(parent.step, Cast):
            parent = parent.parent
        opens = parent is not None and isinstance(parent.step, Enter)
        if opens:
            own = path.conditions
        if extra and (opens or self._is_first_beyond(path, base)):
            own = own + tuple(sorted(extra.difference(own)))
        return own

    def _is_first_beyond(self, path: GraphPath, base: GraphPath | None) -> bool:
        parent = path.parent
        while parent is not None and parent is not base and not isinstance(parent.step, Select):
            parent = parent.parent
        return parent is base

    # --- groups --------------------------------------------------------------------------------

    def _top(self, group: FetchGroup, path: GraphPath, step: Enter) -> SelectionTree:
        if group.root is not None:
            return group.root
        assert path.node is not None
        name = path.node.type_name
        known = group.entities.get(name)
        if known is None:
            known = group.entities[name] = SelectionTree(name, self._types(name))
            if path.node.is_abstract:
                known.add_typename()
        return known

    def _enter(self, path: GraphPath, step: Enter, wanted: _Conditions) -> FetchGroup:
        if path.parent is None:
            return self._root_group(path, step)
        mark = (id(path), wanted)
        if mark in self._entered:
            return self._groups[id(path)]
        self._entered.add(mark)
        parents = self._select_inputs(path.parent, step, wanted)
        if step.edge is None:
            return self._nested_root_group(path, step, parents, wanted)
        group = self._groups.get(id(path))
        if group is None:
            group = self._groups[id(path)] = self._fitting_group(path, step, parents)
        group.parents.update(dict.fromkeys(parents))
        self._bring(group, path, step)
        for each in step.contexts:
            shown = SelectionSet(_type_at(each.origin), each.gathered.representation)
            group.contexts[each.variable] = ContextVariable(
                each.variable, each.type, each.origin.slot.path, shown
            )
        group.purposes.add(wanted)
        return group

    def _root_group(self, path: GraphPath, step: Enter) -> FetchGroup:
        known = self._groups.get(id(path))
        if known is None:
            assert path.node is not None
            known = self.graph.add(step.key.subgraph, path.slot.id, None, path.node.type_name)
            self._groups[id(path)] = known
        return known

    def _nested_root_group(
        self, path: GraphPath, step: Enter, parents: list[int], wanted: _Conditions
    ) -> FetchGroup:
        """Give the group of a root fetch that goes into objects found by another fetch."""
        group = self._nested_roots.get(step.key)
        if group is None:
            assert path.node is not None
            root_type, place = path.node.type_name, path.slot.path
            group = self.graph.add(step.key.subgraph, path.slot.id, place, root_type)
            self._nested_roots[step.key] = group
        self._groups[id(path)] = group
        group.parents.update(dict.fromkeys(parents))
        group.purposes.add(wanted)
        return group

    def _select_inputs(self, origin: GraphPath, step: Enter, wanted: _Conditions) -> list[int]:
        """Select key and @requires inputs; give the groups that answer them."""
        group, tree = self._locate(origin, None, _NONE, wanted)
        group.purposes.add(wanted)
        parents = [group.id]
        tree.add_typename()
        for number, gathered in enumerate(step.inputs):
            is_here = number == 0 and all(leaf.fetch == origin.fetch for leaf in gathered.leaves)
            extra = _NONE if is_here else wanted.difference(origin.conditions)
            parents.extend(self.add_leaf(leaf, origin, extra).id for leaf in gathered.leaves)
        for each in step.contexts:
            extra = wanted.difference(each.origin.conditions)
            leaves = each.gathered.leaves
            parents.extend(self.add_leaf(leaf, each.origin, extra).id for leaf in leaves)
        return list(dict.fromkeys(parents))

    def _fitting_group(self, path: GraphPath, step: Enter, parents: list[int]) -> FetchGroup:
        before = self.graph.ancestors(parents)
        for group in self.graph.groups.values():
            if (
                group.slot == path.slot.id
                and group.subgraph == step.key.subgraph
                and not group.is_root
                and group.id not in before
                and self._is_compatible(group, path, step)
            ):
                return group
        group = self.graph.add(step.key.subgraph, path.slot.id, path.slot.path, None)
        declared = self._moves.supergraph.types.get(path.slot.type_name)
        if isinstance(declared, InterfaceType | UnionType):
            group.mixed_paths.add(path.slot.path)
        return group

    # --- representations -----------------------------------------------------------------------

    def _is_compatible(self, group: FetchGroup, path: GraphPath, step: Enter) -> bool:
        """Tell whether the inputs fit into the representations that the group has."""
        node = self._origin(path)
        brings_inputs = len(step.inputs) > 1 or any(
            brought.has_inputs for brought in group.representations.values()
        )
        # What an @interfaceObject is asked, every object of the group is asked, whatever its type:
        # also one whose @requires inputs nobody gathered.
        asks_all = self._as_type(step) is not None and brings_inputs
        if asks_all and group.representations.keys() != {node.type_name}:
            return False
        known = group.representations.get(node.type_name)
        if known is None:
            return True
        if known.as_type != self._as_type(step):
            return False
        return all(
            known.names.get(name, data_name) == data_name
            for name, data_name in _names(step.inputs).items()
        )

    def _bring(self, group: FetchGroup, path: GraphPath, step: Enter) -> None:
        node = self._origin(path)
        brought = group.representations.get(node.type_name)
        if brought is None:
            types = self._types(node.type_name)
            brought = Representation(node.type_name, types, node.kind is not NodeKind.OBJECT)
            brought.as_type = self._as_type(step)
            group.representations[node.type_name] = brought
        brought.names.update(_names(step.inputs))
        for number, gathered in enumerate(step.inputs):
            for selection in gathered.representation:
                text = _print(selection)
                brought.selections.setdefault(text, selection)
                if number == 0:
                    brought.key[text] = selection
            group.renames.update(dict.fromkeys(gathered.renames))

    def _types(self, type_name: str) -> tuple[str, ...]:
        return tuple(sorted(self._moves.possible_types(type_name)))

    def _origin(self, path: GraphPath) -> Node:
        assert path.parent is not None
        assert path.parent.node is not None
        return path.parent.node

    def _as_type(self, step: Enter) -> str | None:
        assert step.edge is not None
        return step.edge.type_name if step.edge.as_interface else None


def _type_at(path: GraphPath) -> str:
    assert path.node is not None
    return path.node.type_name


def _names(inputs: tuple[Gathered, ...]) -> dict[str, str]:
    """Give, for each name of the field sets at any depth, the name it has in the merged data."""
    names: dict[str, str] = {}
    for gathered in inputs:
        renamed = {rename.path: rename.rename_to for rename in gathered.renames}
        _add_names(names, gathered.representation, "", (), renamed)
    return names


def _add_names(
    names: dict[str, str],
    selections: Iterable[Selection],
    prefix: str,
    path: FetchPath,
    renamed: Mapping[FetchPath, str],
) -> None:
    for selection in selections:
        if isinstance(selection, Field):
            place: FetchPath = (*path, selection.name)
            within = f"{prefix}{renamed.get(place, selection.name)}"
            names[within] = selection.name
        else:
            place = (*path, TypeCondition((selection.type_condition,)))
            within = f"{prefix}... on {selection.type_condition}"
        if selection.selections is not None:
            _add_names(names, selection.selections, f"{within}.", place, renamed)


def _print(selection: Selection) -> str:
    if isinstance(selection, Field):
        below = "" if selection.selections is None else f" {selection.selections}"
        return f"{selection.name}{below}"
    return f"... on {selection.type_condition} {selection.selections}"
