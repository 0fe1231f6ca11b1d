"""What a type name means at run time, hidden types and interfaces included."""

from __future__ import annotations

import pytest
from graphql import build_schema

from gateway.executor.state.runtime_types import RuntimeTypes

TYPES = RuntimeTypes(
    build_schema("""
        type Query { n: Node, f: Found }
        interface Node { id: ID! }
        interface Named implements Node { id: ID!, name: String! }
        type User implements Node & Named { id: ID!, name: String! }
        type Place implements Node { id: ID! }
        union Found = User
    """),
    hidden_abstract=frozenset({"HiddenInterface"}),
)


@pytest.mark.parametrize(
    ("condition", "runtime", "expected"),
    [
        ("User", "User", True),
        ("User", "Place", False),
        ("Node", "Place", True),
        ("Named", "Place", False),
        ("Found", "User", True),
        ("Found", "Place", False),
        ("Node", "Named", True),
        ("Named", "Node", False),
        ("User", "Node", False),
        ("Hidden", "Hidden", True),
        ("Hidden", "User", False),
        ("Node", "Hidden", True),
        ("User", "Hidden", False),
        ("HiddenInterface", "User", True),
        ("HiddenInterface", "HiddenInterface", True),
    ],
)
def test_applies(condition: str, runtime: str, expected: bool) -> None:
    """A hidden type may implement any interface; nothing else is taken on trust."""
    assert TYPES.applies(condition, runtime) is expected


@pytest.mark.parametrize(
    ("name", "is_object", "is_abstract"),
    [
        ("User", True, False),
        ("Node", False, True),
        ("Found", False, True),
        ("HiddenInterface", False, True),
        ("Hidden", False, False),
        (None, False, False),
        (1, False, False),
    ],
)
def test_kinds(name: object, is_object: bool, is_abstract: bool) -> None:
    """Objects, abstract types, and what is neither."""
    assert (TYPES.is_object(name), TYPES.is_abstract(name)) == (is_object, is_abstract)


def test_required_fields() -> None:
    """Non-null by the API schema; what it does not know is not required."""
    fields = [("User", "id"), ("Node", "id"), ("User", "x"), ("Hidden", "id"), ("Found", "id")]
    assert [TYPES.is_required(*field) for field in fields] == [True, True, False, False, False]


@pytest.mark.parametrize("runtime", [[None], {"x": 1}, 7])
def test_a_type_name_of_another_kind_raises_nothing(runtime: object) -> None:
    """What an upstream gives for a type name may be anything; it is taken for a hidden type's."""
    assert TYPES.applies("Node", runtime)
    assert not TYPES.applies("User", runtime)
