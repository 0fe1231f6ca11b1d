"""What a compiled entity fetch asks, and what it leaves to the reference."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema

from gateway.executor.compiled.entities import Asked, compile_entities
from gateway.executor.compiled.source import Deviation, NotCovered
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.operation.model import OperationKind
from gateway.plan.nodes import FetchNode, FetchPath, FlattenNode, TypeCondition
from schema.selection import Field, Fragment, SelectionSet

TYPES = RuntimeTypes(
    build_schema("""
        type Query { users: [Thing] }
        interface Thing { id: ID! }
        type User implements Thing { id: ID!, price: Int }
    """)
)
PATH = ("users", "@")


def inputs(type_name: str, *names: str) -> SelectionSet:
    """Give a requirement on one type."""
    fields = tuple(Field(name) for name in ("__typename", *names))
    return SelectionSet("_Entity", (Fragment(SelectionSet(type_name, fields)),))


def flatten(path: FetchPath = PATH, type_name: str = "User") -> FlattenNode:
    """Give a fetch that needs ``id``, its key, and ``price``."""
    node = FetchNode(
        1,
        "prices",
        OperationKind.QUERY,
        SelectionSet("_Entity", ()),
        requires=inputs(type_name, "id", "price"),
        keys=inputs(type_name, "id"),
    )
    return FlattenNode(path, node)


def user(**values: Any) -> dict[str, Any]:
    """Give an object of the merged data."""
    return {"__typename": "User", **values}


def ask(*users: Any) -> Asked:
    """Ask for these objects."""
    return compile_entities(flatten(), TYPES)({"users": list(users)})


def test_equal_entities_are_asked_once() -> None:
    """Each distinct representation goes out once, with every place of its answer."""
    first, second, again = user(id="1", price=2), user(id="1", price=None), user(id="1", price=2)
    asked = ask(first, None, second, {"__typename": "Other"}, again)
    assert asked.items == [user(id="1", price=2), user(id="1", price=None)]
    assert [[id(each) for each in places] for places in asked.targets] == [
        [id(first), id(again)],
        [id(second)],
    ]


@pytest.mark.parametrize(
    "strange",
    [
        user(id=None, price=1),
        user(price=1),
        user(id=True, price=1),
        user(id=1.0, price=1),
        user(id="1", price=True),
        user(id="1", price=1.0),
        user(id="1", price=[1]),
        {"id": "1", "price": 1},
        {"__typename": ["User"], "id": "1", "price": 1},
        [user(id="1", price=1)],
    ],
)
def test_what_is_not_plain_deviates(strange: Any) -> None:
    """A missing key, and a value that Python and JSON compare differently, are not decided here."""
    with pytest.raises(Deviation):
        ask(user(id=1, price=1), strange)


@pytest.mark.parametrize(
    "node",
    [
        flatten(path=("users", "@", TypeCondition(("User",)))),
        flatten(path=("@",)),
        flatten(path=("a",) * 17),
        flatten(type_name="Thing"),
    ],
)
def test_other_forms_are_not_covered(node: FlattenNode) -> None:
    """Type conditions, abstract requirements and endless paths stay with the reference."""
    with pytest.raises(NotCovered):
        compile_entities(node, TYPES)
