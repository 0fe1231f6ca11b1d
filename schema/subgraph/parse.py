"""From a subgraph's SDL to a ``Subgraph``, or to everything that is wrong with it.

In: a ``SubgraphSource``. Out: a ``Subgraph``, or the errors that keep it from being one: syntax,
links, specified definitions, and GraphQL's own rules. The rules of federation (``rules/``) are
checked apart, on the value built here.
"""

from __future__ import annotations

from graphql import GraphQLSyntaxError, parse

from schema.errors import CompositionError
from schema.subgraph.build import build_subgraph
from schema.subgraph.definitions import check_definitions
from schema.subgraph.document import complete_document, local_scalars
from schema.subgraph.findings import Findings
from schema.subgraph.links import link_name, read_links
from schema.subgraph.model import Subgraph, SubgraphSource
from schema.subgraph.roots import check_roots
from schema.subgraph.validity import check_graphql

__all__ = ["parse_subgraph"]


def parse_subgraph(source: SubgraphSource) -> Subgraph | tuple[CompositionError, ...]:
    """Read one subgraph; a tuple of errors means that it cannot be read."""
    findings = Findings(source.name)
    try:
        written = parse(source.sdl, no_location=True)
    except (GraphQLSyntaxError, RecursionError) as error:
        message = getattr(error, "message", "It is nested too deeply.")
        findings.report("INVALID_GRAPHQL", message if message.endswith(".") else f"{message}.")
        return tuple(findings.errors)
    links = read_links(written, findings)
    if findings.errors:
        return tuple(findings.errors)
    link = link_name(written)
    document = complete_document(written, links, link)
    check_definitions(document, links, findings)
    check_roots(document.own, findings)
    check_graphql(document, frozenset(local_scalars(links).values()), findings)
    if findings.errors:
        return tuple(findings.errors)
    return build_subgraph(source, document, links, link)
