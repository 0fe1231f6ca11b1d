"""A real SFTP server on loopback, over a folder of the test; it counts what it is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import asyncssh

__all__ = ["CLIENT_KEY", "PASSWORD", "USER", "RunningSftp", "new_key", "sftp_server"]

USER, PASSWORD = "simpul", "rahasia"


@cache
def new_key(name: str) -> asyncssh.SSHKey:
    """Make a key; the same name gives the same key."""
    return asyncssh.generate_private_key("ssh-ed25519", name)


CLIENT_KEY = "client"


@dataclass(slots=True)
class RunningSftp:
    """A server, and what it has seen and shall do."""

    port: int = 0
    logins: int = 0
    listings: int = 0
    copies: int = 0  # files that were opened
    fails: bool = False  # answers everything by a failure of its own
    password: str = PASSWORD
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    @property
    def host_key(self) -> str:
        """The public key that a client should pin."""
        return new_key("host").export_public_key("openssh").decode().strip()

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Give the settings of a client."""
        given = {"host": "127.0.0.1", "port": self.port, "username": USER}
        return {**given, "host_key": self.host_key, "password": PASSWORD, **changes}

    def hang_up(self) -> None:
        """Cut every connection."""
        for connection in self.connections:
            connection.abort()
        self.connections.clear()


@asynccontextmanager
async def sftp_server(folder: Path) -> AsyncIterator[RunningSftp]:
    """Serve ``folder`` as the root of everything."""
    running = RunningSftp()

    class Login(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            running.connections.append(conn)

        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, running.password)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            known = new_key(CLIENT_KEY).convert_to_public()
            return username == USER and bool(key == known)

        def auth_completed(self) -> None:
            running.logins += 1

    class Files(asyncssh.SFTPServer):
        def __init__(self, chan: Any) -> None:
            super().__init__(chan, chroot=str(folder).encode())

        def scandir(self, path: bytes) -> Any:
            running.listings += 1
            self._fail()
            return super().scandir(path)

        def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
            running.copies += 1
            self._fail()
            return super().open(path, pflags, attrs)

        def _fail(self) -> None:
            if running.fails:
                raise asyncssh.SFTPFailure("disk of the server is broken")

    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=Login,
        server_host_keys=[new_key("host")],
        sftp_factory=Files,
        allow_scp=False,
    )
    running.port = server.get_port()
    try:
        yield running
    finally:
        running.hang_up()
        server.close()
        await server.wait_closed()
