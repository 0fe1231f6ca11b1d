"""Leaves by their API type: what passes, what is turned, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLLeafType, build_schema

from gateway.executor.project.leaf import UNREADABLE, find_coercion

SCHEMA = build_schema("""
    type Query { i: Int, f: Float, s: String, b: Boolean, id: ID, e: Color, t: Tanggal }
    enum Color { RED }
    scalar Tanggal
""")


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("Int", 1, 1),
        ("Int", 1.0, 1),
        ("Int", 2**31 - 1, 2**31 - 1),
        ("Int", 2**31, UNREADABLE),
        ("Int", 1.5, UNREADABLE),
        ("Int", True, UNREADABLE),
        ("Int", "1", UNREADABLE),
        ("Float", 1, 1.0),
        ("Float", 0.1, 0.1),
        ("Float", True, UNREADABLE),
        ("Float", float("nan"), UNREADABLE),
        ("Float", 10**400, UNREADABLE),
        ("Float", "1.0", UNREADABLE),
        ("String", "", ""),
        ("String", 1, UNREADABLE),
        ("String", ["a"], UNREADABLE),
        ("Boolean", False, False),
        ("Boolean", 0, UNREADABLE),
        ("ID", "a", "a"),
        ("ID", 10**20, "100000000000000000000"),
        ("ID", True, UNREADABLE),
        ("ID", 1.5, UNREADABLE),
        ("Color", "RED", "RED"),
        ("Color", "SECRET", None),
        ("Color", 1, UNREADABLE),
        ("Tanggal", {"any": [1]}, {"any": [1]}),
    ],
)
def test_coercion(type_name: str, value: Any, expected: Any) -> None:
    """Each kind of value for each kind of leaf; the result's Python type counts too."""
    leaf = SCHEMA.type_map[type_name]
    assert isinstance(leaf, GraphQLLeafType)
    result = find_coercion(leaf)(value)
    assert (type(result), result) == (type(expected), expected)


def test_the_enum_of_the_table_is_one() -> None:
    """The table above speaks of an enum, not of a custom scalar."""
    assert isinstance(SCHEMA.type_map["Color"], GraphQLEnumType)
