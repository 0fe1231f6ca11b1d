"""Selection sets under construction: what merges, what stays apart, what is superfluous."""

from __future__ import annotations

from gateway.planner.selection_tree import SelectionTree
from schema.selection import Condition, Field
from schema.type_ref import TypeRef

INT = TypeRef("Int")
A, B, NOT_A = Condition("a", True), Condition("b", True), Condition("a", False)


def tree_of(*fields: tuple[str, tuple[Condition, ...]]) -> SelectionTree:
    """Make a tree of leaves."""
    tree = SelectionTree("T")
    for name, conditions in fields:
        tree.add_field(Field(name), INT, conditions, None)
    return tree


def test_typename_stands_first() -> None:
    """__typename is asked once, before everything else."""
    tree = tree_of(("x", ()))
    tree.add_typename()
    tree.add_typename()
    assert str(tree.build()) == "{ __typename x }"


def test_unconditional_field_makes_conditional_ones_superfluous() -> None:
    """A leaf that is fetched anyway needs no conditional twin."""
    assert str(tree_of(("x", (A,)), ("x", ())).build()) == "{ x }"


def test_different_conditions_stay_apart() -> None:
    """Conditions cannot be joined by "or", so the field stands twice."""
    tree = tree_of(("x", (A,)), ("x", (B,)))
    assert str(tree.build()) == "{ x @include(if: $a) x @include(if: $b) }"


def test_implied_conditions_are_left_out() -> None:
    """What holds for the whole fetch is not written on its fields."""
    tree = tree_of(("x", (A, B)))
    assert str(tree.build(frozenset({A}))) == "{ x @include(if: $b) }"


def test_directive_that_may_stand_once_is_nested() -> None:
    """Two @include on one field are written around each other, @skip may stand beside."""
    tree = tree_of(("x", (A, B)), ("y", (NOT_A, B)))
    assert str(tree.build()) == (
        "{ ... @include(if: $b) { x @include(if: $a) } y @skip(if: $a) @include(if: $b) }"
    )


def test_fragment_repeats_nothing_of_its_parent() -> None:
    """A leaf of the parent is left out of its fragments, an empty fragment altogether."""
    tree = tree_of(("x", ()))
    tree.add_fragment("A", ("A",)).add_field(Field("x"), INT, (), None)
    inner = tree.add_fragment("B", ("B",))
    inner.add_field(Field("x"), INT, (), None)
    inner.add_field(Field("y"), INT, (), None)
    assert str(tree.build()) == "{ x ... on B { y } }"
