"""A supergraph's SDL as the model, for every version of ``join`` from v0.1 to v0.5.

In: SDL as any composition writes it. Out: a ``Supergraph`` without any trace of how the document
spelled it, or a ``SupergraphError`` that says what is wrong and where. What earlier versions
leave unsaid (which graphs have a type, an implementation, a union's member) is filled in here, so
that nothing behind needs to know the version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLSyntaxError,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    OperationType,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
    value_from_ast_untyped,
)

from schema.ast_value import value_from_ast
from schema.errors import SupergraphError
from schema.spec.join import JOIN_IDENTITY
from schema.supergraph.check import check_references
from schema.supergraph.join_directives import JoinDirectives
from schema.supergraph.links import Links, read_links
from schema.supergraph.model import (
    ArgumentDefinition,
    DirectiveDefinition,
    EnumType,
    EnumValue,
    FieldDefinition,
    Graph,
    InputField,
    InputObjectType,
    InterfaceType,
    JoinField,
    JoinImplements,
    JoinType,
    ObjectType,
    ScalarType,
    Supergraph,
    TypeDefinition,
    UnionMember,
    UnionType,
)
from schema.supergraph.owner import expand_owner
from schema.supergraph.type_node import build_type_ref

__all__ = ["load_supergraph"]

_EXECUTABLE = frozenset(
    {
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT", "VARIABLE_DEFINITION",
    }
)  # fmt: skip
_SPECIFIED_DIRECTIVES = frozenset(
    {"skip", "include", "deprecated", "specifiedBy", "oneOf", "defer", "stream"}
)


def load_supergraph(sdl: str) -> Supergraph:
    """Read a supergraph's SDL.

    Raises:
        SupergraphError: code INVALID_FEDERATION_SUPERGRAPH, with the coordinates concerned.
    """
    document = _parse(sdl)
    schema = _schema_definition(document)
    links = read_links(schema)
    nodes = _type_nodes(document)
    graphs = _build_graphs(nodes, links)
    directives = JoinDirectives(links, graphs, _field_types(nodes))
    types = _Types(links, directives, tuple(graph.name for graph in graphs)).build(nodes)
    roots = {root.operation: root.type.name.value for root in schema.operation_types}
    supergraph = Supergraph(
        graphs=graphs,
        types=types,
        directives=_build_directive_definitions(document, links, directives),
        links=links.links,
        query_type=roots.get(OperationType.QUERY, "Query"),
        mutation_type=roots.get(OperationType.MUTATION),
        subscription_type=roots.get(OperationType.SUBSCRIPTION),
        description=_description(schema.description),
    )
    check_references(supergraph)
    return supergraph


def _parse(sdl: str) -> DocumentNode:
    try:
        return parse(sdl, no_location=True)
    except GraphQLSyntaxError as error:
        place = error.locations[0] if error.locations else None
        where = f" at line {place.line}, column {place.column}" if place else ""
        raise SupergraphError(f"The supergraph cannot be read{where}: {error.message}") from error


def _schema_definition(document: DocumentNode) -> SchemaDefinitionNode:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode):
            return definition
    raise SupergraphError(
        "The document is not a supergraph: it has no schema definition with @link; "
        "compose the subgraphs first."
    )


def _type_nodes(document: DocumentNode) -> dict[str, TypeDefinitionNode]:
    nodes: dict[str, TypeDefinitionNode] = {}
    for definition in document.definitions:
        if isinstance(definition, TypeDefinitionNode):
            name = definition.name.value
            if name in nodes:
                raise SupergraphError(f'The type "{name}" is defined twice.', (name,))
            nodes[name] = definition
        elif not isinstance(definition, SchemaDefinitionNode | DirectiveDefinitionNode):
            raise SupergraphError(
                f'A supergraph holds definitions only, not "{definition.kind}"; '
                "compose the subgraphs first."
            )
    return nodes


def _build_graphs(nodes: Mapping[str, TypeDefinitionNode], links: Links) -> tuple[Graph, ...]:
    enum_name = links.type(JOIN_IDENTITY, "Graph")
    node = nodes.get(enum_name)
    if not isinstance(node, EnumTypeDefinitionNode) or not node.values:
        raise SupergraphError(f'The supergraph has no enum "{enum_name}" that lists its graphs.')
    directive_name = links.directive(JOIN_IDENTITY, "graph")
    graphs = []
    for value in node.values:
        arguments = _find_arguments(value.directives, directive_name)
        name = arguments.get("name", value.name.value)
        graphs.append(Graph(str(name), value.name.value, str(arguments.get("url") or "")))
    if len({graph.name for graph in graphs}) != len(graphs):
        raise SupergraphError(f'"{enum_name}" gives two graphs the same name.', (enum_name,))
    return tuple(graphs)


def _field_types(nodes: Mapping[str, TypeDefinitionNode]) -> Callable[[str, str], str | None]:
    table = {
        (name, field.name.value): _named(field.type)
        for name, node in nodes.items()
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode)
        for field in node.fields or ()
    }
    return lambda parent, field: table.get((parent, field))


def _named(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value


class _Types:
    """Builds the types of one document; holds what every builder needs."""

    def __init__(
        self, links: Links, directives: JoinDirectives, graph_names: tuple[str, ...]
    ) -> None:
        self._links = links
        self._directives = directives
        self._graph_names = graph_names
        self._joins: dict[str, tuple[JoinType, ...]] = {}

    def build(self, nodes: Mapping[str, TypeDefinitionNode]) -> dict[str, TypeDefinition]:
        """Build every type that is no part of a specification the model itself says."""
        kept = {
            name: node for name, node in nodes.items() if not self._links.is_built_in_type(name)
        }
        self._joins = {name: self._type_joins(node) for name, node in kept.items()}
        return {name: self._build_type(node) for name, node in kept.items()}

    def _type_joins(self, node: TypeDefinitionNode) -> tuple[JoinType, ...]:
        name = node.name.value
        joins = self._directives.types(node.directives or (), name)
        # A type without @join__type: in v0.1 a value type or a root, which any graph may have.
        # One that a linked specification brings is in no graph at all.
        if joins or self._links.is_specified_type(name):
            return joins
        return tuple(JoinType(graph) for graph in self._graph_names)

    def _build_type(self, node: TypeDefinitionNode) -> TypeDefinition:
        match node:
            case ObjectTypeDefinitionNode():
                return ObjectType(**self._composite(node))
            case InterfaceTypeDefinitionNode():
                return InterfaceType(**self._composite(node))
            case UnionTypeDefinitionNode():
                return self._union(node)
            case EnumTypeDefinitionNode():
                return self._enum(node)
            case InputObjectTypeDefinitionNode():
                return self._input_object(node)
            case ScalarTypeDefinitionNode():
                return self._scalar(node)
            case _:
                raise TypeError(f'"{node.kind}" is not a type definition')

    def _base(self, node: TypeDefinitionNode) -> dict[str, Any]:
        name = node.name.value
        applied = self._directives.applied(node.directives or (), _description(node.description))
        return {"name": name, "joins": self._joins[name], "applied": applied}

    def _composite(
        self, node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode
    ) -> dict[str, Any]:
        name = node.name.value
        fields = _by_name((self._field(field, name) for field in node.fields or ()), name)
        owner = self._directives.owner(node.directives or (), name)
        if self._links.join_version == (0, 1):
            fields = expand_owner(fields, self._joins[name], owner)
        return {**self._base(node), "fields": fields, "implements": self._implements(node)}

    def _implements(
        self, node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode
    ) -> tuple[JoinImplements, ...]:
        name = node.name.value
        said = self._directives.implements(node.directives or (), name)
        said_interfaces = {join.interface for join in said}
        return said + tuple(
            JoinImplements(graph, interface.name.value)
            for interface in node.interfaces or ()
            if interface.name.value not in said_interfaces
            for graph in self._common_graphs(name, interface.name.value)
        )

    def _common_graphs(self, *type_names: str) -> tuple[str, ...]:
        first, *rest = ([join.graph for join in self._joins.get(n, ())] for n in type_names)
        return tuple(graph for graph in first if all(graph in graphs for graphs in rest))

    def _field(self, node: FieldDefinitionNode, parent: str) -> FieldDefinition:
        where = f"{parent}.{node.name.value}"
        return FieldDefinition(
            name=node.name.value,
            type=build_type_ref(node.type),
            arguments=_build_arguments(node.arguments or (), self._directives),
            joins=self._field_joins(node, parent, where),
            applied=self._directives.applied(node.directives or (), _description(node.description)),
        )

    def _field_joins(
        self, node: FieldDefinitionNode | InputValueDefinitionNode, parent: str, where: str
    ) -> tuple[JoinField, ...]:
        return self._directives.fields(node.directives or (), parent, _named(node.type), where)

    def _union(self, node: UnionTypeDefinitionNode) -> UnionType:
        name = node.name.value
        said = self._directives.union_members(node.directives or (), name)
        said_members = {join.member for join in said}
        members = said + tuple(
            UnionMember(graph, member.name.value)
            for member in node.types or ()
            if member.name.value not in said_members
            for graph in self._common_graphs(name, member.name.value)
        )
        return UnionType(members=members, **self._base(node))

    def _enum(self, node: EnumTypeDefinitionNode) -> EnumType:
        name = node.name.value
        values = (
            EnumValue(
                value.name.value,
                self._directives.enum_value_graphs(
                    value.directives or (), f"{name}.{value.name.value}"
                ),
                self._directives.applied(value.directives or (), _description(value.description)),
            )
            for value in node.values or ()
        )
        return EnumType(values=_by_name(values, name), **self._base(node))

    def _input_object(self, node: InputObjectTypeDefinitionNode) -> InputObjectType:
        name = node.name.value
        fields = (
            InputField(
                field.name.value,
                build_type_ref(field.type),
                value_from_ast(field.default_value) if field.default_value else None,
                self._field_joins(field, name, f"{name}.{field.name.value}"),
                self._directives.applied(field.directives or (), _description(field.description)),
            )
            for field in node.fields or ()
        )
        one_of = any(d.name.value == "oneOf" for d in node.directives or ())
        return InputObjectType(fields=_by_name(fields, name), one_of=one_of, **self._base(node))

    def _scalar(self, node: ScalarTypeDefinitionNode) -> ScalarType:
        url = _find_arguments(node.directives, "specifiedBy").get("url")
        return ScalarType(specified_by=url, **self._base(node))


def _by_name(items: Iterable[Any], where: str) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for item in items:
        if item.name in table:
            coordinate = f"{where}.{item.name}"
            raise SupergraphError(f'"{coordinate}" is defined twice.', (coordinate,))
        table[item.name] = item
    return table


def _build_arguments(
    nodes: Sequence[InputValueDefinitionNode], directives: JoinDirectives
) -> tuple[ArgumentDefinition, ...]:
    return tuple(
        ArgumentDefinition(
            node.name.value,
            build_type_ref(node.type),
            value_from_ast(node.default_value) if node.default_value else None,
            directives.applied(node.directives or (), _description(node.description)),
        )
        for node in nodes
    )


def _build_directive_definitions(
    document: DocumentNode, links: Links, directives: JoinDirectives
) -> dict[str, DirectiveDefinition]:
    definitions = {}
    for node in document.definitions:
        if not isinstance(node, DirectiveDefinitionNode):
            continue
        name = node.name.value
        if name in _SPECIFIED_DIRECTIVES or links.is_built_in_directive(name):
            continue
        locations = tuple(location.value for location in node.locations)
        definitions[name] = DirectiveDefinition(
            name,
            locations,
            _build_arguments(node.arguments or (), directives),
            node.repeatable,
            composed=links.is_specified_directive(name) or not _EXECUTABLE.intersection(locations),
            description=_description(node.description),
        )
    return definitions


def _find_arguments(directives: Sequence[ConstDirectiveNode] | None, name: str) -> dict[str, Any]:
    for directive in directives or ():
        if directive.name.value == name:
            return {
                a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()
            }
    return {}


def _description(node: StringValueNode | None) -> str | None:
    return node.value if node is not None else None
