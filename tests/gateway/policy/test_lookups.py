"""Which fields find a personal record by a personal value."""

from __future__ import annotations

import pytest

from gateway.policy.classes import build_classes
from schema.supergraph.load import load_supergraph

GRAPH = """
schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.simpul.example/data/v1.0", import: ["@kelas"]) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "") }
scalar NIK @join__type(graph: A)
input Who @join__type(graph: A) { nik: NIK next: Who }
input What @join__type(graph: A) { code: String like: What }
type Query @join__type(graph: A) {
  person(nik: NIK!): Person
  people(niks: [NIK!]!): [Person!]!
  claimed(who: Who): Person
  member(nik: NIK): Member
  named(nik: NIK): Named
  secret(nik: NIK): Person @kelas(tingkat: SPESIFIK)
  plain(code: String, what: What): Person
  open(nik: NIK): Place
  count(nik: NIK): Int
}
interface Named @join__type(graph: A) { name: String }
type Person implements Named @join__type(graph: A)
  @join__implements(graph: A, interface: "Named")
{
  name: String @kelas(tingkat: UMUM)
  age: Int
}
type Place @join__type(graph: A) { code: String friend(nik: NIK): Person }
union Member @join__type(graph: A) @join__unionMember(graph: A, member: "Place")
  @join__unionMember(graph: A, member: "Person") = Place | Person
"""
CLASSES = build_classes(load_supergraph(GRAPH))


@pytest.mark.parametrize(
    ("where", "opened_by"),
    [
        ("Query.person", ("Person.name",)),
        ("Query.people", ("Person.name",)),
        ("Query.claimed", ("Person.name",)),
        ("Query.member", ("Person.name",)),
        ("Query.named", ("Named.name", "Person.name")),
        ("Place.friend", ("Person.name",)),
        ("Query.secret", None),
        ("Query.plain", None),
        ("Query.open", None),
        ("Query.count", None),
    ],
)
def test_finds_what_takes_a_personal_value(where: str, opened_by: tuple[str, ...] | None) -> None:
    """By a number, a list of them or an input that holds one; what has a class needs no more."""
    assert CLASSES.lookups.get(where) == opened_by


def test_tells_who_would_have_answered() -> None:
    """The subgraph of the field, for the completeness statement."""
    assert CLASSES.sources["Query.person"] == "a"
