"""What the configuration says about the licensing agency.

In: the ``settings`` of the subgraph. Out: ``DpmptspSettings``.
"""

from __future__ import annotations

from pydantic import Field, SecretStr

from adapters.kit.adapter import AdapterSettings, GuardOptions

__all__ = ["DpmptspSettings"]


class DpmptspSettings(AdapterSettings):
    """Where the agency's service is, and who we are to it."""

    url: str
    username: str
    password: SecretStr
    client_id: str
    client_secret: SecretStr
    guard: GuardOptions = Field(default_factory=GuardOptions)
