"""From a valid document to the ``Subgraph`` value.

In: the author's part of a complete document, whose names all resolve. Out: types with extensions
folded in, directives under their canonical names, root types renamed, and @external and @shareable
of a declaration moved to the fields which that declaration holds (an extension's @shareable does
not reach the fields of the definition).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    parse,
)

from schema.ast_value import value_from_ast
from schema.selection import Argument, Directive, ListValue, Literal
from schema.subgraph.document import CompleteDocument, specified_directives
from schema.subgraph.links import Links
from schema.subgraph.model import (
    ROOT_TYPES,
    Notes,
    Subgraph,
    SubgraphArgument,
    SubgraphDirective,
    SubgraphEnumValue,
    SubgraphField,
    SubgraphSource,
    SubgraphType,
    TypeKind,
    argument_of,
)
from schema.type_ref import TypeRef

__all__ = ["build_subgraph", "parse_directive_definition", "root_names"]

_BUILT_IN_DIRECTIVES = ("deprecated", "specifiedBy", "oneOf")
_SPREADING = ("external", "shareable")  # what a type's declaration says of each of its fields


@dataclass(frozen=True, slots=True)
class _Names:
    """What every name of the document becomes."""

    directives: Mapping[str, str]  # local name -> canonical
    roots: Mapping[str, str]  # written -> Query, Mutation, Subscription
    link: str

    def type_name(self, written: str) -> str:
        return self.roots.get(written, written)


def build_subgraph(
    source: SubgraphSource, document: CompleteDocument, links: Links, link: str
) -> Subgraph:
    """Build the subgraph of a document that ``check_graphql`` found nothing wrong with."""
    roots = root_names(document.own)
    directives = specified_directives(links) | {name: name for name in _BUILT_IN_DIRECTIVES}
    names = _Names(directives, {written: root for root, written in roots.items()}, link)
    types: dict[str, SubgraphType] = {}
    own_directives: dict[str, SubgraphDirective] = {}
    schema_notes = Notes()
    for node in document.own.definitions:
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            part = _build_type(node, names)
            types[part.name] = _join_parts(types[part.name], part) if part.name in types else part
        elif isinstance(node, DirectiveDefinitionNode):
            own_directives[node.name.value] = _build_directive(node, names)
        elif isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            schema_notes = _join_notes(schema_notes, _schema_notes(node, names))
    extended = {names.type_name(name) for name in document.only_extended}
    subgraph = Subgraph(
        source.name,
        source.url,
        {n: _mark_extension(t, n in extended, links) for n, t in types.items()},
        own_directives,
        links.names,
        links.version,
        schema_notes,
        roots,
    )
    return subgraph if links.version is not None else _join_field_sets(subgraph)


def parse_directive_definition(sdl: str) -> SubgraphDirective:
    """Read one directive definition, as specifications write them."""
    node = parse(sdl, no_location=True).definitions[0]
    assert isinstance(node, DirectiveDefinitionNode)
    return _build_directive(node, _Names({}, {}, ""))


def root_names(document: DocumentNode) -> dict[str, str]:
    """Map Query, Mutation and Subscription to the types that play these parts here."""
    roots: dict[str, str] = {}
    defined = False
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            defined = defined or isinstance(node, SchemaDefinitionNode)
            for operation in node.operation_types or ():
                roots[operation.operation.value.capitalize()] = operation.type.name.value
    if defined:
        return roots
    written = {
        node.name.value
        for node in document.definitions
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode)
    }
    return {name: name for name in ROOT_TYPES if name in written} | roots


def _build_type(node: TypeDefinitionNode | TypeExtensionNode, names: _Names) -> SubgraphType:
    notes = _build_notes(node, names)
    name = names.type_name(node.name.value)
    match node:
        case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode():
            return _build_composite(node, TypeKind.OBJECT, notes, names)
        case InterfaceTypeDefinitionNode() | InterfaceTypeExtensionNode():
            return _build_composite(node, TypeKind.INTERFACE, notes, names)
        case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
            members = tuple(names.type_name(t.name.value) for t in node.types or ())
            return SubgraphType(name, TypeKind.UNION, members=members, notes=notes)
        case EnumTypeDefinitionNode() | EnumTypeExtensionNode():
            values = {
                v.name.value: SubgraphEnumValue(v.name.value, _build_notes(v, names))
                for v in node.values or ()
            }
            return SubgraphType(name, TypeKind.ENUM, values=values, notes=notes)
        case InputObjectTypeDefinitionNode() | InputObjectTypeExtensionNode():
            inputs = _build_arguments(node.fields or (), names)
            return SubgraphType(name, TypeKind.INPUT, inputs=inputs, notes=notes)
        case _:
            return SubgraphType(name, TypeKind.SCALAR, notes=notes)


def _build_composite(
    node: ObjectTypeDefinitionNode
    | ObjectTypeExtensionNode
    | InterfaceTypeDefinitionNode
    | InterfaceTypeExtensionNode,
    kind: TypeKind,
    notes: Notes,
    names: _Names,
) -> SubgraphType:
    spread = tuple(d for d in notes.known if d.name in _SPREADING)
    fields = {f.name.value: _spread(_build_field(f, names), spread) for f in node.fields or ()}
    return SubgraphType(
        names.type_name(node.name.value),
        kind,
        fields=fields,
        interfaces=tuple(t.name.value for t in node.interfaces or ()),
        notes=notes,
    )


def _spread(field: SubgraphField, directives: Iterable[Directive]) -> SubgraphField:
    added = tuple(d for d in directives if not field.notes.has(d.name))
    if not added:
        return field
    return replace(field, notes=replace(field.notes, known=field.notes.known + added))


def _build_field(node: FieldDefinitionNode, names: _Names) -> SubgraphField:
    return SubgraphField(
        node.name.value,
        _build_type_ref(node.type, names),
        _build_arguments(node.arguments or (), names),
        _build_notes(node, names),
    )


def _build_arguments(
    nodes: Iterable[InputValueDefinitionNode], names: _Names
) -> dict[str, SubgraphArgument]:
    built: dict[str, SubgraphArgument] = {}
    for node in nodes:
        name, type_ref = node.name.value, _build_type_ref(node.type, names)
        default = None if node.default_value is None else value_from_ast(node.default_value)
        built[name] = SubgraphArgument(name, type_ref, default, _build_notes(node, names))
    return built


def _build_type_ref(node: TypeNode, names: _Names) -> TypeRef:
    if isinstance(node, NonNullTypeNode):
        return replace(_build_type_ref(node.type, names), non_null=True)
    if isinstance(node, ListTypeNode):
        return TypeRef(of=_build_type_ref(node.type, names))
    assert isinstance(node, NamedTypeNode)
    return TypeRef(names.type_name(node.name.value))


def _build_notes(node: object, names: _Names) -> Notes:
    known: list[Directive] = []
    custom: list[Directive] = []
    for directive in getattr(node, "directives", None) or ():
        canonical = names.directives.get(directive.name.value)
        if canonical is None:
            custom.append(_build_application(directive, directive.name.value))
        else:
            known.append(_build_application(directive, canonical))
    description: StringValueNode | None = getattr(node, "description", None)
    return Notes(description.value if description else None, tuple(known), tuple(custom))


def _schema_notes(node: SchemaDefinitionNode | SchemaExtensionNode, names: _Names) -> Notes:
    notes = _build_notes(node, names)
    return replace(notes, custom=tuple(d for d in notes.custom if d.name != names.link))


def _build_application(node: DirectiveNode, name: str) -> Directive:
    arguments = (Argument(a.name.value, value_from_ast(a.value)) for a in node.arguments or ())
    return Directive(name, tuple(arguments))


def _join_field_sets(subgraph: Subgraph) -> Subgraph:
    """Read a Federation 1 list of fields, ``["a", "b"]``, as the string ``"a b"``."""

    def join(notes: Notes) -> Notes:
        return replace(notes, known=tuple(_join_fields(d) for d in notes.known))

    types = {
        name: replace(
            t,
            notes=join(t.notes),
            fields={n: replace(f, notes=join(f.notes)) for n, f in t.fields.items()},
        )
        for name, t in subgraph.types.items()
    }
    return replace(subgraph, types=types)


def _join_fields(directive: Directive) -> Directive:
    value = argument_of(directive, "fields")
    if directive.name not in ("key", "requires", "provides") or not isinstance(value, ListValue):
        return directive
    texts = [item.text[1:-1] for item in value.items if isinstance(item, Literal)]
    fields = Argument("fields", Literal(f'"{" ".join(texts)}"'))
    others = tuple(a for a in directive.arguments if a.name != "fields")
    return Directive(directive.name, (fields, *others))


def _build_directive(node: DirectiveDefinitionNode, names: _Names) -> SubgraphDirective:
    return SubgraphDirective(
        node.name.value,
        tuple(location.value for location in node.locations),
        _build_arguments(node.arguments or (), names),
        node.repeatable,
        node.description.value if node.description else None,
    )


def _join_parts(first: SubgraphType, second: SubgraphType) -> SubgraphType:
    return replace(
        first,
        fields={**first.fields, **second.fields},
        inputs={**first.inputs, **second.inputs},
        values={**first.values, **second.values},
        members=tuple(dict.fromkeys(first.members + second.members)),
        interfaces=tuple(dict.fromkeys(first.interfaces + second.interfaces)),
        notes=_join_notes(first.notes, second.notes),
    )


def _join_notes(first: Notes, second: Notes) -> Notes:
    return Notes(
        first.description or second.description,
        first.known + second.known,
        first.custom + second.custom,
    )


def _mark_extension(definition: SubgraphType, only_extended: bool, links: Links) -> SubgraphType:
    # Federation 1 wrote @extends for "extend"; later versions read it as a definition.
    says_so = links.version is None and definition.notes.has("extends")
    return replace(definition, is_extension=only_extended or says_so)
