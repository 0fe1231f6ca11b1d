"""The link specification, https://specs.apollo.dev/link: names of other specifications here.

In: the ``@link`` applications of a schema, as plain values. Out: ``LinkedNames``, which tells for
a local name (``@key``, ``@federation__key``, ``@myKey``) which element of which specification it
is, and for an element its local name. A specification's elements are called by their import; else
``prefix__element``, the prefix being ``as`` or the specification's name; the directive named like
the specification itself is called by the prefix alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schema.spec.feature_url import FeatureUrl, Version

__all__ = [
    "CORE_IDENTITY",
    "LINK_DEFINITIONS",
    "LINK_IDENTITY",
    "LINK_VERSIONS",
    "LinkedFeature",
    "LinkedNames",
]

LINK_IDENTITY = "https://specs.apollo.dev/link"
CORE_IDENTITY = "https://specs.apollo.dev/core"  # the name of link before version 1.0
LINK_VERSIONS: tuple[Version, ...] = ((1, 0),)

LINK_DEFINITIONS = (
    "directive @{link}(url: String, as: String, for: {Purpose}, import: [{Import}]) "
    "repeatable on SCHEMA",
    "scalar {Import}",
    "enum {Purpose} {{ SECURITY EXECUTION }}",
)


@dataclass(frozen=True, slots=True)
class LinkedFeature:
    """One ``@link``; imports map an element (``@key`` or ``FieldSet``) to its local name."""

    url: FeatureUrl
    alias: str | None = None
    imports: dict[str, str] = field(default_factory=dict)
    purpose: str | None = None

    @property
    def prefix(self) -> str:
        """The name before ``__`` of elements that are not imported."""
        return self.alias or self.url.name or ""

    def local_directive(self, name: str) -> str:
        """Give the local name, without ``@``, of the specification's directive ``name``."""
        imported = self.imports.get(f"@{name}")
        if imported is not None:
            return imported[1:]
        return self.prefix if name == self.url.name else f"{self.prefix}__{name}"

    def local_type(self, name: str) -> str:
        """Give the local name of the specification's type ``name``."""
        return self.imports.get(name, f"{self.prefix}__{name}")

    def directive_named(self, local: str) -> str | None:
        """Give the specification's directive that is called ``local`` here, if any."""
        for element, name in self.imports.items():
            if name == f"@{local}":
                return element[1:]
        if local == self.prefix:
            return self.url.name
        head, separator, tail = local.partition("__")
        return tail if separator and head == self.prefix else None


@dataclass(frozen=True, slots=True)
class LinkedNames:
    """All links of one schema."""

    features: tuple[LinkedFeature, ...] = ()

    def find(self, identity: str) -> LinkedFeature | None:
        """Find the link to a specification."""
        return next((f for f in self.features if f.url.identity == identity), None)

    def resolve_directive(self, local: str) -> tuple[LinkedFeature, str] | None:
        """Tell which specification's directive a local name is; imports win over prefixes."""
        for feature in self.features:
            if f"@{local}" in feature.imports.values():
                return feature, str(feature.directive_named(local))
        for feature in self.features:
            name = feature.directive_named(local)
            if name is not None:
                return feature, name
        return None
