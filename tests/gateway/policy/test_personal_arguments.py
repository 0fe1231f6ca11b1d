"""Personal arguments: whether an operation would put a personal value into a URL."""

import pytest
from graphql import build_schema

from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.policy.classes import DataClasses
from gateway.policy.personal_arguments import has_personal_arguments

SCHEMA = build_schema(
    """
    scalar NIK
    scalar NomorKK
    scalar Telepon
    type Query {
      penduduk(nik: NIK): Query
      banyak(nik: [NIK!]): Query
      cari(saring: Saring): Query
      daftar(saring: [Saring]): Query
      kode(kode: String, nama: String): Int
      telepon(nomor: Telepon): Int
    }
    input Saring { nik: NIK nama: String kode: String dalam: Saring }
    """
)
CLASSES = DataClasses(
    personal_inputs=frozenset({"NIK", "NomorKK", "Telepon", "Saring.nama", "Query.kode(nama:)"}),
    personal_holders=frozenset({"NIK", "NomorKK", "Telepon", "Saring"}),
)

PERSONAL = {
    "literal": '{ penduduk(nik: "x") { kode } }',
    "variable": "query ($n: NIK!) { penduduk(nik: $n) { kode } }",
    "list": '{ banyak(nik: ["x"]) { kode } }',
    "variable list": "query ($n: [NIK!]) { banyak(nik: $n) { kode } }",
    "variable in a list": "query ($n: NIK!) { banyak(nik: [$n]) { kode } }",
    "inside an object": '{ cari(saring: {nik: "x"}) { kode } }',
    "deep inside an object": '{ cari(saring: {dalam: {dalam: {nik: "x"}}}) { kode } }',
    "a classed input field": '{ cari(saring: {nama: "x"}) { kode } }',
    "inside a list of objects": '{ daftar(saring: [{kode: "x"}, {nik: "x"}]) { kode } }',
    "an object as variable": "query ($s: Saring) { cari(saring: $s) { kode } }",
    "a classed argument": '{ kode(nama: "x") }',
    "a classed scalar": '{ telepon(nomor: "x") }',
    "below": '{ cari { cari { penduduk(nik: "x") { kode } } } }',
    "in a fragment": '{ ...F } fragment F on Query { penduduk(nik: "x") { kode } }',
}

PUBLIC = {
    "no argument": "{ penduduk { kode } }",
    "another argument": '{ kode(kode: "x") }',
    "a variable of another type": "query ($k: String) { kode(kode: $k) }",
    "an object without personal fields": '{ cari(saring: {kode: "x"}) { kode } }',
    "null": "{ penduduk(nik: null) { kode } }",
    "null inside an object": "{ cari(saring: {nik: null, nama: null}) { kode } }",
    "introspection": '{ __type(name: "NIK") { name } }',
}


def is_personal(text: str) -> bool:
    """Normalize and ask."""
    document = parse_document(text, max_tokens=1_000)
    operation = normalize_document(document, None, SCHEMA)
    return has_personal_arguments(operation, SCHEMA, CLASSES)


@pytest.mark.parametrize("text", PERSONAL.values(), ids=PERSONAL.keys())
def test_finds_personal_values(text: str) -> None:
    """Wherever a personal value is fed, by literal or by variable."""
    assert is_personal(text)


@pytest.mark.parametrize("text", PUBLIC.values(), ids=PUBLIC.keys())
def test_lets_public_values_pass(text: str) -> None:
    """What feeds no personal value may come by GET."""
    assert not is_personal(text)
