"""Loading supergraphs of every join version, and refusing what is none."""

import pytest

from schema.errors import SupergraphError
from schema.selection import Argument, Directive, Field, Literal, SelectionSet
from schema.supergraph.load import load_supergraph
from schema.supergraph.model import (
    Applied,
    Graph,
    InputObjectType,
    InterfaceType,
    JoinField,
    JoinImplements,
    JoinType,
    Key,
    Link,
    ObjectType,
    ScalarType,
    Supergraph,
    TypeRef,
    UnionMember,
    UnionType,
)

LINK = '@link(url: "https://specs.apollo.dev/link/v1.0")'
JOIN = '@link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)'
GRAPHS = """
enum join__Graph {
  A @join__graph(name: "a", url: "http://a")
  B @join__graph(name: "b-b", url: "")
}
"""
QUERY = "type Query @join__type(graph: A) { a: String }"


def load(body: str, links: str = "") -> Supergraph:
    """Load a v0.3 supergraph whose types are ``body``."""
    return load_supergraph(f"schema {LINK} {JOIN} {links} {{ query: Query }}\n{GRAPHS}\n{body}")


def object_type(supergraph: Supergraph, name: str) -> ObjectType:
    """Give an object or interface."""
    definition = supergraph.types[name]
    assert isinstance(definition, ObjectType)
    return definition


def test_reads_graphs_by_name() -> None:
    """Graphs are known by name; the enum value is only spelling."""
    assert load(QUERY).graphs == (Graph("a", "A", "http://a"), Graph("b-b", "B", ""))


def test_groups_the_keys_of_one_graph() -> None:
    """Several @join__type of one graph are one presence with several keys."""
    supergraph = load(
        QUERY
        + """
        type T
          @join__type(graph: A, key: "id")
          @join__type(graph: A, key: "org { id }", resolvable: false, extension: true)
          @join__type(graph: B) { id: ID org: T }
        """
    )
    id_set = SelectionSet("T", (Field("id"),))
    assert supergraph.types["T"].joins == (
        JoinType(
            "a",
            (Key(id_set), Key(SelectionSet("T", (Field("org", id_set),)), resolvable=False)),
            extension=True,
        ),
        JoinType("b-b"),
    )


def test_reads_everything_a_field_says() -> None:
    """@join__field with all its arguments becomes one value per graph."""
    supergraph = load(
        QUERY
        + """
        type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
          id: ID
          f(x: Int = 3): T
            @join__field(graph: A, requires: "id", type: "T!", override: "c", usedOverridden: true)
            @join__field(graph: B, provides: "id", external: true)
          g: Int @join__field
        }
        """
    )
    fields = object_type(supergraph, "T").fields
    id_set = SelectionSet("T", (Field("id"),))
    assert fields["f"].joins == (
        JoinField(
            "a",
            requires=id_set,
            type=TypeRef("T", non_null=True),
            override="c",
            used_overridden=True,
        ),
        JoinField("b-b", provides=id_set, external=True),
    )
    assert fields["f"].arguments[0].default == Literal("3")
    assert fields["g"].joins == (JoinField(None),)
    assert fields["id"].joins == ()


def test_passes_foreign_directives_through_and_reads_its_own() -> None:
    """Descriptions, tags, hiding and deprecation are members; the rest are directives."""
    supergraph = load(
        '''
        type Query @join__type(graph: A) {
          """
          Satu.

          One.
          """
          a: String @tag(name: "x") @tag(name: "y") @inaccessible @deprecated
            @kelas(tingkat: UMUM) @authenticated
        }
        directive @kelas(tingkat: String) on FIELD_DEFINITION
        scalar S @join__type(graph: A) @specifiedBy(url: "http://s")
        input I @join__type(graph: A) @oneOf { a: Int }
        ''',
    )
    assert object_type(supergraph, "Query").fields["a"].applied == Applied(
        description="Satu.\n\nOne.",
        inaccessible=True,
        tags=("x", "y"),
        deprecated="No longer supported",
        directives=(
            Directive("kelas", (Argument("tingkat", Literal("UMUM")),)),
            Directive("authenticated"),
        ),
    )
    assert supergraph.directives["kelas"].composed
    assert isinstance(scalar := supergraph.types["S"], ScalarType)
    assert scalar.specified_by == "http://s"
    assert isinstance(one_of := supergraph.types["I"], InputObjectType)
    assert one_of.one_of


def test_keeps_no_machinery() -> None:
    """Neither the types nor the directives of link and join reach the model."""
    supergraph = load(
        QUERY
        + """
        scalar join__FieldSet
        scalar link__Import
        directive @join__type(graph: join__Graph!) on OBJECT
        directive @link(url: String) on SCHEMA
        """
    )
    assert list(supergraph.types) == ["Query"]
    assert supergraph.directives == {}
    assert supergraph.links == ()


def test_keeps_an_authors_type_named_like_a_specification() -> None:
    """Only names with the prefix and two underscores are a specification's types."""
    supergraph = load(QUERY + "type join @join__type(graph: A) { link: link } scalar link")
    assert list(supergraph.types) == ["Query", "join", "link"]


def test_reads_renamed_specifications() -> None:
    """Prefixes and imports may be called anything."""
    supergraph = load_supergraph(
        """
        schema
          @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.3", as: "j", for: EXECUTION,
            import: [{name: "@field", as: "@at"}])
          @link(url: "https://specs.apollo.dev/inaccessible/v0.2", as: "hidden", for: SECURITY)
          @link(url: "https://specs.simpul.example/data/v1.0", import: ["@kelas"]) {
          query: Root
        }
        enum j__Graph { A @j__graph(name: "a", url: "") }
        type Root @j__type(graph: A) { x: Int @at(graph: A, external: true) @hidden }
        """
    )
    field = object_type(supergraph, "Root").fields["x"]
    assert field.joins == (JoinField("a", external=True),)
    assert field.applied.inaccessible
    assert supergraph.query_type == "Root"
    assert supergraph.links == (
        Link("https://specs.simpul.example/data/v1.0", imports=(("@kelas", "@kelas"),)),
    )


def test_reads_interfaces_unions_and_interface_objects() -> None:
    """Implementations and members are known per graph."""
    supergraph = load(
        QUERY
        + """
        interface I @join__type(graph: A, key: "id")
          @join__type(graph: B, key: "id", isInterfaceObject: true) { id: ID }
        type T implements I @join__type(graph: A) @join__implements(graph: A, interface: "I")
          { id: ID }
        union U @join__type(graph: A) @join__unionMember(graph: A, member: "T") = T
        """
    )
    assert supergraph.types["I"].joins[1].is_interface_object
    assert type(supergraph.types["I"]) is InterfaceType
    assert object_type(supergraph, "T").implements == (JoinImplements("a", "I"),)
    assert isinstance(union := supergraph.types["U"], UnionType)
    assert union.members == (UnionMember("a", "T"),)


def test_fills_in_what_version_0_1_leaves_unsaid() -> None:
    """Owners, value types and key fields become presence per graph, as v0.3 writes it."""
    supergraph = load_supergraph(
        """
        schema @core(feature: "https://specs.apollo.dev/core/v0.2")
          @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION) { query: Query }
        enum join__Graph {
          A @join__graph(name: "a", url: "http://a")
          B @join__graph(name: "b", url: "http://b")
        }
        type Query { t: T @join__field(graph: A) }
        type T @join__owner(graph: A) @join__type(graph: A, key: "id")
          @join__type(graph: B, key: "id") {
          id: ID! @join__field(graph: A)
          name: String
          size: Int @join__field(graph: B, requires: "name")
          value: Value
        }
        type Value implements I { x: Int }
        interface I { x: Int }
        """
    )
    fields = object_type(supergraph, "T").fields
    assert [join.graph for join in fields["id"].joins] == ["a", "b"]
    assert fields["name"].joins == (JoinField("a"),)
    assert [join.graph for join in fields["size"].joins] == ["b"]
    assert supergraph.types["Value"].joins == (JoinType("a"), JoinType("b"))
    assert object_type(supergraph, "Value").implements == (
        JoinImplements("a", "I"),
        JoinImplements("b", "I"),
    )
    assert supergraph.joins_of("Query", "t") == (JoinField("a"),)


HEAD = f"schema {LINK} {JOIN} {{ query: Query }} {GRAPHS}"

MALFORMED = {
    "no GraphQL": ("type {", "line 1, column 6"),
    "a plain schema": ("type Query { a: Int }", "compose"),
    "a schema without link": ("schema { query: Query } type Query { a: Int }", "join"),
    "no join link": (f"schema {LINK} {{ query: Query }} {GRAPHS} {QUERY}", "join"),
    "a join too new": (
        f"schema {LINK} {JOIN.replace('0.3', '0.9')} {{ query: Query }} {GRAPHS} {QUERY}",
        "v0.9",
    ),
    "a wrong url": (f'schema {LINK} @link(url: "x") {{ query: Query }}', '"x"'),
    "an unknown security feature": (
        f'schema {LINK} {JOIN} @link(url: "https://e.com/lock/v1.0", for: SECURITY) '
        f"{{ query: Query }} {GRAPHS} {QUERY}",
        "lock",
    ),
    "no graphs": (f"schema {LINK} {JOIN} {{ query: Query }} {QUERY}", "join__Graph"),
    "two graphs of one name": (
        f"schema {LINK} {JOIN} {{ query: Query }} enum join__Graph "
        '{ A @join__graph(name: "a", url: "") B @join__graph(name: "a", url: "") }' + QUERY,
        "same name",
    ),
    "an unknown graph": (HEAD + QUERY + "type T @join__type(graph: C) { a: Int }", '"T"'),
    "an unknown graph of a field": (
        HEAD + QUERY + "type T @join__type(graph: A) { a: Int @join__field(graph: C) }",
        '"T.a"',
    ),
    "a key that does not exist": (
        HEAD + QUERY + 'type T @join__type(graph: A, key: "id") { a: Int }',
        '"T.id"',
    ),
    "a requirement that cannot be read": (
        HEAD
        + QUERY
        + 'type T @join__type(graph: A) { a: Int @join__field(graph: A, requires: "{") }',
        '"T.a"',
    ),
    "a type that cannot be read": (
        HEAD + QUERY + 'type T @join__type(graph: A) { a: Int @join__field(graph: A, type: "[") }',
        '"T.a"',
    ),
    "an undefined type": (HEAD + QUERY + "type T @join__type(graph: A) { a: X }", '"X"'),
    "an undefined argument type": (
        HEAD + QUERY + "type T @join__type(graph: A) { a(b: X): Int }",
        "b:",
    ),
    "an undefined interface": (
        HEAD
        + QUERY
        + 'type T @join__type(graph: A) @join__implements(graph: A, interface: "N") {a: Int}',
        '"N"',
    ),
    "an undefined member": (
        HEAD
        + QUERY
        + 'union U @join__type(graph: A) @join__unionMember(graph: A, member: "N") = N',
        '"U"',
    ),
    "a type defined twice": (HEAD + QUERY + QUERY, '"Query"'),
    "a field defined twice": (
        HEAD + QUERY + "type T @join__type(graph: A) { a: Int a: Int }",
        '"T.a"',
    ),
    "an extension": (HEAD + QUERY + "extend type Query { b: Int }", "definitions only"),
    "a missing query type": (HEAD + "type T @join__type(graph: A) { a: Int }", '"Query"'),
    "a query type that is no object": (HEAD + "enum Query @join__type(graph: A) { A }", '"Query"'),
}


# What is well formed and not known here, by what its message names.
CODES = {"v0.9": "UNSUPPORTED_FEATURE", "lock": "UNSUPPORTED_LINKED_FEATURE"}


@pytest.mark.parametrize(("text", "where"), MALFORMED.values(), ids=MALFORMED.keys())
def test_refuses_malformed_supergraphs(text: str, where: str) -> None:
    """Each fault is told with its place, under the field's own code."""
    with pytest.raises(SupergraphError) as caught:
        load_supergraph(text)
    assert caught.value.code == CODES.get(where, "INVALID_FEDERATION_SUPERGRAPH")
    assert where in str(caught.value)
