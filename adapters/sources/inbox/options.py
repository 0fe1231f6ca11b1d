"""What a configuration says about an inbox: who may push, how much, and where it is kept.

In: the ``inbox`` part of an adapter's settings. Out: its credential and its database's URL.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.sources.inbox.credential import (
    BasicCredential,
    Credential,
    HmacCredential,
    SecretCredential,
)
from adapters.sources.sql.session import rebase_url

__all__ = ["BasicOptions", "HmacOptions", "InboxOptions", "SecretOptions"]


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretOptions(_Options):
    """A shared secret in a header."""

    header: str = "x-api-key"
    secret: SecretStr = Field(min_length=8)


class BasicOptions(_Options):
    """HTTP Basic."""

    username: str = Field(min_length=1)
    password: SecretStr = Field(min_length=8)


class HmacOptions(_Options):
    """A signature over the body."""

    header: str = "x-signature"
    key: SecretStr = Field(min_length=8)


class InboxOptions(_Options):
    """One of ``secret``, ``basic`` and ``hmac``; there is no inbox that anybody may fill."""

    secret: SecretOptions | None = None
    basic: BasicOptions | None = None
    hmac: HmacOptions | None = None
    body_bytes: int = Field(1_000_000, gt=0)
    database: str | None = None  # SQLAlchemy URL; None: inbox.sqlite in the gateway's state_dir

    @model_validator(mode="after")
    def _one_credential(self) -> InboxOptions:
        if sum(each is not None for each in (self.secret, self.basic, self.hmac)) != 1:
            raise ValueError('give one of "secret", "basic" and "hmac"')
        return self

    def credential(self) -> Credential:
        """Give the credential that a push must show."""
        if self.secret is not None:
            return SecretCredential(
                self.secret.header.lower(), self.secret.secret.get_secret_value()
            )
        if self.basic is not None:
            return BasicCredential(self.basic.username, self.basic.password.get_secret_value())
        assert self.hmac is not None
        return HmacCredential(self.hmac.header.lower(), self.hmac.key.get_secret_value())

    def database_url(self, base: Path, state: Path) -> str:
        """Give the database's URL; a relative file begins at ``base``."""
        if self.database is None:
            return f"sqlite+aiosqlite:///{(state / 'inbox.sqlite').absolute()}"
        return rebase_url(self.database, base)
