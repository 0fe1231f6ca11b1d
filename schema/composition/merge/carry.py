"""@composeDirective: which custom directives the supergraph carries.

In: the subgraphs. Out: ``Carried``. A directive is carried if a subgraph that links its
specification names it in @composeDirective; then its applications in every subgraph that links
and defines it are, and the definition of the highest version linked is the supergraph's. A subgraph
that forgets @composeDirective must not unprotect a field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schema.composition.carried import Carried, CarriedDirective
from schema.spec.feature_url import Version
from schema.spec.link import LinkedFeature
from schema.subgraph.model import Subgraph, text_argument

__all__ = ["composed_names", "read_carried"]

_Element = tuple[str, str]  # specification's identity, directive's name there


def read_carried(subgraphs: Sequence[Subgraph]) -> Carried:
    """Decide what is carried; faulty applications are left to the rules."""
    wanted = dict.fromkeys(e for s in subgraphs for e, _ in _composed_elements(s))
    directives: list[CarriedDirective] = []
    by_use: dict[tuple[str, str], CarriedDirective] = {}
    for element in wanted:
        uses = [u for s in subgraphs if (u := _find_use(s, element)) is not None]
        composing = [u for u in uses if element in dict(_composed_elements(u[0]))]
        carried = _build_carried(element, composing)
        directives.append(carried)
        for subgraph, _, local in uses:
            by_use[subgraph.name, local] = carried
    return Carried(tuple(directives), by_use)


def composed_names(subgraph: Subgraph) -> Iterator[str]:
    """Iterate over what a subgraph's @composeDirective applications name, without ``@``."""
    for directive in subgraph.notes.every("composeDirective"):
        name = text_argument(directive, "name") or ""
        yield name.removeprefix("@")


def _composed_elements(subgraph: Subgraph) -> Iterator[tuple[_Element, str]]:
    for local in composed_names(subgraph):
        resolved = subgraph.names.resolve_directive(local)
        if resolved is not None and local in subgraph.directives:
            feature, name = resolved
            yield (feature.url.identity, name), local


def _find_use(subgraph: Subgraph, element: _Element) -> tuple[Subgraph, LinkedFeature, str] | None:
    feature = subgraph.names.find(element[0])
    if feature is None:
        return None
    local = feature.local_directive(element[1])
    return (subgraph, feature, local) if local in subgraph.directives else None


def _build_carried(
    element: _Element, uses: Sequence[tuple[Subgraph, LinkedFeature, str]]
) -> CarriedDirective:
    subgraph, feature, local = max(uses, key=lambda use: _version(use[1]))
    graphs = (*(s.name for s, _, _ in uses if s is not subgraph), subgraph.name)
    return CarriedDirective(local, element[1], feature.url, subgraph.directives[local], graphs)


def _version(feature: LinkedFeature) -> Version:
    return feature.url.version or (0, 0)
