"""How a REST source is told who we are, by the same headers each time.

In: credentials from the configuration. Out: request headers. Tokens that end are in ``oauth2``,
headers that depend on what is asked in ``http_signing``.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import ClassVar, Protocol

from adapters.errors import AccessDenied

__all__ = [
    "Auth",
    "Headers",
    "StaticAuth",
    "TokenRejected",
    "api_key",
    "basic",
]

Headers = tuple[tuple[str, str], ...]


class TokenRejected(AccessDenied):
    """The source no longer takes our token; the same read may be tried with a new one."""

    retryable: ClassVar[bool] = True
    renews: ClassVar[bool] = True


class Auth(Protocol):
    """Gives the headers of each request."""

    def current(self) -> Headers | None:
        """Give the headers if they are at hand; None: ``headers`` must be waited for."""
        ...

    async def headers(self, seconds: float) -> Headers:
        """Give the headers; raises ``SourceError`` if they cannot be had in time."""
        ...

    def rejected(self, headers: Headers) -> bool:
        """Note that the source answered 401 to ``headers``; tell whether others may help."""
        ...

    async def aclose(self) -> None:
        """End what is under way; idempotent."""
        ...


@dataclass(frozen=True, slots=True)
class StaticAuth:
    """The same headers for every request, or none."""

    fixed: Headers = ()

    def current(self) -> Headers:
        """Give the headers."""
        return self.fixed

    async def headers(self, seconds: float) -> Headers:
        """Give the headers. Never raises."""
        return self.fixed

    def rejected(self, headers: Headers) -> bool:
        """Nothing else could be sent."""
        return False

    async def aclose(self) -> None:
        """Hold nothing open."""


def basic(user: str, password: str) -> StaticAuth:
    """HTTP Basic."""
    token = b64encode(f"{user}:{password}".encode()).decode("ascii")
    return StaticAuth((("authorization", f"Basic {token}"),))


def api_key(value: str, header: str = "x-api-key") -> StaticAuth:
    """One secret in one header."""
    return StaticAuth(((header, value),))
