"""Which types set a context, and which fields need one to have been set on the way.

In: the supergraph. Out: for a type the contexts that it sets for what lies below it, and whether a
field may be asked of a subgraph where these contexts are set. Without @fromContext both are empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schema.selection import Literal
from schema.supergraph.model import ObjectType, Supergraph

__all__ = ["Contexts", "Set", "read_contexts"]

Set = frozenset[str]
"""Names of contexts, as the supergraph has them: ``subgraph__context``."""

_NONE: Set = frozenset()


@dataclass(frozen=True, slots=True)
class Contexts:
    """What a supergraph says of contexts."""

    setters: dict[str, Set]  # by type
    needed: dict[tuple[str, str, str], Set]  # by type, field and subgraph

    def below(self, type_name: str, above: Set) -> Set:
        """Give what is set for everything below an object of this type."""
        own = self.setters.get(type_name, _NONE)
        return above | own if own else above

    def allow(self, type_name: str, field: str, subgraph: str, given: Set) -> bool:
        """Tell whether the subgraph can be asked for the field."""
        return self.needed.get((type_name, field, subgraph), _NONE) <= given


def read_contexts(supergraph: Supergraph) -> Contexts:
    """Read all @context applications that an argument needs, and these needs."""
    needed = dict(_needs(supergraph))
    if not needed:
        return Contexts({}, {})
    setters = {
        name: frozenset(
            argument.value.text.strip('"')
            for directive in definition.applied.directives
            if directive.name == "context"
            for argument in directive.arguments
            if isinstance(argument.value, Literal)
        )
        for name, definition in supergraph.types.items()
    }
    return Contexts({name: found for name, found in setters.items() if found}, needed)


def _needs(supergraph: Supergraph) -> Iterator[tuple[tuple[str, str, str], Set]]:
    for name, definition in supergraph.types.items():
        if not isinstance(definition, ObjectType):
            continue
        for field in definition.fields.values():
            for join in field.joins:
                if join.context_arguments and join.graph is not None:
                    found = frozenset(each.context for each in join.context_arguments)
                    yield (name, field.name, join.graph), found
