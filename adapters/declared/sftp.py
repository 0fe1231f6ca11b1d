"""Declared types over files on an SFTP server: as over files in a folder, but for where they are.

In: the server, its one host key, how we sign on, and the folder there. Out: rows. Without a server
the folder is one of this machine: so a recording of the files stands for the server's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from adapters.declared.draft_csv import draft_csv
from adapters.declared.files import (
    FilePlace,
    FileRecords,
    FilesKindSettings,
    find_mistakes,
    open_files,
)
from adapters.declared.kind import Declaration, Kind
from adapters.kit.adapter import Opening
from adapters.sources.sftp import SftpFolder, SftpServer

__all__ = ["SFTP"]


class SftpLogin(BaseModel):
    """A server, and how we sign on to it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: str
    port: int = Field(22, ge=1, le=65_535)
    username: str
    host_key: str = Field(description='The only one that is trusted: "ssh-ed25519 AAAA…".')
    password: SecretStr = SecretStr("")
    private_key: SecretStr = Field(SecretStr(""), description="In OpenSSH's or PEM's form.")
    passphrase: SecretStr = Field(SecretStr(""), description="Of the private key.")

    @model_validator(mode="after")
    def _can_sign_on(self) -> Self:
        self.server()
        return self

    def server(self) -> SftpServer:
        """Build what the source takes; raises ``ValueError``."""
        return SftpServer(
            self.host,
            self.username,
            self.host_key,
            self.port,
            self.password.get_secret_value(),
            self.private_key.get_secret_value(),
            self.passphrase.get_secret_value(),
        )


class SftpKindSettings(FilesKindSettings):
    """A folder on a server."""

    folder: Path = Field(description="Where the files are put, on the server.")
    refresh_seconds: float = Field(
        60.0, gt=0, description="How often a newer version is looked for."
    )
    server: SftpLogin | None = Field(
        description="The server; null: the folder is one of this machine."
    )


def _rebase(settings: dict[str, Any], base: Path) -> dict[str, Any]:
    return settings


async def _open(
    settings: SftpKindSettings, declaration: Declaration, opening: Opening
) -> FileRecords:
    if settings.server is None:
        return open_files(settings, declaration, opening, opening.base / settings.folder)
    folder = SftpFolder(settings.server.server(), settings.folder.as_posix())
    return open_files(settings, declaration, opening, folder)


SFTP = Kind(SftpKindSettings, FilePlace, _rebase, find_mistakes, _open, draft_csv)
