"""What agencies may read, for which purposes.

In: the configuration's grants. Out: ``Grants``: for an agency and a purpose, an ``AgencyGrants``
value that tells whether a coordinate of a class is covered. Agency x purpose x (coordinate, type or
class); what no grant covers is denied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gateway.policy.classes import DataClass

__all__ = ["AgencyGrants", "Grant", "GrantTerms", "Grants", "build_grants"]


class GrantTerms(Protocol):
    """A grant as the configuration holds it."""

    @property
    def agency(self) -> str:
        """The agency that is granted."""
        ...

    @property
    def purposes(self) -> Sequence[str]:
        """The purposes for which it holds."""
        ...

    @property
    def coordinates(self) -> Sequence[str]:
        """Single fields, ``Type.field``."""
        ...

    @property
    def types(self) -> Sequence[str]:
        """Types all of whose fields are granted."""
        ...

    @property
    def classes(self) -> Sequence[str]:
        """Data classes all of whose fields are granted."""
        ...


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant; what it covers is the union of its coordinates, types and classes."""

    agency: str
    purposes: frozenset[str]
    coordinates: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    classes: frozenset[DataClass] = frozenset()

    def covers(self, coordinate: str, data_class: DataClass | None) -> bool:
        """Tell whether a field of this class (None: it has none) may be read under this grant."""
        return (
            data_class in self.classes
            or coordinate in self.coordinates
            or coordinate.partition(".")[0] in self.types
        )


@dataclass(frozen=True, slots=True)
class AgencyGrants:
    """The grants of one agency for one purpose."""

    grants: tuple[Grant, ...] = ()

    def cover(self, coordinate: str, data_class: DataClass | None) -> bool:
        """Tell whether any grant covers a field."""
        return any(grant.covers(coordinate, data_class) for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Grants:
    """All grants of one configuration."""

    grants: tuple[Grant, ...] = ()

    def of(self, agency: str, purpose: str | None) -> AgencyGrants:
        """Give what holds for ``agency`` and ``purpose``; nothing holds without both."""
        if not agency or purpose is None:
            return AgencyGrants()
        return AgencyGrants(
            tuple(g for g in self.grants if g.agency == agency and purpose in g.purposes)
        )


def build_grants(terms: Iterable[GrantTerms]) -> Grants:
    """Build the grants that the configuration lists."""
    return Grants(
        tuple(
            Grant(
                each.agency,
                frozenset(each.purposes),
                frozenset(each.coordinates),
                frozenset(each.types),
                frozenset(DataClass(name) for name in each.classes),
            )
            for each in terms
        )
    )
