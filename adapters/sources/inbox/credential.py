"""Who may push: a shared secret, HTTP Basic, or a signature over the body.

In: a body and its headers. Out: whether the sender has shown the declared credential. Comparisons
take the same time wherever the first difference is, and no credential is ever printed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["BasicCredential", "Credential", "HmacCredential", "SecretCredential"]


class Credential(Protocol):
    """One way to tell the agency from anybody else."""

    def admits(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Tell whether the push shows it; header names are lower-case. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class SecretCredential:
    """A secret that the sender repeats in a header of its own."""

    header: str  # lower-case
    secret: str = field(repr=False)

    def admits(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Compare the header with the secret."""
        return _is_same(headers.get(self.header, ""), self.secret)


@dataclass(frozen=True, slots=True)
class BasicCredential:
    """User and password of HTTP Basic (https://www.rfc-editor.org/rfc/rfc7617)."""

    username: str
    password: str = field(repr=False)

    def admits(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Compare the credentials of ``Authorization: Basic``."""
        scheme, _, sent = headers.get("authorization", "").partition(" ")
        expected = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        return _is_same(sent.strip(), expected) and scheme.lower() == "basic"


@dataclass(frozen=True, slots=True)
class HmacCredential:
    """HMAC-SHA-256 of the body, in hexadecimal, perhaps behind ``sha256=``."""

    header: str  # lower-case
    key: str = field(repr=False)

    def admits(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Compare the header with the body's signature."""
        expected = hmac.new(self.key.encode(), body, hashlib.sha256).hexdigest()
        sent = headers.get(self.header, "").strip().lower()
        return _is_same(sent.removeprefix("sha256="), expected)


def _is_same(sent: str, expected: str) -> bool:
    return hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode())
