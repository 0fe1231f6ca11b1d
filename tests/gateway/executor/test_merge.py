"""Merging: two halves of one tree give the tree back, and nothing is lost or overwritten."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from graphql import build_schema
from hypothesis import given
from hypothesis import strategies as st

from gateway.executor.merge import copy_tree, merge_object
from gateway.executor.state.runtime_types import RuntimeTypes

TYPES = RuntimeTypes(
    build_schema("""
        type Query { a: I }
        interface I { id: ID }
        type A implements I { id: ID }
        type B implements I { id: ID }
    """)
)

TREES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=2)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), TREES, max_size=4)


@pytest.mark.parametrize(
    ("target", "source", "expected"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"x": 1}}, {"a": {"y": 2}}, {"a": {"x": 1, "y": 2}}),
        ({"a": 1}, {"a": None}, {"a": 1}),
        ({"a": None}, {"a": 1}, {"a": 1}),
        ({}, {"a": None}, {"a": None}),
        ({"a": 1}, {"a": 2}, {"a": 1}),
        ({"a": [{"x": 1}, None]}, {"a": [{"y": 1}, {"y": 2}]}, {"a": [{"x": 1, "y": 1}, {"y": 2}]}),
        ({"a": [[{"x": 1}]]}, {"a": [[{"y": 1}]]}, {"a": [[{"x": 1, "y": 1}]]}),
        ({"a": [1, 2]}, {"a": [1, 2]}, {"a": [1, 2]}),
        ({"a": [{}]}, {"a": [{"x": 1}, {"x": 2}]}, {"a": [{"x": 1}]}),
        ({"a": 1}, {"a": {"x": 1}}, {"a": 1}),
        ({"__typename": "A"}, {"__typename": "B"}, {"__typename": "A"}),
        ({"__typename": "I"}, {"__typename": "B"}, {"__typename": "B"}),
        ({"__typename": "A"}, {"__typename": "I"}, {"__typename": "A"}),
    ],
    ids=[
        "new name",
        "objects by name",
        "null never overwrites",
        "a value fills null",
        "null where nothing is",
        "the first value stays",
        "lists by index",
        "lists of lists",
        "a list selected twice",
        "the first list's length stands",
        "unequal kinds",
        "the owner's type name stays",
        "an interface's name gives way",
        "an interface's name never overwrites",
    ],
)
def test_cases(target: dict[str, Any], source: dict[str, Any], expected: dict[str, Any]) -> None:
    """Each case of the merge, as a table."""
    merge_object(target, source, TYPES)
    assert target == expected


@pytest.mark.property
@given(OBJECTS)
def test_merging_an_object_with_itself_changes_nothing(tree: dict[str, Any]) -> None:
    """Merge is idempotent."""
    target = copy.deepcopy(tree)
    merge_object(target, copy.deepcopy(tree), TYPES)
    assert target == tree


@pytest.mark.property
@given(OBJECTS, st.randoms(use_true_random=False))
def test_two_halves_give_the_whole(tree: dict[str, Any], random: Any) -> None:
    """Fields dealt to two subgraphs meet again, whichever comes first."""
    left, right = _split(tree, random)
    for first, second in ((left, right), (right, left)):
        target = copy.deepcopy(first)
        merge_object(target, copy.deepcopy(second), TYPES)
        assert target == tree


@pytest.mark.property
@given(TREES)
def test_a_copy_is_equal_and_shares_nothing(tree: Any) -> None:
    """No object or list of the copy is one of the original."""
    copied = copy_tree(tree)
    assert copied == tree
    assert not (_containers(copied) & _containers(tree))


def _split(value: Any, random: Any) -> tuple[Any, Any]:
    """Deal the fields of every object to one side or to both."""
    if isinstance(value, dict):
        left: dict[str, Any] = {}
        right: dict[str, Any] = {}
        for name, item in value.items():
            one, other = _split(item, random)
            side = random.choice("lrb")
            if side in "lb":
                left[name] = one if side == "b" else item
            if side in "rb":
                right[name] = other if side == "b" else item
        return left, right
    if isinstance(value, list):
        pairs = [_split(item, random) for item in value]
        return [one for one, _ in pairs], [other for _, other in pairs]
    return value, value


def _containers(value: Any) -> set[int]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = {id(value)} if isinstance(value, dict | list) else set()
    return own.union(*(_containers(item) for item in inner))
