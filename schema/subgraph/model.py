"""A subgraph as data: types with the directives that composition understands, named canonically.

In: built by ``parse`` and ``upgrade``. Out: read by the rules and by the merge. Differences of
spelling end here: imported and prefixed directives have their specification's name in
``Notes.known``, root types are called Query, Mutation and Subscription, extensions are folded into
their types, and @external and @shareable of a type stand on its fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schema.selection import Directive, Literal, Value
from schema.spec.feature_url import Version
from schema.spec.link import LinkedNames
from schema.type_ref import TypeRef

__all__ = [
    "BUILT_IN_SCALARS",
    "KEY_EXTERNAL",
    "ROOT_TYPES",
    "Notes",
    "Subgraph",
    "SubgraphArgument",
    "SubgraphDirective",
    "SubgraphEnumValue",
    "SubgraphField",
    "SubgraphSource",
    "SubgraphType",
    "TypeKind",
    "argument_of",
    "text_argument",
]

BUILT_IN_SCALARS = frozenset({"Int", "Float", "String", "Boolean", "ID"})
# What @external of an extension's key field becomes: the field is known here all the same.
KEY_EXTERNAL = "external (key of an extension)"
ROOT_TYPES = ("Query", "Mutation", "Subscription")


class TypeKind(StrEnum):
    """The kinds of named types; the text is how messages call them."""

    OBJECT = "object type"
    INTERFACE = "interface"
    UNION = "union"
    ENUM = "enum"
    INPUT = "input object"
    SCALAR = "scalar"


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """What a subgraph's owner gives: a name, where it answers (may be empty), and its schema."""

    name: str
    url: str
    sdl: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written on an element.

    ``known`` are the directives that composition understands, under their specification's names;
    ``custom`` all others, under the names this schema has for them.
    """

    description: str | None = None
    known: tuple[Directive, ...] = ()
    custom: tuple[Directive, ...] = ()

    def has(self, name: str) -> bool:
        """Tell whether the known directive ``name`` is applied."""
        return any(directive.name == name for directive in self.known)

    def find(self, name: str) -> Directive | None:
        """Give the first application of the known directive ``name``."""
        return next((d for d in self.known if d.name == name), None)

    def every(self, name: str) -> tuple[Directive, ...]:
        """Give all applications of the known directive ``name``."""
        return tuple(d for d in self.known if d.name == name)


@dataclass(frozen=True, slots=True)
class SubgraphArgument:
    """An argument of a field or directive, or a field of an input object."""

    name: str
    type: TypeRef
    default: Value | None = None
    notes: Notes = Notes()

    @property
    def is_required(self) -> bool:
        """Tell whether a value must be given."""
        return self.type.non_null and self.default is None


@dataclass(frozen=True, slots=True)
class SubgraphField:
    """A field of an object or interface."""

    name: str
    type: TypeRef
    arguments: Mapping[str, SubgraphArgument] = field(default_factory=dict)
    notes: Notes = Notes()

    @property
    def is_external(self) -> bool:
        """Tell whether the field, or the declaration that holds it, is @external."""
        return self.notes.has("external")


@dataclass(frozen=True, slots=True)
class SubgraphEnumValue:
    """One value of an enum."""

    name: str
    notes: Notes = Notes()


@dataclass(frozen=True, slots=True)
class SubgraphType:
    """A named type with all its extensions; only the members of its kind are filled."""

    name: str
    kind: TypeKind
    fields: Mapping[str, SubgraphField] = field(default_factory=dict)
    inputs: Mapping[str, SubgraphArgument] = field(default_factory=dict)
    values: Mapping[str, SubgraphEnumValue] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    notes: Notes = Notes()
    is_extension: bool = False  # never defined here, only extended (or @extends)

    @property
    def keys(self) -> tuple[Directive, ...]:
        """All @key applications."""
        return self.notes.every("key")

    @property
    def is_entity(self) -> bool:
        """Tell whether the type has a @key that this subgraph resolves."""
        return any(
            argument_of(key, "resolvable") != Literal("false") for key in self.notes.every("key")
        )

    @property
    def is_interface_object(self) -> bool:
        """Tell whether the object stands for an interface of other subgraphs."""
        return self.notes.has("interfaceObject")

    @property
    def has_fields(self) -> bool:
        """Tell whether the type is an object or interface."""
        return self.kind in (TypeKind.OBJECT, TypeKind.INTERFACE)


@dataclass(frozen=True, slots=True)
class SubgraphDirective:
    """A directive that the schema defines itself."""

    name: str
    locations: tuple[str, ...]
    arguments: Mapping[str, SubgraphArgument] = field(default_factory=dict)
    repeatable: bool = False
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A whole subgraph; ``version`` None means Federation 1 (nothing was linked)."""

    name: str
    url: str
    types: Mapping[str, SubgraphType]
    directives: Mapping[str, SubgraphDirective] = field(default_factory=dict)
    names: LinkedNames = field(default_factory=LinkedNames)
    version: Version | None = None
    notes: Notes = Notes()  # of the schema element
    roots: Mapping[str, str] = field(default_factory=dict)  # Query -> the name as written

    def find_field(self, type_name: str, field_name: str) -> SubgraphField | None:
        """Find a field of an object or interface."""
        definition = self.types.get(type_name)
        return None if definition is None else definition.fields.get(field_name)

    def field_type(self, type_name: str, field_name: str) -> str | None:
        """Give the named type of a field: what parsing a field set asks."""
        found = self.find_field(type_name, field_name)
        return None if found is None else found.type.named

    def kind_of(self, type_name: str) -> TypeKind | None:
        """Give a type's kind; built-in scalars have one too."""
        definition = self.types.get(type_name)
        if definition is not None:
            return definition.kind
        return TypeKind.SCALAR if type_name in BUILT_IN_SCALARS else None

    def possible_types(self, type_name: str) -> tuple[str, ...]:
        """List the object types a value of ``type_name`` may have in this subgraph."""
        definition = self.types.get(type_name)
        if definition is None:
            return ()
        if definition.kind is TypeKind.UNION:
            return definition.members
        if definition.kind is not TypeKind.INTERFACE:
            return (type_name,)
        return tuple(t.name for t in self.objects() if type_name in t.interfaces)

    def objects(self) -> Iterator[SubgraphType]:
        """Iterate over the object types."""
        return (t for t in self.types.values() if t.kind is TypeKind.OBJECT)

    def composites(self) -> Iterator[SubgraphType]:
        """Iterate over objects and interfaces."""
        return (t for t in self.types.values() if t.has_fields)


def argument_of(directive: Directive, name: str) -> Value | None:
    """Give the value of a directive's argument, None where it is not written."""
    return next((a.value for a in directive.arguments if a.name == name), None)


def text_argument(directive: Directive, name: str) -> str | None:
    """Give a string argument's text, None where it is not written or no string."""
    value = argument_of(directive, name)
    if not isinstance(value, Literal) or not value.text.startswith('"'):
        return None
    return _decode(value.text)


def _decode(text: str) -> str:
    return str(json.loads(text))
