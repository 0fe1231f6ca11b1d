"""The url of a linked specification: ``https://specs.apollo.dev/federation/v2.3``.

In: the text of ``@link(url:)``. Out: identity (the url without its version), name and version.
Why apart: composition, the supergraph loader and @composeDirective all compare specifications by
identity and major version, never by text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["FeatureUrl", "Version", "parse_feature_url", "print_version"]

Version = tuple[int, int]

_VERSION = re.compile(r"v(\d+)\.(\d+)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class FeatureUrl:
    """A specification; ``name`` and ``version`` are None where the url does not tell them."""

    identity: str
    name: str | None
    version: Version | None

    def __str__(self) -> str:
        """Print as the url it was read from."""
        return self.identity if self.version is None else f"{self.identity}/v{self.text_version}"

    @property
    def text_version(self) -> str:
        """The version as text, ``2.3``."""
        return "" if self.version is None else print_version(self.version)


def parse_feature_url(text: str) -> FeatureUrl:
    """Read a specification's url; raises ValueError that says what is wrong with it."""
    parts = urlsplit(text.strip())
    if not parts.scheme or not parts.netloc:
        raise ValueError(f'"{text}" is no absolute url of a specification')
    segments = [segment for segment in parts.path.split("/") if segment]
    version = _read_version(segments[-1]) if segments else None
    if version is not None:
        segments.pop()
    identity = "/".join([f"{parts.scheme}://{parts.netloc}", *segments])
    name = segments[-1] if segments and _NAME.fullmatch(segments[-1]) else None
    return FeatureUrl(identity, name, version)


def print_version(version: Version) -> str:
    """Print a version as ``2.3``."""
    return f"{version[0]}.{version[1]}"


def _read_version(segment: str) -> Version | None:
    match = _VERSION.fullmatch(segment)
    return (int(match[1]), int(match[2])) if match else None
