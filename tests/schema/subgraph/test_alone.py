"""A subgraph as a graph of its own."""

from __future__ import annotations

from schema.composition.composer import compose_alone
from schema.subgraph.model import SubgraphSource
from schema.supergraph.api_schema import render_api_schema
from schema.supergraph.load import load_supergraph
from schema.supergraph.model import ObjectType, Supergraph, UnionType
from schema.supergraph.render import render_supergraph

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: '
    '["@key" "@external" "@requires" "@inaccessible" "@interfaceObject" "@override"])\n'
)


def alone(sdl: str) -> Supergraph:
    """Compose one subgraph alone; it must be right."""
    result = compose_alone(SubgraphSource("a", "http://a.example", LINK + sdl))
    assert result.errors == ()
    assert result.supergraph is not None
    return result.supergraph


def test_all_types_with_a_resolvable_key_can_be_asked_for() -> None:
    """``_entities`` spans what the subgraph resolves, and nothing else."""
    supergraph = alone(
        'type A @key(fields: "id") { id: ID! } '
        'type B @key(fields: "id", resolvable: false) { id: ID! } '
        'type C @key(fields: "id") @interfaceObject { id: ID! n: Int } '
        "type Query { b: B }"
    )
    entities = supergraph.types["_Entity"]
    assert isinstance(entities, UnionType)
    assert entities.member_names == ("A", "C")
    assert "_entities(representations: [_Any!]!): [_Entity]!" in render_api_schema(supergraph)


def test_a_subgraph_without_a_root_field_has_its_machinery() -> None:
    """Entities alone are enough to be a subgraph."""
    supergraph = alone('type A @key(fields: "id") { id: ID! }')
    query = supergraph.types["Query"]
    assert isinstance(query, ObjectType)
    assert list(query.fields) == ["_service", "_entities"]


def test_a_subgraph_without_entities_has_only_its_sdl() -> None:
    """A union without members would be no schema."""
    supergraph = alone("type Query { n: Int }")
    assert "_Entity" not in supergraph.types
    assert "_service: _Service!" in render_api_schema(supergraph)


def test_what_others_own_and_what_is_hidden_is_answered() -> None:
    """The router in front hides and joins: here externals and inaccessible fields are fields."""
    supergraph = alone(
        'type A @key(fields: "id") { id: ID! n: Int @external secret: Int @inaccessible '
        'own: Int @requires(fields: "n") moved: Int @override(from: "b") } '
        "type Query { a: A }"
    )
    api = render_api_schema(supergraph)
    for field in ("n: Int", "secret: Int", "own: Int", "moved: Int"):
        assert field in api
    assert load_supergraph(render_supergraph(supergraph)) == supergraph


def test_a_wrong_subgraph_is_refused_alone_too() -> None:
    """The rules of one subgraph hold without any other."""
    result = compose_alone(
        SubgraphSource("a", "", LINK + 'type A @key(fields: "x") { id: ID! } type Query { a: A }')
    )
    assert [error.code for error in result.errors] == ["KEY_INVALID_FIELDS"]
