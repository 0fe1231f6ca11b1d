"""IMPLICITLY_UPGRADED_FEDERATION_VERSION: a subgraph lives by a later version than it links.

A specification linked on its own (costs, access) came into federation with some version; who links
an earlier one is composed as if it had linked that.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext
from schema.coordinates import directive_coordinate
from schema.spec.feature_url import print_version
from schema.spec.federation import FEDERATION_DIRECTIVES, FEDERATION_IDENTITY, KNOWN_IDENTITIES
from schema.supergraph.model import Supergraph

__all__ = ["check_implicitly_upgraded_federation_version"]


def check_implicitly_upgraded_federation_version(
    context: CompositionContext, supergraph: Supergraph
) -> None:
    """Hint at every subgraph that links less than it uses."""
    for subgraph in context.subgraphs:
        for feature in subgraph.names.features:
            known = FEDERATION_DIRECTIVES.get(feature.url.name or "")
            if known is None or feature.url.identity not in KNOWN_IDENTITIES:
                continue
            if feature.url.identity == FEDERATION_IDENTITY or subgraph.version is None:
                continue
            if known.since > subgraph.version:
                since, linked = print_version(known.since), print_version(subgraph.version)
                context.hint(
                    "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
                    f'"{subgraph.name}" links federation {linked} and "{feature.url}", which came '
                    f"with {since}; it is composed as {since}.",
                    [directive_coordinate(known.name)],
                    [subgraph.name],
                )
