"""What the phases of one composition share: the subgraphs, what was found, and what is carried.

In: the subgraphs, upgraded and in the order of their names. Out: errors and hints, collected. The
one mutable value of composition; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from schema.composition.carried import Carried
from schema.composition.overrides import Overrides
from schema.errors import CompositionError, CompositionHint
from schema.subgraph.field_sets import FieldUsage, read_usage
from schema.subgraph.model import Subgraph, SubgraphField, SubgraphType, TypeKind

__all__ = ["CompositionContext", "Source", "names_of"]

T = TypeVar("T")


class Source(NamedTuple, Generic[T]):
    """One subgraph's form of an element."""

    subgraph: Subgraph
    element: T

    @property
    def graph(self) -> str:
        """The subgraph's name."""
        return self.subgraph.name


class CompositionContext:
    """The state of one composition."""

    def __init__(self, subgraphs: Sequence[Subgraph], carried: Carried) -> None:
        self.subgraphs = tuple(subgraphs)
        self.carried = carried
        self.errors: list[CompositionError] = []
        self.hints: list[CompositionHint] = []
        self.usage: Mapping[str, FieldUsage] = {s.name: read_usage(s) for s in self.subgraphs}
        self.members: Mapping[str, frozenset[str]] = _collect_members(self.subgraphs)
        # (type, field) -> how it moves; filled by merging, read by the rules
        self.overrides: dict[tuple[str, str], Overrides] = {}
        self.interface_objects = _collect_interface_objects(self.subgraphs)

    def report(
        self, code: str, message: str, coordinates: Iterable[str], subgraphs: Iterable[str]
    ) -> None:
        """Note an error."""
        error = CompositionError(code, message, tuple(coordinates), tuple(subgraphs))
        if error not in self.errors:
            self.errors.append(error)

    def hint(
        self, code: str, message: str, coordinates: Iterable[str], subgraphs: Iterable[str]
    ) -> None:
        """Note a hint."""
        self.hints.append(CompositionHint(code, message, tuple(coordinates), tuple(subgraphs)))

    def subgraph(self, name: str) -> Subgraph | None:
        """Find a subgraph by name."""
        return next((s for s in self.subgraphs if s.name == name), None)

    def type_sources(self, name: str) -> tuple[Source[SubgraphType], ...]:
        """Give every subgraph's form of a type."""
        return tuple(Source(s, s.types[name]) for s in self.subgraphs if name in s.types)

    def field_sources(self, type_name: str, field: str) -> tuple[Source[SubgraphField], ...]:
        """Give every subgraph's form of an object's or interface's field."""
        return tuple(
            Source(s, found)
            for s in self.subgraphs
            if (found := s.find_field(type_name, field)) is not None
        )

    def type_names(self) -> Iterator[str]:
        """Iterate over all type names, each once, in the order of the subgraphs."""
        return iter(dict.fromkeys(name for s in self.subgraphs for name in s.types))

    def is_subtype(self, name: str, of: str) -> bool:
        """Tell whether a value of type ``name`` is always one of type ``of``, in any subgraph."""
        return name == of or name in self.members.get(of, frozenset())


def names_of(sources: Iterable[Source[T]]) -> tuple[str, ...]:
    """List the subgraphs of sources."""
    return tuple(source.graph for source in sources)


def _collect_members(subgraphs: Sequence[Subgraph]) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for subgraph in subgraphs:
        for definition in subgraph.types.values():
            for interface in definition.interfaces:
                members.setdefault(interface, set()).add(definition.name)
            if definition.kind is TypeKind.UNION:
                members.setdefault(definition.name, set()).update(definition.members)
    return {name: frozenset(names) for name, names in members.items()}


def _collect_interface_objects(subgraphs: Sequence[Subgraph]) -> frozenset[str]:
    return frozenset(t.name for s in subgraphs for t in s.types.values() if t.is_interface_object)
