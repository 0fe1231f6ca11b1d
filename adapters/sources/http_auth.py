"""How a REST source is told who we are.

In: credentials from the configuration. Out: request headers. OAuth2's password grant keeps a
token, renews it before it ends (by refresh token, else by password), and asks for it once however
many calls need it.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode

import msgspec

from adapters.errors import AccessDenied, BadRecord, SourceTimeout, SourceUnavailable
from adapters.http_client import HttpClient, HttpError, source_error, status_error
from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import SingleFlight

__all__ = [
    "Auth",
    "OAuth2Credentials",
    "OAuth2Password",
    "StaticAuth",
    "TokenRejected",
    "api_key",
    "basic",
]

Headers = tuple[tuple[str, str], ...]

# A token is renewed this long before its end, so that none ends on its way to the source.
_LEEWAY_SECONDS = 10.0
_ANONYMOUS_LIFE_SECONDS = 300.0  # of a token whose answer does not tell how long it lives


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


@dataclass(frozen=True, slots=True)
class OAuth2Credentials:
    """What the token endpoint wants to see."""

    token_url: str
    username: str
    password: str
    client_id: str = ""
    client_secret: str = ""
    scope: str = ""

    def __repr__(self) -> str:
        """Show where, never who or with what."""
        return "OAuth2Credentials(…)"


class OAuth2Password:
    """OAuth2's resource-owner password grant (RFC 6749, section 4.3)."""

    def __init__(self, credentials: OAuth2Credentials, client: HttpClient) -> None:
        self._credentials = credentials
        self._client = client
        self._flights: SingleFlight[Headers] = SingleFlight()
        self._headers: Headers | None = None
        self._ends_at = 0.0  # of the loop's clock
        self._refresh_token: str | None = None

    def current(self) -> Headers | None:
        """Give the bearer header while its token lives."""
        return self._headers if asyncio.get_running_loop().time() < self._ends_at else None

    async def headers(self, seconds: float) -> Headers:
        """Give the bearer header, asking for a token first if there is none that lives."""
        if (current := self.current()) is not None:
            return current
        now = asyncio.get_running_loop().time()
        try:
            joined = await self._flights.join("token", self._renew, leave_at=now + seconds)
        except WaitExpired as error:
            raise SourceTimeout("the token endpoint did not answer in time") from error
        except FlightEnded as error:
            raise SourceUnavailable("the source is being shut down") from error
        return joined.value

    def rejected(self, headers: Headers) -> bool:
        """Forget the token that was rejected, unless a newer one is already there."""
        if headers == self._headers:
            self._headers = None
        return True

    async def aclose(self) -> None:
        """End the token's flight; idempotent."""
        await self._flights.aclose()

    async def _renew(self) -> Headers:
        if self._refresh_token is not None:
            token, self._refresh_token = self._refresh_token, None
            try:
                return await self._ask(grant_type="refresh_token", refresh_token=token)
            except AccessDenied:
                pass  # refresh tokens end too: the password is asked for
        return await self._ask(
            grant_type="password",
            username=self._credentials.username,
            password=self._credentials.password,
        )

    async def _ask(self, **form: str) -> Headers:
        own = self._credentials
        extra = {"client_id": own.client_id, "client_secret": own.client_secret, "scope": own.scope}
        form |= {name: value for name, value in extra.items() if value}
        try:
            response = await self._client.request(
                "POST",
                own.token_url,
                headers=(
                    ("content-type", "application/x-www-form-urlencoded"),
                    ("accept", "application/json"),
                ),
                body=urlencode(form).encode("ascii"),
            )
        except HttpError as error:
            raise source_error(error) from error
        if response.status == 400:  # RFC 6749, section 5.2: how invalid_grant is told
            raise AccessDenied("the token endpoint rejects our credentials")
        failure = status_error(response, "the token endpoint")
        if failure is not None:
            raise failure
        return self._keep(response.body)

    def _keep(self, body: bytes) -> Headers:
        try:
            answer: Any = msgspec.json.decode(body)
            token = answer["access_token"]
            life = float(answer.get("expires_in") or _ANONYMOUS_LIFE_SECONDS)
            refresh = answer.get("refresh_token")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadRecord("the token endpoint's answer cannot be read") from error
        # At least half the life is used, however short: else each call would ask for a token.
        self._ends_at = asyncio.get_running_loop().time() + max(life - _LEEWAY_SECONDS, life / 2)
        self._refresh_token = refresh if isinstance(refresh, str) else None
        self._headers = (("authorization", f"Bearer {token}"),)
        return self._headers
