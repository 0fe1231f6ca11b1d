"""The client's schema: what it shows, and what it must never show."""

from textwrap import dedent

import pytest
from graphql import print_schema, validate_schema
from hypothesis import given, settings

from schema.errors import SupergraphError
from schema.supergraph.api_schema import build_api_schema, render_api_schema
from schema.supergraph.load import load_supergraph
from schema.supergraph.model import Supergraph
from tests.testkit.supergraphs import supergraphs

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a") }
directive @join__type(graph: join__Graph!) repeatable on OBJECT
directive @kelas(tingkat: String) on FIELD_DEFINITION
directive @trace("Tingkat." depth: Int = 1) on FIELD
directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION
scalar requiresScopes__Scope
"""


def load(body: str) -> Supergraph:
    """Load a supergraph whose types are ``body``."""
    return load_supergraph(HEAD + body)


def test_shows_everything_visible_and_nothing_else() -> None:
    """Descriptions and deprecations stay; hidden elements and machinery go."""
    supergraph = load(
        '''
        """
        Akar.

        Root.
        """
        type Query @join__type(graph: A) {
          "Warga." me(secret: Int @inaccessible, at: Int = 3): User @kelas(tingkat: "UMUM")
          old: Int @deprecated(reason: "pakai \\"me\\"")
          hidden: Hidden @inaccessible
          leaks: Hidden
          any: Any
          color(filter: Filter): Color
        }
        type User implements Named @join__type(graph: A)
          @join__implements(graph: A, interface: "Named") { id: ID! name: String }
        interface Named @join__type(graph: A) @inaccessible { name: String }
        type Hidden @join__type(graph: A) @inaccessible { a: Int }
        type OnlyHidden @join__type(graph: A) { a: Int @inaccessible }
        union Any @join__type(graph: A) @join__unionMember(graph: A, member: "User")
          @join__unionMember(graph: A, member: "Hidden")
          @join__unionMember(graph: A, member: "OnlyHidden") = User | Hidden | OnlyHidden
        enum Color @join__type(graph: A) { RED GREEN @inaccessible }
        input Filter @join__type(graph: A) { a: Int b: Int @inaccessible }
        '''
    )
    assert print_schema(build_api_schema(supergraph)) == dedent(
        '''\
        directive @trace(
          """Tingkat."""
          depth: Int = 1
        ) on FIELD

        union Any = User

        enum Color {
          RED
        }

        input Filter {
          a: Int
        }

        """
        Akar.

        Root.
        """
        type Query {
          """Warga."""
          me(at: Int = 3): User
          old: Int @deprecated(reason: "pakai \\"me\\"")
          any: Any
          color(filter: Filter): Color
        }

        type User {
          id: ID!
          name: String
        }'''
    )


def test_has_neither_defer_nor_stream() -> None:
    """What the gateway does not do is not offered."""
    schema = build_api_schema(load("type Query @join__type(graph: A) { a: Int }"))
    assert {directive.name for directive in schema.directives}.isdisjoint({"defer", "stream"})


def test_enum_values_are_their_names() -> None:
    """Variables and literals of an enum are the text that subgraphs get."""
    supergraph = load(
        "type Query @join__type(graph: A) { a: Color } enum Color @join__type(graph: A) { RED }"
    )
    color = build_api_schema(supergraph).get_type("Color")
    assert color is not None
    assert color.to_kwargs()["values"]["RED"].value == "RED"


def test_the_text_is_sorted_by_name() -> None:
    """Types follow the alphabet, whatever order the supergraph has."""
    text = render_api_schema(
        load("type Query @join__type(graph: A) { a: Int } type B @join__type(graph: A) { a: Int }")
    )
    assert text.index("type B") < text.index("type Query")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("type Query @join__type(graph: A) { a: Int @inaccessible }", '"Query"'),
        ("type Query @join__type(graph: A) { __a: Int }", "__a"),
        ("type Query @join__type(graph: A) { a(b: Query): Int }", "Query.a"),
    ],
)
def test_refuses_what_makes_no_schema(body: str, where: str) -> None:
    """A supergraph without a valid client's schema is refused with the place."""
    with pytest.raises(SupergraphError) as caught:
        build_api_schema(load(body))
    assert where in str(caught.value)


@pytest.mark.property
@settings(max_examples=settings.default.max_examples // 4)  # a world each
@given(supergraphs())
def test_never_shows_what_is_hidden(supergraph: Supergraph) -> None:
    """No inaccessible type or field is in the API schema, for any supergraph with one."""
    try:
        schema = build_api_schema(supergraph)
    except SupergraphError:
        return
    assert validate_schema(schema) == []
    for name, definition in supergraph.types.items():
        if definition.applied.inaccessible:
            assert schema.get_type(name) is None
    for name, field in supergraph.types["Query"].fields.items():  # type: ignore[union-attr]  # an object
        if field.applied.inaccessible:
            assert name not in schema.query_type.fields  # type: ignore[union-attr]  # always there
