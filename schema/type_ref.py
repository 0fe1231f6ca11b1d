"""A type as used by a field or argument: ``[String!]!``.

In: nothing (pure data). Out: hashable values and their SDL text. Apart from the supergraph's
model, because subgraphs use types in the same way and neither package imports the other.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TypeRef"]


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type as used: a name, or a list of another; nullable unless ``non_null``."""

    name: str | None = None  # None for a list
    of: TypeRef | None = None  # the item's type, for a list
    non_null: bool = False

    def __str__(self) -> str:
        """Print as SDL: ``[String!]!``."""
        text = f"[{self.of}]" if self.of is not None else str(self.name)
        return text + ("!" if self.non_null else "")

    @property
    def named(self) -> str:
        """The innermost type's name."""
        return self.of.named if self.of is not None else str(self.name)

    @property
    def is_list(self) -> bool:
        """Tell whether this is a list."""
        return self.of is not None

    @property
    def nullable(self) -> TypeRef:
        """The same type without its outermost non-null mark."""
        return TypeRef(self.name, self.of, False) if self.non_null else self
