"""How a declared REST service is told who we are: the settings of each way.

In: ``auth`` of the service's settings. Out: what ``HttpSource`` takes: headers that stay, a token
that is renewed, or a signature of each request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from adapters.http_client import HttpClient
from adapters.kit.adapter import AdapterSettings
from adapters.sources.http_auth import Auth, api_key, basic
from adapters.sources.http_signing import CANONICAL, SIGNATURE_HEADERS, HmacSigning
from adapters.sources.oauth2 import OAuth2, OAuth2Credentials

__all__ = ["AnyAuth", "build_auth", "build_signing"]


class ApiKeyAuth(AdapterSettings):
    """A key in a header."""

    kind: Literal["api_key"]
    header: str
    value: SecretStr


class BasicAuth(AdapterSettings):
    """HTTP Basic."""

    kind: Literal["basic"]
    username: str
    password: SecretStr


class OAuth2Auth(AdapterSettings):
    """OAuth2: a person's name and password if they are given, else the client's credentials."""

    kind: Literal["oauth2"]
    token_url: str
    client_id: str
    client_secret: SecretStr
    client_auth: Literal["body", "basic"] = Field("body", description="Where id and secret stand.")
    username: str = ""
    password: SecretStr = SecretStr("")
    scope: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError('"username" and "password" go together')
        return self


class HmacAuth(AdapterSettings):
    """A signature of each request (docs/sources.md)."""

    kind: Literal["hmac"]
    key_id: str
    secret: SecretStr
    canonical: str = Field(CANONICAL, description="What is signed, with {places}.")
    headers: dict[str, str] = Field(
        default_factory=lambda: dict(SIGNATURE_HEADERS), description="Name -> value with {places}."
    )
    digest: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    timestamp: Literal["unix", "unix_ms", "iso"] = "unix"

    @model_validator(mode="after")
    def _places(self) -> Self:
        self.signing()
        return self

    def signing(self, clock: Callable[[], float] = float) -> HmacSigning:
        """Build the signing; raises ``ValueError`` for a place that no request has."""
        return HmacSigning(
            self.key_id,
            self.secret.get_secret_value(),
            self.canonical,
            self.headers,
            self.digest,
            self.encoding,
            self.timestamp,
            clock,
        )


AnyAuth = Annotated[ApiKeyAuth | BasicAuth | OAuth2Auth | HmacAuth, Field(discriminator="kind")]


def build_auth(
    given: ApiKeyAuth | BasicAuth | OAuth2Auth | HmacAuth | None, client: HttpClient
) -> Auth | None:
    """Build what gives the headers that do not depend on the request."""
    match given:
        case ApiKeyAuth():
            return api_key(given.value.get_secret_value(), given.header)
        case BasicAuth():
            return basic(given.username, given.password.get_secret_value())
        case OAuth2Auth():
            return OAuth2(_credentials(given), client)
        case HmacAuth() | None:
            return None


def build_signing(
    given: ApiKeyAuth | BasicAuth | OAuth2Auth | HmacAuth | None, clock: Callable[[], float]
) -> HmacSigning | None:
    """Build what signs each request."""
    return given.signing(clock) if isinstance(given, HmacAuth) else None


def _credentials(given: OAuth2Auth) -> OAuth2Credentials:
    return OAuth2Credentials(
        given.token_url,
        given.username,
        given.password.get_secret_value(),
        given.client_id,
        given.client_secret.get_secret_value(),
        given.scope,
        given.client_auth,
    )
