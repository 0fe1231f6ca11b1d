"""What the configuration says about the registry.

In: the ``settings`` of the subgraph. Out: ``DukcapilSettings``. Secrets come from the environment
(``${NAME}``), and no error shows them.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from adapters.kit.adapter import AdapterSettings, GuardOptions

__all__ = ["DukcapilSettings"]


class DukcapilSettings(AdapterSettings):
    """Where the registry is, and who we are to it."""

    url: str  # of the reading service, before /dukcapil/get_json
    user_id: str
    password: SecretStr
    ip_user: str = "127.0.0.1"  # our address, as the agreement lists it
    wilayah: str = "31.71"  # path parts: area and institution of the agreement
    instansi: str = "pelayanan"
    verify_url: str | None = None  # of the verifying service; None: no verification
    verify_ca: Path | None = None  # PEM: the authority or the very certificate; None: the system's
    guard: GuardOptions = Field(default_factory=GuardOptions)
    verify_guard: GuardOptions = Field(default_factory=GuardOptions)
