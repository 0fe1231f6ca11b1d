"""Rendering supergraphs: what is written, and that loading undoes it."""

import re
from dataclasses import replace

import pytest
from graphql import build_schema
from hypothesis import given, settings

from schema.supergraph.load import load_supergraph
from schema.supergraph.model import (
    ContextArgument,
    FieldDefinition,
    JoinField,
    ObjectType,
    Supergraph,
    TypeRef,
)
from schema.supergraph.render import render_supergraph
from tests.testkit.supergraphs import supergraphs


def with_join(join: JoinField) -> Supergraph:
    """Make a supergraph with one field that says ``join``."""
    field = FieldDefinition("a", TypeRef("String"), joins=(join,))
    graph = load_supergraph(MINIMAL)
    query = graph.types["Query"]
    assert isinstance(query, ObjectType)
    return replace(graph, types={"Query": replace(query, fields={"a": field})})


MINIMAL = """
schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a") }
type Query @join__type(graph: A) { a: String }
"""


@pytest.mark.property
@settings(max_examples=settings.default.max_examples // 4)  # a world each
@given(supergraphs())
def test_load_undoes_render(supergraph: Supergraph) -> None:
    """Whatever the supergraph says comes back equal."""
    assert load_supergraph(render_supergraph(supergraph)) == supergraph


@pytest.mark.property
@settings(max_examples=settings.default.max_examples // 4)  # a world each
@given(supergraphs())
def test_equal_supergraphs_print_alike(supergraph: Supergraph) -> None:
    """The order in which types were added does not show."""
    turned = replace(
        supergraph,
        types=dict(reversed(supergraph.types.items())),
        directives=dict(reversed(supergraph.directives.items())),
    )
    assert render_supergraph(turned) == render_supergraph(supergraph)


@pytest.mark.parametrize(
    ("join", "version"),
    [
        (JoinField("a", requires=None), "v0.3"),
        (JoinField("a", override="b"), "v0.3"),
        (JoinField("a", override="b", override_label="percent(1)"), "v0.4"),
        (
            JoinField(
                "a",
                override_label="percent(1)",
                context_arguments=(ContextArgument("a__c", "x", TypeRef("Int"), "{ a }"),),
            ),
            "v0.5",
        ),
    ],
)
def test_writes_the_lowest_join_version_that_can_say_it(join: JoinField, version: str) -> None:
    """v0.3 unless an override label (v0.4) or a contextual argument (v0.5) needs more."""
    text = render_supergraph(with_join(join))
    assert re.findall(r"join/(v\d\.\d)", text) == [version]


def test_is_valid_sdl_with_all_definitions() -> None:
    """graphql-core accepts the text under full SDL validation: no directive is undefined."""
    text = render_supergraph(load_supergraph(FEATURES))
    build_schema(text)


def test_links_tag_and_inaccessible_only_where_used() -> None:
    """A supergraph that hides and labels nothing does not link their specifications."""
    assert "inaccessible" not in render_supergraph(load_supergraph(MINIMAL))
    used = render_supergraph(load_supergraph(FEATURES))
    assert "https://specs.apollo.dev/inaccessible/v0.2" in used
    assert "https://specs.apollo.dev/tag/v0.3" in used


FEATURES = """
schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {
  query: Query
}
enum join__Graph { A @join__graph(name: "a", url: "http://a") }
type Query @join__type(graph: A) @tag(name: "x") {
  a(b: Int = 1 @deprecated): String @inaccessible
  c: String @join__field(graph: A, contextArguments: [
    {context: "a__c", name: "x", type: "Int!", selection: "{ a }"}
  ])
  d: U
  e(f: In): E @join__field(graph: A, override: "z", overrideLabel: "percent(1)")
}
union U @join__type(graph: A) @join__unionMember(graph: A, member: "Query") = Query
enum E @join__type(graph: A) { V @join__enumValue(graph: A) @tag(name: "y") }
input In @join__type(graph: A) @oneOf { a: Int }
scalar S @join__type(graph: A) @specifiedBy(url: "http://s")
"""
