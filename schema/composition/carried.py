"""Which directives the supergraph carries, and under which names.

In: the subgraphs' links and @composeDirective applications. Out: ``Carried``: for each subgraph a
map from local directive names to the supergraph's, with definitions and links. Decided before
merging, because every element's merge asks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schema.spec.feature_url import FeatureUrl
from schema.subgraph.model import SubgraphDirective

__all__ = ["Carried", "CarriedDirective"]


@dataclass(frozen=True, slots=True)
class CarriedDirective:
    """One composed directive: its name in the supergraph and where it comes from."""

    name: str
    element: str  # its name in its specification
    url: FeatureUrl
    definition: SubgraphDirective
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """All composed directives."""

    directives: tuple[CarriedDirective, ...] = ()
    # (subgraph, local name) -> the directive
    by_use: Mapping[tuple[str, str], CarriedDirective] = field(default_factory=dict)

    def find(self, graph: str, local_name: str) -> CarriedDirective | None:
        """Find what a custom directive of a subgraph becomes; None: it is dropped."""
        return self.by_use.get((graph, local_name))
