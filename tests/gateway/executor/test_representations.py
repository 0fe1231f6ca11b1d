"""Representations: what goes in, what keeps an entity out, and that each is sent once."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema
from hypothesis import given
from hypothesis import strategies as st

from gateway.executor.representations import build_representations
from gateway.executor.response_path import Position
from gateway.executor.state.explained import ExplainedNulls
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.plan.nodes import FetchNode, KeyRenamer, TypeCondition, TypenameSetter
from tests.testkit.hand_plan import HandPlan

SCHEMA = build_schema("""
    type Query { p: Product }
    interface Media { id: ID!, size: Size }
    type Product {
        id: ID!, sku: String, size: Size, parts: [Part], grid: [[Part]]
    }
    type Book implements Media { id: ID!, size: Size, pages: Int }
    type Film implements Media { id: ID!, size: Size }
    interface Size { unit: String }
    type Box implements Size { unit: String, width: Int }
    type Ball implements Size { unit: String, radius: Int }
    type Part { id: ID!, weight: Int }
""")
TYPES = RuntimeTypes(SCHEMA)


def build(requires: str, *objects: dict[str, Any], **parts: Any) -> list[dict[str, Any]]:
    """Build the representations of some objects."""
    node = HandPlan(SCHEMA).entity("s", requires, "{ ... on Product { id } }", **parts)
    return build_representations(
        [Position(each, None) for each in objects], node, TYPES, ExplainedNulls()
    ).items


PRODUCT = "{ ... on Product { __typename id sku } }"
SIZED = "{ ... on Product { __typename id size { unit ... on Box { width } } } }"


@pytest.mark.parametrize(
    ("requires", "value", "expected"),
    [
        (PRODUCT, {"id": "1", "sku": "a", "x": 1}, {"id": "1", "sku": "a"}),
        (PRODUCT, {"id": "1"}, {"id": "1", "sku": None}),
        (PRODUCT, {"id": "1", "sku": None}, {"id": "1", "sku": None}),
        (
            SIZED,
            {"id": "1", "size": {"__typename": "Box", "unit": "m", "width": 2, "x": 1}},
            {"id": "1", "size": {"unit": "m", "width": 2}},
        ),
        (
            SIZED,
            {"id": "1", "size": {"__typename": "Ball", "unit": "m", "width": 2}},
            {"id": "1", "size": {"unit": "m"}},
        ),
        (
            "{ ... on Product { __typename id size { ... on Box { width } } } }",
            {"id": "1", "size": {"__typename": "Ball", "radius": 2}},
            {"id": "1", "size": {}},
        ),
        (
            "{ ... on Product { __typename id parts { weight } grid { id } } }",
            {"id": "1", "parts": [{"weight": 1}, None, {}], "grid": [[{"id": "a"}], None]},
            {
                "id": "1",
                "parts": [{"weight": 1}, None, {"weight": None}],
                "grid": [[{"id": "a"}], None],
            },
        ),
    ],
    ids=[
        "only what is required",
        "a missing input is null",
        "a null input is null",
        "a fragment that matches",
        "a fragment that does not match",
        "nothing matches",
        "lists and lists of lists",
    ],
)
def test_what_goes_in(requires: str, value: dict[str, Any], expected: dict[str, Any]) -> None:
    """A representation holds the type name and what is required, nulls included."""
    found = build(requires, {"__typename": "Product", **value}, keys="{ ... on Product { id } }")
    assert found == [{"__typename": "Product", **expected}]


@pytest.mark.parametrize(
    ("keys", "value", "is_sent"),
    [
        ("id", {"id": "1", "sku": None}, True),
        ("id", {"id": None, "sku": "a"}, False),
        ("id", {"sku": "a"}, False),
        ("id sku", {"id": "1", "sku": None}, False),
        ("size { unit }", {"id": "1", "size": {"unit": "m"}}, True),
        ("size { unit }", {"id": "1", "size": {"unit": None}}, False),
        ("size { unit }", {"id": "1", "size": None}, False),
        ("parts { id }", {"id": "1", "parts": []}, True),
        ("parts { id }", {"id": "1", "parts": [{"id": "p"}, {"id": None}]}, False),
        ("parts { id }", {"id": "1", "parts": [None]}, False),
    ],
)
def test_a_null_in_the_key_keeps_the_entity_out(
    keys: str, value: dict[str, Any], is_sent: bool
) -> None:
    """Nested and listed key parts count; inputs beside the key do not."""
    requires = "{ ... on Product { __typename id sku size { unit } parts { id } } }"
    found = build(
        requires, {"__typename": "Product", **value}, keys=f"{{ ... on Product {{ {keys} }} }}"
    )
    assert (len(found) == 1) is is_sent


@pytest.mark.parametrize(
    ("value", "is_sent"),
    [
        ({"id": "1", "sku": None}, True),
        ({"id": None, "sku": "a"}, False),
        ({"id": None, "sku": None}, False),
    ],
)
def test_without_named_keys_the_declared_non_null_fields_are_it(
    value: dict[str, Any], is_sent: bool
) -> None:
    """A plan that does not name its keys falls back on the API schema."""
    assert (len(build(PRODUCT, {"__typename": "Product", **value})) == 1) is is_sent


def test_equal_json_is_sent_once_and_unequal_json_apart() -> None:
    """``1``, ``true`` and ``1.0`` are three values in JSON, and equal in Python."""
    objects = [
        {"__typename": "Product", "id": "x", "sku": value} for value in (1, True, 1.0, "1", 1)
    ]
    found = build(PRODUCT, *objects)
    assert [repr(each["sku"]) for each in found] == ["1", "True", "1.0", "'1'"]


def test_mixed_types_share_one_request() -> None:
    """Each object takes the fragments of its own type; others have no representation."""
    found = build(
        "{ ... on Book { __typename id pages } ... on Film { __typename id } }",
        {"__typename": "Film", "id": "f", "pages": 1},
        {"__typename": "Book", "id": "b", "pages": 1},
        {"__typename": "Product", "id": "p"},
    )
    assert found == [
        {"__typename": "Film", "id": "f"},
        {"__typename": "Book", "id": "b", "pages": 1},
    ]


def test_fragments_that_overlap_unite() -> None:
    """An object's own fragment and its interface's both go in."""
    found = build(
        "{ ... on Media { __typename id size { unit } }"
        " ... on Book { size { __typename } pages } }",
        {"__typename": "Book", "id": "b", "size": {"__typename": "Box", "unit": "m"}, "pages": 3},
    )
    assert found == [
        {
            "__typename": "Book",
            "id": "b",
            "size": {"unit": "m", "__typename": "Box"},
            "pages": 3,
        }
    ]


def test_input_rewrites_restore_names_and_set_the_interface() -> None:
    """An internal alias goes under its plain name; @interfaceObject gets the interface's name."""
    found = build(
        "{ ... on Book { __typename id _0_pages: pages } ... on Film { __typename id } }",
        {"__typename": "Book", "id": "b", "_0_pages": 3},
        {"__typename": "Film", "id": "f"},
        input_rewrites=(
            KeyRenamer((TypeCondition(("Book",)), "_0_pages"), "pages"),
            TypenameSetter((TypeCondition(("Book", "Film")), "__typename"), "Media"),
        ),
    )
    assert found == [
        {"__typename": "Media", "id": "b", "pages": 3},
        {"__typename": "Media", "id": "f"},
    ]


@pytest.mark.property
@given(st.lists(st.tuples(st.sampled_from([None, "1", 1, "2", True]), st.integers(0, 2))))
def test_every_position_has_its_own_entity(values: list[tuple[Any, int]]) -> None:
    """Representations are distinct, and each position stands at the one made of its object."""
    objects = [{"__typename": "Product", "id": i, "sku": s} for i, s in values]
    node: FetchNode = HandPlan(SCHEMA).entity(
        "s", PRODUCT, "{ ... on Product { id } }", keys="{ ... on Product { id } }"
    )
    positions = [Position(each, (None, index)) for index, each in enumerate(objects)]
    built = build_representations(positions, node, TYPES, ExplainedNulls())
    assert len({repr(item) for item in built.items}) == len(built.items)
    placed = [position for places in built.positions for position in places]
    assert sorted(p.link[1] for p in placed if p.link) == [
        index for index, each in enumerate(objects) if each["id"] is not None
    ]
    for item, places in zip(built.items, built.positions, strict=True):
        assert all(repr(position.value) == repr(item) for position in places)
