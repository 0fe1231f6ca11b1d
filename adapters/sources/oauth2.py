"""OAuth2 tokens for a REST source: client credentials, or a person's name and password.

In: credentials from the configuration. Out: the bearer header. A token is kept, renewed before it
ends (by refresh token, else by the grant), and asked for once however many calls need it: whoever
comes meanwhile waits for the same answer, each no longer than its own deadline.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote_plus, urlencode

import msgspec

from adapters.errors import AccessDenied, BadRecord, SourceTimeout, SourceUnavailable
from adapters.http_client import HttpClient, HttpError, source_error, status_error
from adapters.sources.http_auth import Headers
from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import SingleFlight

__all__ = ["OAuth2", "OAuth2Credentials"]

# A token is renewed this long before its end, so that none ends on its way to the source.
_LEEWAY_SECONDS = 10.0
_ANONYMOUS_LIFE_SECONDS = 300.0  # of a token whose answer does not tell how long it lives


@dataclass(frozen=True, slots=True)
class OAuth2Credentials:
    """What the token endpoint wants to see.

    With ``username`` the grant is the resource owner's password (RFC 6749, section 4.3), without
    it the client's credentials (section 4.4).
    """

    token_url: str
    username: str = ""
    password: str = ""
    client_id: str = ""
    client_secret: str = ""
    scope: str = ""
    client_auth: Literal["body", "basic"] = "body"  # where id and secret stand (section 2.3.1)

    def __repr__(self) -> str:
        """Show where, never who or with what."""
        return "OAuth2Credentials(…)"


class OAuth2:
    """Keeps the token of one source. Satisfies ``http_auth.Auth``."""

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
            try:
                return await self._ask(
                    grant_type="refresh_token", refresh_token=self._refresh_token
                )
            except AccessDenied:
                self._refresh_token = None  # refresh tokens end too: the grant is asked for
        own = self._credentials
        if own.username:
            return await self._ask(
                grant_type="password", username=own.username, password=own.password
            )
        return await self._ask(grant_type="client_credentials")

    async def _ask(self, **form: str) -> Headers:
        own = self._credentials
        headers: Headers = (
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
        )
        extra = {"scope": own.scope}
        if own.client_auth == "basic":
            headers = (*headers, ("authorization", _basic(own.client_id, own.client_secret)))
        else:
            extra |= {"client_id": own.client_id, "client_secret": own.client_secret}
        form |= {name: value for name, value in extra.items() if value}
        try:
            response = await self._client.request(
                "POST", own.token_url, headers=headers, body=urlencode(form).encode("ascii")
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
        if isinstance(refresh, str):  # none: the old one goes on being good (section 6)
            self._refresh_token = refresh
        self._headers = (("authorization", f"Bearer {token}"),)
        return self._headers


def _basic(client_id: str, secret: str) -> str:
    """Write id and secret as section 2.3.1 wants them: form-encoded before Basic."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + b64encode(pair.encode("ascii")).decode("ascii")
