"""Composition as a whole: merge rules by table, worlds that load again."""

from __future__ import annotations

import pytest

from schema.selection import Argument, Directive, Literal
from schema.supergraph.load import load_supergraph
from schema.supergraph.model import EnumType, InputObjectType, ObjectType
from schema.supergraph.render import render_supergraph
from tests.testkit.composing import FED2, compose_sdl, supergraph_of

OUTPUT = [("Int", "Int!", "Int"), ("[Int!]!", "[Int]", "[Int]"), ("I", "T", "I")]
INPUT = [("Int", "Int!", "Int!"), ("[Int]", "[Int!]!", "[Int!]!")]
TYPES = " interface I { x: Int } type T implements I @shareable { x: Int }"
DATA = (
    'extend schema @link(url: "https://specs.simpul.example/data/v1.0", import: ["@kelas"]) '
    '@composeDirective(name: "@kelas") enum Tingkat { UMUM SPESIFIK } '
    "directive @kelas(tingkat: Tingkat!) on FIELD_DEFINITION | OBJECT "
)
WORLD = {
    "penduduk": FED2 + 'type Query { warga: [Warga] } type Warga @key(fields: "nik") '
    "{ nik: ID! nama: String @shareable }",
    "izin": FED2 + 'type Warga @key(fields: "nik") { nik: ID! umur: Int @external '
    'layak: Boolean @requires(fields: "umur") }',
    "usia": FED2 + 'type Warga @key(fields: "nik") { nik: ID! umur: Int }',
    "surat": FED2
    + 'type Surat @key(fields: "no") { no: ID! untuk: Warga @provides(fields: "nama") } '
    'type Warga @key(fields: "nik") { nik: ID! nama: String @external surat: [Surat] }',
}


@pytest.mark.parametrize(("first", "second", "merged"), OUTPUT)
def test_output_types_merge_to_the_supertype(first: str, second: str, merged: str) -> None:
    """Nullable beats non-null, an interface beats its member."""
    supergraph = supergraph_of(
        a=FED2 + f"type Query {{ f: {first} @shareable }}" + TYPES,
        b=FED2 + f"type Query {{ f: {second} @shareable }}" + TYPES,
    )
    query = supergraph.types["Query"]
    assert isinstance(query, ObjectType)
    assert str(query.fields["f"].type) == merged


@pytest.mark.parametrize(("first", "second", "merged"), INPUT)
def test_input_types_merge_to_the_subtype(first: str, second: str, merged: str) -> None:
    """Non-null beats nullable."""
    supergraph = supergraph_of(
        a=FED2 + f"type Query {{ f(n: {first}): Int @shareable }}",
        b=FED2 + f"type Query {{ f(n: {second}): Int @shareable }}",
    )
    query = supergraph.types["Query"]
    assert isinstance(query, ObjectType)
    assert str(query.fields["f"].arguments[0].type) == merged


def test_enums_and_inputs_merge_by_their_use() -> None:
    """Returned enums add up; input enums and objects keep what all have."""
    supergraph = supergraph_of(
        a=FED2 + "type Query { o: O i(e: E, n: N): Int } enum O { A } enum E { A B } "
        "input N { x: Int y: Int }",
        b=FED2 + "type Query { p: O j(e: E, n: N): Int } enum O { B } enum E { B } "
        "input N { x: Int }",
    )
    output, taken, given = (supergraph.types[name] for name in ("O", "E", "N"))
    assert isinstance(output, EnumType)
    assert set(output.values) == {"A", "B"}
    assert isinstance(taken, EnumType)
    assert set(taken.values) == {"B"}
    assert isinstance(given, InputObjectType)
    assert set(given.fields) == {"x"}


def test_the_stricter_data_class_wins_and_is_carried() -> None:
    """The specific class is kept, with definition and link."""
    supergraph = supergraph_of(
        a=FED2 + DATA + "type Query { x: Int @shareable @kelas(tingkat: SPESIFIK) }",
        b=FED2 + DATA + "type Query { x: Int @shareable @kelas(tingkat: UMUM) }",
    )
    query = supergraph.types["Query"]
    assert isinstance(query, ObjectType)
    wanted = Directive("kelas", (Argument("tingkat", Literal("SPESIFIK")),))
    assert query.fields["x"].applied.directives == (wanted,)
    assert supergraph.directives["kelas"].composed
    assert [link.url for link in supergraph.links] == ["https://specs.simpul.example/data/v1.0"]


def test_a_composed_world_loads_again() -> None:
    """What is rendered is read back as the same value."""
    supergraph = supergraph_of(**WORLD)
    assert load_supergraph(render_supergraph(supergraph)) == supergraph


def test_later_phases_wait_for_earlier_ones() -> None:
    """A subgraph's own error hides what merging would report."""
    result = compose_sdl(
        a=FED2 + 'type Query { x: Int t: T } type T @key(fields: "z") { id: ID! }',
        b=FED2 + "type Query { x: Int }",
    )
    assert [error.code for error in result.errors] == ["KEY_INVALID_FIELDS"]


def test_federation_1_shares_without_saying_so() -> None:
    """A schema without links composes as Federation 1 did."""
    supergraph = supergraph_of(a="type Query { x: Int }", b="type Query { x: Int }")
    assert isinstance(supergraph.types["Query"], ObjectType)
