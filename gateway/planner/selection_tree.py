"""A selection set under construction: merges what different leaves add, in order of arrival.

In: fields and fragments, one at a time. Out: an immutable ``SelectionSet``.

Fields of one response name with different conditions stay apart, because the conditions of a
GraphQL field cannot be joined by "or"; one without conditions makes the others superfluous.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.planner.moves import TYPENAME
from schema.selection import Condition, Field, Fragment, Selection, SelectionSet
from schema.type_ref import TypeRef

__all__ = ["Branch", "SelectionTree"]

_Key = tuple[str, str, tuple[Condition, ...]]


@dataclass(slots=True, eq=False)
class Branch:
    """One field (or fragment, if ``field`` is None) with what is selected below."""

    field: Field | None
    conditions: tuple[Condition, ...]
    type: TypeRef | None = None  # of the field, in its subgraph
    below: SelectionTree | None = None


class SelectionTree:
    """The selections made on one type."""

    def __init__(self, type_name: str, object_types: tuple[str, ...] = ()) -> None:
        self.type_name = type_name
        self.object_types = object_types or (type_name,)  # that its objects may have
        self.branches: dict[_Key, Branch] = {}

    def add_field(
        self,
        field: Field,
        type_ref: TypeRef,
        conditions: tuple[Condition, ...],
        below: str | None,
    ) -> SelectionTree | None:
        """Add a field whose own selections, if any, are on the type ``below``."""
        key = ("field", field.response_name, _sorted(conditions))
        branch = self.branches.get(key)
        if branch is None:
            tree = None if below is None else SelectionTree(below)
            branch = self.branches[key] = Branch(field, conditions, type_ref, tree)
        return branch.below

    def add_typename(self) -> None:
        """Add ``__typename``, before everything else."""
        key: _Key = ("field", TYPENAME, ())
        if key not in self.branches:
            branch = Branch(Field(TYPENAME), (), TypeRef("String", non_null=True))
            self.branches = {key: branch, **self.branches}

    def add_fragment(self, type_name: str, object_types: tuple[str, ...]) -> SelectionTree:
        """Add an inline fragment, which holds for ``object_types``, and give its tree."""
        key: _Key = ("on", type_name, ())
        branch = self.branches.get(key)
        if branch is None:
            branch = self.branches[key] = Branch(
                None, (), below=SelectionTree(type_name, object_types)
            )
        assert branch.below is not None
        return branch.below

    def build(
        self,
        implied: frozenset[Condition] = frozenset(),
        selected: frozenset[Field] = frozenset(),
    ) -> SelectionSet:
        """Freeze.

        Args:
            implied: conditions that hold anyway and are left out.
            selected: leaves that the fragment's parent selects already.
        """
        leaves = selected.union(self._unconditional_leaves(implied))
        found: dict[Selection, None] = {}
        for branch in self.branches.values():
            if branch.field is None:
                assert branch.below is not None
                below = branch.below.build(implied, leaves)
                if below:
                    found[Fragment(below)] = None
            elif branch.below is not None or replace(branch.field, conditions=()) not in selected:
                selection = self._build_field(branch, branch.field, implied, leaves)
                if selection is not None:
                    found[selection] = None
        return SelectionSet(self.type_name, tuple(found))

    def _build_field(
        self,
        branch: Branch,
        field: Field,
        implied: frozenset[Condition],
        leaves: frozenset[Field],
    ) -> Selection | None:
        conditions = tuple(c for c in branch.conditions if c not in implied)
        bare = replace(field, conditions=())
        if conditions and bare in leaves:
            return None
        below = None if branch.below is None else branch.below.build(implied)
        # All on the field: a fragment around it would name the type, and a root may be called
        # otherwise in its subgraph. What one field cannot carry is printed around it, untyped.
        return replace(bare, selections=below, conditions=conditions)

    def _unconditional_leaves(self, implied: frozenset[Condition]) -> Iterator[Field]:
        for branch in self.branches.values():
            if branch.field is None or branch.below is not None:
                continue
            if implied.issuperset(branch.conditions):
                yield replace(branch.field, conditions=())


def _sorted(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(sorted(conditions))
