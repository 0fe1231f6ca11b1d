"""Input types that may hold a personal value."""

from __future__ import annotations

from gateway.policy.personal_inputs import find_holders
from schema.composition.composer import compose
from schema.subgraph.model import SubgraphSource
from schema.supergraph.model import Supergraph

SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible"])
scalar NIK
scalar Tanggal
input Outer { inner: [Inner!] day: Tanggal }
input Inner { nik: NIK more: Inner }
input Named { name: String day: Tanggal }
input Hidden { nik: NIK @inaccessible day: Tanggal }
input Plain { day: Tanggal }
type Query { a(o: Outer, n: Named, h: Hidden, p: Plain, nik: NIK): Int }
"""


def _supergraph() -> Supergraph:
    composed = compose([SubgraphSource("a", "", SDL)])
    assert composed.supergraph is not None, composed.errors
    return composed.supergraph


def test_a_type_holds_what_its_fields_hold() -> None:
    """At any depth, through lists and types that hold themselves."""
    assert find_holders(_supergraph(), {"NIK"}) == {"NIK", "Inner", "Outer"}


def test_a_field_may_be_personal_by_itself() -> None:
    """Its type holds it, though no type of a value is personal."""
    assert find_holders(_supergraph(), {"Named.name"}) == {"Named"}


def test_nothing_personal_is_held_by_nothing() -> None:
    """Without personal inputs there are no holders."""
    assert find_holders(_supergraph(), frozenset()) == frozenset()
