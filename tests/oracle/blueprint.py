"""What a world is: the true schema, and what each subgraph declares of it.

In: filled by ``growth``. Out: read by ``sdl``, ``objects`` and ``strict_subgraph``. Nothing here is
taken from Simpul's own composition, so that its mistakes show.

``Truth`` says what exists and what values may be; ``Declared`` says what a subgraph claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schema.type_ref import TypeRef

__all__ = [
    "LEAVES",
    "ROOTS",
    "Argument",
    "Blueprint",
    "Declaration",
    "Declared",
    "Key",
    "TrueField",
    "TrueType",
]

LEAVES = ("Int", "String", "Float", "Boolean", "ID", "Color", "JSON")
ROOTS = ("Query", "Mutation")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument, the same in every subgraph."""

    name: str
    type: str
    default: str | None = None


@dataclass(slots=True)
class TrueField:
    """A field as it really is. ``type`` is non-null exactly where data is never null."""

    name: str
    type: TypeRef
    arguments: tuple[Argument, ...] = ()
    requires: str | None = None  # the inputs that its value depends on
    is_key: bool = False  # then its value names the object
    fails: bool = False  # null at some objects although the type is non-null
    weak: TypeRef | None = None  # what subgraphs may declare instead of ``type``
    is_hidden: bool = False  # @inaccessible


@dataclass(slots=True)
class TrueType:
    """A composite type; members of an abstract one are the object types anywhere in it."""

    name: str
    kind: str  # object, interface, union
    fields: dict[str, TrueField] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    family: str | None = None  # the entity interface whose numbering the type's objects share


@dataclass(slots=True)
class Declared:
    """A field as one subgraph declares it."""

    name: str
    type: TypeRef
    is_external: bool = False
    is_shareable: bool = False
    is_taken: bool = False  # another subgraph has it by @override
    # On both sides of a progressive @override: the taker answers while it is on, else the taken.
    label: str | None = None
    requires: str | None = None
    provides: str | None = None
    override: str | None = None


@dataclass(slots=True)
class Key:
    """One @key."""

    fields: str
    is_resolvable: bool = True


@dataclass(slots=True)
class Declaration:
    """A type as one subgraph declares it."""

    name: str
    kind: str  # object, interface, union, interfaceObject
    fields: dict[str, Declared] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    implements: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Blueprint:
    """A world. ``subgraphs`` holds declarations by subgraph and type."""

    seed: int
    types: dict[str, TrueType] = field(default_factory=dict)
    subgraphs: dict[str, dict[str, Declaration]] = field(default_factory=dict)
    root_names: dict[str, str] = field(default_factory=dict)  # subgraph -> its name of Query

    def labels(self) -> frozenset[str]:
        """Give the labels of all progressive overrides."""
        return frozenset(
            declared.label
            for declarations in self.subgraphs.values()
            for declaration in declarations.values()
            for declared in declaration.fields.values()
            if declared.label is not None
        )

    def possible_types(self, name: str) -> tuple[str, ...]:
        """List the object types that objects of a type may have."""
        known = self.types[name]
        return (name,) if known.kind == "object" else known.members

    def declared(self, type_name: str) -> Iterator[tuple[str, Declaration]]:
        """Iterate over the subgraphs that declare a type."""
        for subgraph, declarations in self.subgraphs.items():
            if type_name in declarations:
                yield subgraph, declarations[type_name]

    def owners(self, type_name: str, name: str) -> list[str]:
        """List the subgraphs that answer a field of an object type."""
        return [
            subgraph
            for subgraph, declaration in self.declared(type_name)
            if (known := declaration.fields.get(name)) is not None
            and not known.is_external
            and not known.is_taken
        ]

    def resolvers(self, type_name: str, name: str) -> list[str]:
        """List the subgraphs that answer a field of an object type under some state of labels."""
        return [
            subgraph
            for subgraph, declaration in self.declared(type_name)
            if (known := declaration.fields.get(name)) is not None
            and not known.is_external
            and not (known.is_taken and known.label is None)
        ]

    def returned_here(self, subgraph: str, type_name: str) -> tuple[str, ...]:
        """List the object types that a subgraph can return where it declares ``type_name``."""
        declarations = self.subgraphs[subgraph]
        declaration = declarations[type_name]
        if declaration.kind == "interfaceObject":
            return self.types[type_name].members
        if declaration.kind == "union":
            return tuple(declaration.members)
        if declaration.kind == "interface":
            return tuple(
                name for name, each in declarations.items() if type_name in each.implements
            )
        return (type_name,)
