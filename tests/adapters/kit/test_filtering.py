"""Filters and orders of the caller's choice, and the input types that all subgraphs share."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import GraphQLInputObjectType, build_schema

from adapters.kit import comparisons
from adapters.kit.comparison_inputs import COMPARISON_TEXTS, comparison_types
from adapters.kit.filtering import Filter, Order, order_values, read_filters, read_order
from adapters.kit.outcome import InvalidArgument
from adapters.kit.scalars import SCALAR_MAP


@strawberry.type
class Query:
    """The least that a schema has."""

    ada: bool


@pytest.mark.parametrize("name", comparisons.__all__)
def test_python_adapters_declare_comparisons_as_declared_ones_do(name: str) -> None:
    """Same fields, types and texts: composition keeps only what all subgraphs have."""
    kind: Any = getattr(comparisons, name)

    config = strawberry.schema.config.StrawberryConfig(scalar_map=dict(SCALAR_MAP))
    sdl = strawberry.Schema(Query, types=[kind], config=config).as_str()
    made = build_schema(sdl).type_map[name]
    assert isinstance(made, GraphQLInputObjectType)
    scalar = name.removeprefix("Banding")
    assert made.description == f"Perbandingan {scalar}.\n\nComparisons of {scalar}."
    assert {each: (str(f.type), f.description) for each, f in made.fields.items()} == {
        field: (written, "\n\n".join(COMPARISON_TEXTS[compare]))
        for compare, (field, written) in comparison_types(scalar).items()
    }


def test_filters() -> None:
    """Nulls ask for nothing; the values of one comparison are each asked once."""
    given = {"jenis": {"dalam": ["A", "B", "A"], "sama": None}, "tanggal": None}
    assert read_filters(given, {"jenis": ("in",)}) == (Filter("jenis", "in", ("A", "B")),)
    assert read_filters(None, {}) == ()


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        ({"jenis": ("equal", "in")}, 'allowed are "sama", "dalam".'),
        ({}, "this field cannot be filtered."),
    ],
)
def test_a_comparison_that_is_not_allowed(allowed: dict[str, Any], told: str) -> None:
    """The refusal names the field and what is allowed, and no value."""
    with pytest.raises(InvalidArgument) as refusal:
        read_filters({"jenis": {"awalan": "RAHASIA"}}, allowed)
    assert str(refusal.value) == f'"saring.jenis.awalan" cannot be asked of the source: {told}'


def test_orders() -> None:
    """A field is sorted by once, as it was named first; unknown orders are refused."""
    values = order_values(["tanggalTerbit", "nomor"])
    assert [*values] == [
        *("TANGGAL_TERBIT_NAIK", "TANGGAL_TERBIT_TURUN", "NOMOR_NAIK", "NOMOR_TURUN"),
    ]
    chosen = ["NOMOR_TURUN", "TANGGAL_TERBIT_NAIK", "NOMOR_NAIK"]
    assert read_order(chosen, values) == (Order("nomor", True), Order("tanggalTerbit"))
    with pytest.raises(InvalidArgument, match="allowed are TANGGAL_TERBIT_NAIK"):
        read_order(["NAMA_NAIK"], values)
