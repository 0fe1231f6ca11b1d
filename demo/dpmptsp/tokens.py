"""OAuth2 password grant with expiring tokens.

In: a token request's fields. Out: a token pair, or the error in the agency's shape. Tokens are kept
in memory: a restart forgets them all, as the real one did at every release.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["AgencyError", "Tokens"]

_CLIENT_ID, _CLIENT_SECRET = "simpul", "rahasia-klien"
_USERNAME, _PASSWORD = "gateway", "rahasia-gateway"


class AgencyError(Exception):
    """A refusal: status, code, and the three texts that the agency sends with it."""

    def __init__(self, status: int, error: str, description: str, hint: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.body = {
            "error": error,
            "error_description": description,
            "hint": hint or None,
            "message": description,
        }


@dataclass(slots=True)
class Tokens:
    """Issues and checks tokens."""

    lifetime: float  # seconds
    clock: Callable[[], float]  # monotonic seconds
    _access: dict[str, float] = field(default_factory=dict)  # token to its end
    _refresh: set[str] = field(default_factory=set)

    def issue(self, fields: dict[str, Any]) -> dict[str, object]:
        """Answer a token request; raises AgencyError."""
        grant = fields.get("grant_type")
        if grant not in ("password", "refresh_token"):
            raise AgencyError(400, "unsupported_grant_type", "Grant type not supported", "password")
        client = (fields.get("client_id"), fields.get("client_secret"))
        if client != (_CLIENT_ID, _CLIENT_SECRET):
            raise AgencyError(401, "invalid_client", "Client authentication failed")
        if grant == "password":
            self._check_user(fields)
        else:
            self._spend_refresh(fields)
        return self._issue()

    def check(self, authorization: str) -> None:
        """Check a request's Authorization header; raises AgencyError."""
        scheme, _, token = authorization.partition(" ")
        end = self._access.get(token) if scheme.lower() == "bearer" else None
        if end is None:
            raise AgencyError(401, "invalid_token", "Unauthenticated", "send a bearer token")
        if end <= self.clock():
            del self._access[token]
            raise AgencyError(401, "invalid_token", "The access token expired", "ask a new one")

    def reset(self) -> None:
        """Forget every token."""
        self._access.clear()
        self._refresh.clear()

    def _issue(self) -> dict[str, object]:
        now = self.clock()
        for token in [token for token, end in self._access.items() if end <= now]:
            del self._access[token]
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._access[access] = now + self.lifetime
        self._refresh.add(refresh)
        return {
            "token_type": "Bearer",
            "expires_in": int(self.lifetime),
            "access_token": access,
            "refresh_token": refresh,
        }

    def _check_user(self, fields: dict[str, Any]) -> None:
        if "username" not in fields or "password" not in fields:
            raise AgencyError(400, "invalid_request", "Missing parameter", "username, password")
        if (fields["username"], fields["password"]) != (_USERNAME, _PASSWORD):
            raise AgencyError(401, "invalid_credentials", "The user credentials were incorrect")

    def _spend_refresh(self, fields: dict[str, Any]) -> None:
        token = fields.get("refresh_token")
        if token not in self._refresh:
            raise AgencyError(401, "invalid_request", "The refresh token is invalid")
        self._refresh.discard(token)
