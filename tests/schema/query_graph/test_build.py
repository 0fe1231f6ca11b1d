"""The query graph of small supergraphs: which nodes and edges there are, and which are not."""

from __future__ import annotations

from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import Node, NodeKind, QueryGraph
from tests.testkit.composing import FED2, supergraph_of


def graph_of(**sdl: str) -> QueryGraph:
    """Compose and build."""
    return build_query_graph(supergraph_of(**{name: FED2 + text for name, text in sdl.items()}))


def fields(graph: QueryGraph, type_name: str, subgraph: str) -> list[str]:
    """List what the type's node answers."""
    return list(graph.fields[node(graph, type_name, subgraph).id])


def node(graph: QueryGraph, type_name: str, subgraph: str) -> Node:
    """Give a node that must exist."""
    found = graph.node(type_name, subgraph)
    assert found is not None
    return found


def target(graph: QueryGraph, start: Node, field: str) -> Node:
    """Follow a field."""
    edge = graph.field(start, field)
    assert edge is not None
    assert edge.target is not None
    return graph.nodes[edge.target]


def test_every_type_has_a_node_in_each_subgraph_that_knows_it() -> None:
    """A type in two subgraphs is two nodes; a subgraph without it has none."""
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! a: Int }',
        b='type T @key(fields: "id") { id: ID! b: Int }',
    )
    assert fields(graph, "T", "a") == ["id", "a"]
    assert fields(graph, "T", "b") == ["id", "b"]
    assert graph.node("Missing", "a") is None
    assert [str(graph.nodes[edge.target]) for edge in graph.roots["Query"]] == [
        "Query@a",
        "Query@b",
    ]


def test_only_resolvable_keys_are_ways_in() -> None:
    """A key with resolvable: false is no KeyEdge."""
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id", resolvable: false) { id: ID! }',
        b='type T @key(fields: "id") @key(fields: "code") { id: ID! code: ID! }',
    )
    ways = [(edge.subgraph, str(edge.key)) for edge in graph.entries("T")]
    assert ways == [("b", "{ id }"), ("b", "{ code }")]


def test_external_fields_have_no_edge() -> None:
    """An @external field cannot be asked, the field that requires it can."""
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! x: Int }',
        b="""type T @key(fields: "id") { id: ID! x: Int @external
             y: Int @requires(fields: "x") }""",
    )
    assert fields(graph, "T", "b") == ["id", "y"]
    edge = graph.field(node(graph, "T", "b"), "y")
    assert edge is not None
    assert str(edge.requires) == "{ x }"


def test_external_key_of_an_extension_is_usable() -> None:
    """The Federation 1 spelling of a key can be asked."""
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='extend type T @key(fields: "id") { id: ID! @external b: Int }',
    )
    assert fields(graph, "T", "b") == ["id", "b"]


def test_overridden_field_has_no_edge() -> None:
    """The old subgraph of an @override is never asked for the field."""
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! f: Int }',
        b='type T @key(fields: "id") { id: ID! f: Int @override(from: "a") }',
    )
    assert fields(graph, "T", "a") == ["id"]
    assert fields(graph, "T", "b") == ["id", "f"]


def test_progressive_override_keeps_both_edges_with_their_label() -> None:
    """With a label both subgraphs have the edge, each for one state of the label."""
    graph = graph_of(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! f: Int }',
        b="""type T @key(fields: "id") {
               id: ID! f: Int @override(from: "a", label: "percent(5)") }""",
    )
    labels = {}
    for subgraph in ("a", "b"):
        edge = graph.field(node(graph, "T", subgraph), "f")
        assert edge is not None
        assert edge.label is not None
        labels[subgraph] = (edge.label.label, edge.label.active)
    assert labels == {"a": ("percent(5)", False), "b": ("percent(5)", True)}


def test_provided_fields_are_edges_of_a_copy_only() -> None:
    """@provides leads to a copy that answers more; the shared node does not."""
    graph = graph_of(
        a="""type Query { u: U @provides(fields: "name") other: U }
             type U @key(fields: "id") { id: ID! name: String @external }""",
        b='type U @key(fields: "id") { id: ID! name: String @shareable }',
    )
    root = node(graph, "Query", "a")
    assert list(graph.fields[target(graph, root, "u").id]) == ["id", "name"]
    assert str(target(graph, root, "u")) == "U@a#1"
    assert list(graph.fields[target(graph, root, "other").id]) == ["id"]


def test_provides_through_an_abstract_type_copies_its_member() -> None:
    """@provides of one union member leaves the other member as it is."""
    graph = graph_of(
        a="""type Query { m: M @provides(fields: "... on X { t }") } union M = X | Y
             type X @key(fields: "id") { id: ID! t: Int @external }
             type Y @key(fields: "id") { id: ID! }""",
        b='type X @key(fields: "id") { id: ID! t: Int @shareable }',
    )
    media = target(graph, node(graph, "Query", "a"), "m")
    x, y = graph.downcast(media, "X"), graph.downcast(media, "Y")
    assert x is not None
    assert y is not None
    assert graph.field(x, "t") is not None
    assert y.copy == 0


def test_interface_field_is_an_edge_only_where_every_member_answers_it() -> None:
    """An interface field that one member holds as @external has to be exploded."""
    graph = graph_of(
        a="""type Query { i: I } interface I { id: ID! name: String }
             type X implements I @key(fields: "id") { id: ID! name: String }
             type Y implements I @key(fields: "id") { id: ID! name: String @external }""",
        b='type Y @key(fields: "id") { id: ID! name: String }',
    )
    assert fields(graph, "I", "a") == ["id"]
    assert graph.object_types(node(graph, "I", "a")) == ("X", "Y")


def test_interface_object_is_entered_as_the_interface() -> None:
    """An object type of the interface may enter the @interfaceObject by the interface's key."""
    graph = graph_of(
        a="""type Query { i: I } interface I @key(fields: "id") { id: ID! }
             type X implements I @key(fields: "id") { id: ID! }""",
        b='type I @key(fields: "id") @interfaceObject { id: ID! n: Int }',
    )
    assert node(graph, "I", "b").kind is NodeKind.INTERFACE_OBJECT
    ways = [(edge.subgraph, edge.type_name, edge.as_interface) for edge in graph.entries("X")]
    assert ways == [("a", "X", False), ("b", "I", True)]


def test_edges_grow_with_the_schema_and_not_with_its_square() -> None:
    """Every twenty implementers more cost the same number of edges."""

    def size(implementers: int) -> int:
        def sdl(root: str) -> str:
            types = "".join(
                f'type T{i} implements I @key(fields: "id") {{ id: ID! n: Int @shareable }} '
                for i in range(implementers)
            )
            return f"{root} interface I {{ id: ID! n: Int }} {types}"

        graph = graph_of(a=sdl("type Query { i: I }"), b=sdl(""), c=sdl(""))
        return (
            sum(len(edges) for edges in graph.fields)
            + sum(len(edges) for edges in graph.downcasts)
            + sum(len(edges) for edges in graph.keys.values())
        )

    assert size(60) - size(40) == size(40) - size(20) > 0
