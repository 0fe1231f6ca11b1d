"""The supergraph as data: every type and field with the subgraphs that know it.

In: built by ``load`` (from SDL) or by ``schema.composition`` (from subgraphs). Out: read by
``api_schema``, ``render`` and ``schema.query_graph``. It mirrors the ``join`` specification
(https://specs.apollo.dev/join/v0.5): what ``@join__type``, ``@join__field``, ``@join__implements``,
``@join__unionMember`` and ``@join__enumValue`` say is held as values, not as directives.

Invariants: graphs are named by their *name* (``accounts``), never by enum value (``ACCOUNTS``);
field sets are parsed; iteration order is the order of the SDL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from schema.selection import Directive, SelectionSet, Value
from schema.type_ref import TypeRef

__all__ = [
    "Applied",
    "ArgumentDefinition",
    "ContextArgument",
    "DirectiveDefinition",
    "EnumType",
    "EnumValue",
    "FieldDefinition",
    "Graph",
    "InputField",
    "InputObjectType",
    "InterfaceType",
    "JoinField",
    "JoinImplements",
    "JoinType",
    "Key",
    "Link",
    "ObjectType",
    "ScalarType",
    "Supergraph",
    "TypeDefinition",
    "TypeRef",
    "UnionMember",
    "UnionType",
]


@dataclass(frozen=True, slots=True)
class Graph:
    """One subgraph: ``enum_value`` is its name in ``join__Graph``, ``url`` may be empty."""

    name: str
    enum_value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One ``@key`` of a type in one subgraph."""

    fields: SelectionSet
    resolvable: bool = True


@dataclass(frozen=True, slots=True)
class JoinType:
    """A type's presence in one subgraph, with all its keys there."""

    graph: str
    keys: tuple[Key, ...] = ()
    extension: bool = False
    is_interface_object: bool = False


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """One argument set from a context (join v0.5); ``selection`` is its raw field selection."""

    context: str
    name: str
    type: TypeRef
    selection: str


@dataclass(frozen=True, slots=True)
class JoinField:
    """A field's presence in one subgraph, or, with ``graph`` None, nowhere.

    ``type`` is the field's type in that subgraph where it differs from the supergraph's.
    """

    graph: str | None
    type: TypeRef | None = None
    requires: SelectionSet | None = None
    provides: SelectionSet | None = None
    external: bool = False
    override: str | None = None  # the subgraph it was taken from
    override_label: str | None = None
    used_overridden: bool = False  # resolved elsewhere, still usable as a key or by an interface
    context_arguments: tuple[ContextArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinImplements:
    """In ``graph``, the type implements ``interface``."""

    graph: str
    interface: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What every element may carry; ``directives`` mean nothing to us and pass through."""

    description: str | None = None
    inaccessible: bool = False
    tags: tuple[str, ...] = ()
    deprecated: str | None = None  # the reason
    directives: tuple[Directive, ...] = ()


@dataclass(frozen=True, slots=True)
class ArgumentDefinition:
    """An argument of a field or directive."""

    name: str
    type: TypeRef
    default: Value | None = None  # None: no default; a null default is Literal("null")
    applied: Applied = Applied()


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field of an object or interface.

    ``joins`` empty means: every subgraph that has the parent type resolves the field. That is how
    the SDL of ``join`` says it, and ``load`` keeps it so; ``Supergraph.joins_of`` expands it.
    """

    name: str
    type: TypeRef
    arguments: tuple[ArgumentDefinition, ...] = ()
    joins: tuple[JoinField, ...] = ()
    applied: Applied = Applied()


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An object type; root types are named by ``Supergraph.query_type`` and its siblings."""

    name: str
    fields: Mapping[str, FieldDefinition]
    joins: tuple[JoinType, ...] = ()
    implements: tuple[JoinImplements, ...] = ()
    applied: Applied = Applied()

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces implemented anywhere, each once, in order."""
        return tuple(dict.fromkeys(join.interface for join in self.implements))


@dataclass(frozen=True, slots=True)
class InterfaceType(ObjectType):
    """An interface; in a subgraph whose join says ``is_interface_object`` it is an object there."""


@dataclass(frozen=True, slots=True)
class UnionMember:
    """In ``graph``, ``member`` belongs to the union."""

    graph: str
    member: str


@dataclass(frozen=True, slots=True)
class UnionType:
    """A union with its members per subgraph."""

    name: str
    members: tuple[UnionMember, ...]
    joins: tuple[JoinType, ...] = ()
    applied: Applied = Applied()

    @property
    def member_names(self) -> tuple[str, ...]:
        """All members, each once, in order."""
        return tuple(dict.fromkeys(member.member for member in self.members))


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value and the subgraphs that know it (empty: all that have the type)."""

    name: str
    graphs: tuple[str, ...] = ()
    applied: Applied = Applied()


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enumeration."""

    name: str
    values: Mapping[str, EnumValue]
    joins: tuple[JoinType, ...] = ()
    applied: Applied = Applied()


@dataclass(frozen=True, slots=True)
class InputField:
    """A field of an input object; ``joins`` as in FieldDefinition."""

    name: str
    type: TypeRef
    default: Value | None = None
    joins: tuple[JoinField, ...] = ()
    applied: Applied = Applied()


@dataclass(frozen=True, slots=True)
class InputObjectType:
    """An input object; ``one_of`` if it carries @oneOf."""

    name: str
    fields: Mapping[str, InputField]
    joins: tuple[JoinType, ...] = ()
    one_of: bool = False
    applied: Applied = Applied()


@dataclass(frozen=True, slots=True)
class ScalarType:
    """A custom scalar."""

    name: str
    specified_by: str | None = None
    joins: tuple[JoinType, ...] = ()
    applied: Applied = Applied()


TypeDefinition: TypeAlias = (
    "ObjectType | InterfaceType | UnionType | EnumType | InputObjectType | ScalarType"
)


@dataclass(frozen=True, slots=True)
class DirectiveDefinition:
    """A directive of the client's schema or a composed one (@composeDirective)."""

    name: str
    locations: tuple[str, ...]
    arguments: tuple[ArgumentDefinition, ...] = ()
    repeatable: bool = False
    composed: bool = False  # type-system directive kept by @composeDirective
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A ``@link`` of the supergraph's schema element; imports are (name, name here).

    ``Supergraph.links`` holds none for link, join, tag and inaccessible: the model says what they
    say, and ``render`` links them where they are used.
    """

    url: str
    alias: str | None = None
    imports: tuple[tuple[str, str], ...] = ()
    purpose: str | None = None  # SECURITY or EXECUTION


@dataclass(frozen=True, slots=True)
class Supergraph:
    """Everything that composition produced. Equality is structural: ``load(render(s)) == s``."""

    graphs: tuple[Graph, ...]
    types: Mapping[str, TypeDefinition]
    directives: Mapping[str, DirectiveDefinition] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    query_type: str = "Query"
    mutation_type: str | None = None
    subscription_type: str | None = None
    description: str | None = None

    def joins_of(self, type_name: str, field_name: str) -> tuple[JoinField, ...]:
        """Give a field's presence per subgraph, with "everywhere" written out."""
        definition = self.types[type_name]
        if not isinstance(definition, ObjectType | InputObjectType):
            raise TypeError(f'"{type_name}" has no fields')
        joins = definition.fields[field_name].joins
        if joins:
            return tuple(join for join in joins if join.graph is not None)
        return tuple(JoinField(join.graph) for join in definition.joins)

    def implementations(self, interface: str) -> tuple[str, ...]:
        """List the object types that implement ``interface`` in any subgraph, in SDL order."""
        return tuple(
            name
            for name, definition in self.types.items()
            if type(definition) is ObjectType and interface in definition.interfaces
        )

    def possible_types(self, name: str) -> tuple[str, ...]:
        """List the object types that a value of type ``name`` may have."""
        definition = self.types[name]
        if isinstance(definition, InterfaceType):
            return self.implementations(name)
        if isinstance(definition, UnionType):
            return definition.member_names
        return (name,)
