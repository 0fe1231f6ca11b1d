"""The document of a subgraph, made complete: what its libraries leave out or add is evened out.

In: the parsed SDL and its links. Out: a document in which every specified directive and scalar is
defined exactly as its specification says, the machinery that subgraph libraries print
(``_entities``, ``_service``, ``_Any``) is gone, and a type that is only extended is defined, so
that the ordinary rules of GraphQL can judge the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    parse,
)

from schema.spec.federation import (
    FEDERATION_DIRECTIVES,
    FEDERATION_IDENTITY,
    FEDERATION_SCALARS,
    KNOWN_IDENTITIES,
    LATEST_FEDERATION_VERSION,
    MACHINERY_FIELDS,
    MACHINERY_TYPES,
)
from schema.spec.link import LINK_DEFINITIONS, LINK_IDENTITY, LinkedFeature
from schema.subgraph.links import Links

__all__ = [
    "CompleteDocument",
    "complete_document",
    "local_scalars",
    "specified_directives",
]

_DEFINITION_OF: dict[type[TypeExtensionNode], type[TypeDefinitionNode]] = {
    ObjectTypeExtensionNode: ObjectTypeDefinitionNode,
    InterfaceTypeExtensionNode: InterfaceTypeDefinitionNode,
    UnionTypeExtensionNode: UnionTypeDefinitionNode,
    EnumTypeExtensionNode: EnumTypeDefinitionNode,
    InputObjectTypeExtensionNode: InputObjectTypeDefinitionNode,
    ScalarTypeExtensionNode: ScalarTypeDefinitionNode,
}


@dataclass(frozen=True, slots=True)
class CompleteDocument:
    """``own`` is what the author wrote; ``specified`` what specifications add to it.

    ``redefined`` are the author's own definitions of specified directives, taken out of ``own``,
    and ``retyped`` those of specified scalars;
    ``only_extended`` names the types that the author extends and nowhere defines.
    """

    own: DocumentNode
    specified: DocumentNode
    redefined: dict[str, DirectiveDefinitionNode]  # by the specification's name
    only_extended: frozenset[str]
    retyped: tuple[TypeDefinitionNode, ...] = ()

    @property
    def whole(self) -> DocumentNode:
        """Both parts as one document."""
        return DocumentNode(definitions=(*self.own.definitions, *self.specified.definitions))


def complete_document(document: DocumentNode, links: Links, link: str) -> CompleteDocument:
    """Drop machinery, add what is specified, and define what is only extended."""
    specified = specified_directives(links)
    hidden = {*MACHINERY_TYPES, *local_scalars(links).values(), *_link_types(links)}
    hidden |= {"Int", "Float", "String", "Boolean", "ID"}  # some libraries print them
    root = _query_name(document)
    own: list[DefinitionNode] = []
    redefined: dict[str, DirectiveDefinitionNode] = {}
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in specified:
            redefined[specified[node.name.value]] = node
        elif not _is_hidden(node, hidden, link):
            own.extend(_without_machinery(node, root))
    only_extended = _only_extended(own)
    return CompleteDocument(
        DocumentNode(definitions=tuple(_define_extended(own, only_extended))),
        parse("\n".join(_specified_sdl(links, link)), no_location=True),
        redefined,
        frozenset(only_extended),
        tuple(_defining(document, frozenset(local_scalars(links).values()))),
    )


def specified_directives(links: Links) -> dict[str, str]:
    """Map local names of known directives to their specification's names."""
    names: dict[str, str] = {}
    version = links.version or LATEST_FEDERATION_VERSION
    for feature in links.names.features:
        if feature.url.identity not in KNOWN_IDENTITIES:
            continue
        for name, directive in FEDERATION_DIRECTIVES.items():
            if not _brings(feature, name):
                continue
            if directive.since <= version or feature.url.identity != FEDERATION_IDENTITY:
                names.setdefault(feature.local_directive(name), name)
    return names


def local_scalars(links: Links) -> dict[str, str]:
    """Map the specification's scalars to their local names."""
    federation = links.names.find(FEDERATION_IDENTITY)
    if federation is None:
        return {}
    return {name: federation.local_type(name) for name in FEDERATION_SCALARS}


def _brings(feature: LinkedFeature, directive: str) -> bool:
    if feature.url.identity == FEDERATION_IDENTITY:
        return feature.url.version is not None or f"@{directive}" in feature.imports
    name = feature.url.name
    return directive == name or (name == "cost" and directive == "listSize")


def _defining(document: DocumentNode, names: frozenset[str]) -> Iterator[TypeDefinitionNode]:
    for node in document.definitions:
        if isinstance(node, TypeDefinitionNode) and node.name.value in names:
            yield node


def _link_types(links: Links) -> tuple[str, str]:
    feature = links.names.find(LINK_IDENTITY)
    if feature is None:
        return "link__Import", "link__Purpose"
    return feature.local_type("Import"), feature.local_type("Purpose")


def _specified_sdl(links: Links, link: str) -> Iterator[str]:
    version = links.version or LATEST_FEDERATION_VERSION
    scalars = local_scalars(links)
    for local, name in specified_directives(links).items():
        yield FEDERATION_DIRECTIVES[name].define(local, version, scalars)
    for local in dict.fromkeys(scalars.values()):
        yield f"scalar {local}"
    imports, purpose = _link_types(links)
    for text in LINK_DEFINITIONS:
        yield text.format(link=link, Import=imports, Purpose=purpose)


def _query_name(document: DocumentNode) -> str:
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            for operation in node.operation_types or ():
                if operation.operation.value == "query":
                    return operation.type.name.value
    return "Query"


def _without_machinery(node: DefinitionNode, query: str) -> Iterator[DefinitionNode]:
    if not isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
        yield node
        return
    if node.name.value != query:
        yield node
        return
    fields = tuple(f for f in node.fields or () if f.name.value not in MACHINERY_FIELDS)
    if fields and len(fields) == len(node.fields or ()):
        yield node
    elif fields:
        yield type(node)(**{**_attributes(node), "fields": fields})


def _only_extended(nodes: list[DefinitionNode]) -> dict[str, None]:
    defined = {node.name.value for node in nodes if isinstance(node, TypeDefinitionNode)}
    return {
        node.name.value: None
        for node in nodes
        if isinstance(node, TypeExtensionNode) and node.name.value not in defined
    }


def _define_extended(
    nodes: list[DefinitionNode], names: dict[str, None]
) -> Iterator[DefinitionNode]:
    missing = dict(names)
    for node in nodes:
        if isinstance(node, TypeExtensionNode) and node.name.value in missing:
            del missing[node.name.value]
            yield _DEFINITION_OF[type(node)](**_attributes(node))
        else:
            yield node


def _attributes(node: DefinitionNode) -> dict[str, Any]:  # the constructors' own arguments
    return {key: getattr(node, key, None) for key in node.keys}


def _is_hidden(node: DefinitionNode, types: set[str], link: str) -> bool:
    if isinstance(node, DirectiveDefinitionNode):
        return node.name.value == link
    return isinstance(node, TypeDefinitionNode | TypeExtensionNode) and node.name.value in types
