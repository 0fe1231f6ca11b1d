"""Error paths are cut to what the client asked for."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema

from adapters.contract import Path
from gateway.executor.state.visible_names import VisibleNames
from tests.testkit.hand_plan import HandPlan

SCHEMA = build_schema("""
    type Query { user: User, users: [User] }
    type User { id: ID, name: String, friend: User }
""")
QUERY = """query ($no: Boolean!, $yes: Boolean!) {
    u: user { name ... on User { friend { id } } friend { name @include(if: $no) } }
    users { id @skip(if: $yes) name }
}"""
VARIABLES: dict[str, Any] = {"no": False, "yes": True}


def visible() -> VisibleNames:
    """Give the names of one operation."""
    return VisibleNames(HandPlan(SCHEMA).operation(QUERY).selection_set, VARIABLES)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("u", "name"), ("u", "name")),
        (("u", "id"), ("u",)),
        (("user", "name"), ()),
        (("u", "friend", "id"), ("u", "friend", "id")),
        (("u", "friend", "name"), ("u", "friend")),
        (("users", 3, "name"), ("users", 3, "name")),
        (("users", 3, "id"), ("users", 3)),
        (("users", 3, "friend", 1, "x"), ("users", 3)),
        ((), ()),
    ],
    ids=str,
)
def test_cut(path: Path, expected: Path) -> None:
    """Aliases, fragments and conditions decide what is visible."""
    assert visible().cut(path) == expected


@pytest.mark.parametrize(
    ("path", "names", "expected"),
    [
        (("u",), ("id", "name", "friend"), ["name", "friend"]),
        (("users", 0), ("id",), []),
        (("absent",), ("name",), []),
    ],
)
def test_among(path: Path, names: tuple[str, ...], expected: list[str]) -> None:
    """Those that the client selected on that object."""
    assert visible().among(path, names) == expected
