"""HMAC signatures for REST sources: headers that prove who sent what, and when.

In: one request (method, target, body), a secret, the time. Out: headers with the signature of a
*canonical string*: a text that both sides build of the request in the same way. Agencies differ in
that text, so it is a template; ours, where an agency lets us choose, is

    {method} LF {target} LF {timestamp} LF {body_sha256}

with the target as it is sent (path and query, percent-encoded) and the hash of an empty body where
there is none. Every attempt is signed anew: a signature that is sent again is a replay.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from adapters.sources.http_auth import Headers

__all__ = ["CANONICAL", "SIGNATURE_HEADERS", "SIGNATURE_PLACES", "HmacSigning", "find_places"]

CANONICAL = "{method}\n{target}\n{timestamp}\n{body_sha256}"
"""The canonical string, if an agency has none of its own."""

SIGNATURE_HEADERS: Mapping[str, str] = {
    "x-key-id": "{key_id}",
    "x-timestamp": "{timestamp}",
    "x-signature": "{signature}",
}
"""What is sent, if an agency has no names of its own."""

SIGNATURE_PLACES = frozenset(
    {
        "key_id",
        "method",  # in capitals
        "target",  # path and query as sent
        "path",  # as sent, without the query
        "query",  # as sent, without the question mark
        "timestamp",
        "nonce",  # 32 hexadecimal digits, new for each attempt
        "body",  # as sent; empty if there is none
        "body_sha256",  # hexadecimal, in small letters
        "signature",  # in headers only
    }
)

_PLACE = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class HmacSigning:
    """How the requests to one source are signed; raises ``ValueError`` for an unknown place."""

    key_id: str
    secret: str = field(repr=False)
    canonical: str = CANONICAL
    headers: Mapping[str, str] = field(default_factory=lambda: SIGNATURE_HEADERS)
    digest: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    timestamp: Literal["unix", "unix_ms", "iso"] = "unix"  # iso: 2026-01-31T23:59:59Z
    clock: Callable[[], float] = time.time  # seconds since 1970
    nonce: Callable[[], str] = lambda: secrets.token_hex(16)

    def __post_init__(self) -> None:
        unknown = find_places(self.canonical) - (SIGNATURE_PLACES - {"signature"})
        for text in self.headers.values():
            unknown |= find_places(text) - SIGNATURE_PLACES
        if unknown:
            raise ValueError(f"no part of a request is called {', '.join(sorted(unknown))}")

    def sign(self, method: str, target: str, body: bytes | None) -> Headers:
        """Give the headers of one attempt."""
        path, _, query = target.partition("?")
        values = {
            "key_id": self.key_id,
            "method": method,
            "target": target,
            "path": path,
            "query": query,
            "timestamp": self._timestamp(),
            "nonce": self.nonce(),
            "body": (body or b"").decode("utf-8", "surrogateescape"),
            "body_sha256": sha256(body or b"").hexdigest(),
        }
        canonical = _fill(self.canonical, values).encode("utf-8", "surrogateescape")
        signature = hmac.new(self.secret.encode(), canonical, self.digest).digest()
        is_hex = self.encoding == "hex"
        values["signature"] = signature.hex() if is_hex else b64encode(signature).decode("ascii")
        return tuple((name, _fill(text, values)) for name, text in self.headers.items())

    def _timestamp(self) -> str:
        now = self.clock()
        match self.timestamp:
            case "unix":
                return str(int(now))
            case "unix_ms":
                return str(int(now * 1000))
            case "iso":
                return datetime.fromtimestamp(int(now), UTC).isoformat().replace("+00:00", "Z")


def find_places(text: str) -> set[str]:
    """Give the names in braces."""
    return set(_PLACE.findall(text))


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: values[match[1]], text)
