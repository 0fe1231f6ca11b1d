"""The ``@link``s of a supergraph: which specification's element has which name in this document.

In: the schema definition's node. Out: ``Links``: the links as data and a look-up from
(specification, element) to the local name, so that ``load`` works whatever a document calls
``join``. ``@core`` of the oldest supergraphs is the same directive under an older name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import SchemaDefinitionNode, value_from_ast_untyped

from schema.errors import SupergraphError
from schema.spec.feature_url import FeatureUrl, Version, parse_feature_url
from schema.spec.inaccessible import INACCESSIBLE_IDENTITY
from schema.spec.join import JOIN_IDENTITY, JOIN_READ_VERSIONS
from schema.spec.link import CORE_IDENTITY, LINK_IDENTITY, LinkedFeature
from schema.spec.tag import TAG_IDENTITY
from schema.supergraph.model import Link

__all__ = ["BUILT_IN", "Links", "read_links"]

# Said by the model itself: ``Supergraph.links`` leaves them out and ``render`` writes them.
BUILT_IN = frozenset(
    {LINK_IDENTITY, CORE_IDENTITY, JOIN_IDENTITY, INACCESSIBLE_IDENTITY, TAG_IDENTITY}
)

# ``for:`` means: who does not understand it must not serve the graph. These we understand, or
# pass through to whoever enforces them.
_UNDERSTOOD = BUILT_IN | {
    f"https://specs.apollo.dev/{name}"
    for name in ("authenticated", "requiresScopes", "policy", "context", "cost", "federation")
}


@dataclass(frozen=True, slots=True)
class Links:
    """The document's links, and the local names of what they bring."""

    links: tuple[Link, ...]  # without the built-in ones
    join_version: Version
    features: Mapping[str, LinkedFeature] = field(default_factory=dict)  # by identity

    def directive(self, identity: str, name: str) -> str:
        """Give the local name of a specification's directive, without the at sign."""
        return self._feature(identity).local_directive(name)

    def type(self, identity: str, name: str) -> str:
        """Give the local name of a specification's type."""
        return self._feature(identity).local_type(name)

    def is_built_in_directive(self, name: str) -> bool:
        """Tell whether a directive belongs to a specification that the model itself says."""
        return self._owner(name, is_directive=True) in BUILT_IN

    def is_specified_directive(self, name: str) -> bool:
        """Tell whether a directive belongs to any linked specification."""
        return self._owner(name, is_directive=True) is not None

    def is_built_in_type(self, name: str) -> bool:
        """Tell whether a type belongs to a specification that the model itself says."""
        return self._owner(name, is_directive=False) in BUILT_IN

    def is_specified_type(self, name: str) -> bool:
        """Tell whether a type belongs to any linked specification."""
        return self._owner(name, is_directive=False) is not None

    def _feature(self, identity: str) -> LinkedFeature:
        # Tags and hidden elements are honored under their own names without a link, too: hiding
        # too much is safer than showing what a hand-written document meant to hide.
        return self.features.get(identity) or LinkedFeature(FeatureUrl(*_split(identity), None))

    def _owner(self, name: str, *, is_directive: bool) -> str | None:
        imported = f"@{name}" if is_directive else name
        for identity, feature in self.features.items():
            if imported in feature.imports.values():
                return identity
        prefix, separator, _ = name.partition("__")
        for identity, feature in self.features.items():
            # Only a directive may have the bare prefix as its name; such a type is the author's.
            if feature.prefix == prefix and (separator or is_directive):
                return identity
        return None


def read_links(schema: SchemaDefinitionNode) -> Links:
    """Read all links of the schema definition.

    Raises:
        SupergraphError: if the document is no supergraph, or one newer than we understand.
    """
    links: list[Link] = []
    features: dict[str, LinkedFeature] = {}
    for directive in schema.directives or ():
        arguments = {
            a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()
        }
        link = _build_link(arguments)
        if link is None:
            continue
        url = _parse_url(link.url)
        features[url.identity] = LinkedFeature(url, link.alias, dict(link.imports), link.purpose)
        if url.identity not in BUILT_IN:
            _check_understood(link, url)
            links.append(link)
    join = features.get(JOIN_IDENTITY)
    return Links(tuple(links), _check_join_version(join), features)


def _split(identity: str) -> tuple[str, str]:
    return identity, identity.rpartition("/")[2]


def _build_link(arguments: Mapping[str, Any]) -> Link | None:
    url = arguments.get("url", arguments.get("feature"))
    if not isinstance(url, str):
        return None  # another directive of the schema element
    imports: list[tuple[str, str]] = []
    for item in arguments.get("import") or ():
        if isinstance(item, dict):
            imports.append((str(item.get("name")), str(item.get("as") or item.get("name"))))
        else:
            imports.append((str(item), str(item)))
    return Link(url, arguments.get("as"), tuple(imports), arguments.get("for"))


def _parse_url(text: str) -> FeatureUrl:
    try:
        return parse_feature_url(text)
    except ValueError as error:
        raise SupergraphError(f"A @link of the supergraph is wrong: {error}.") from error


def _check_understood(link: Link, url: FeatureUrl) -> None:
    if link.purpose is not None and url.identity not in _UNDERSTOOD:
        raise SupergraphError(
            f'The supergraph links "{link.url}" for {link.purpose}, which is not supported here; '
            "compose it without this feature.",
            code="UNSUPPORTED_LINKED_FEATURE",
        )


def _check_join_version(join: LinkedFeature | None) -> Version:
    if join is None:
        raise SupergraphError(
            "The document is not a supergraph: its schema definition has no @link to "
            f'"{JOIN_IDENTITY}"; compose the subgraphs first.'
        )
    version = join.url.version
    if version not in JOIN_READ_VERSIONS:
        raise SupergraphError(
            f'The supergraph uses "{join.url}"; this gateway reads join v0.1 to v0.5.',
            code="UNSUPPORTED_FEATURE",
        )
    return version
