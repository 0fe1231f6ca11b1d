"""A folder on an SFTP server, for the files source.

In: where the server is, the one host key that it may show, and how we sign on. Out: a ``Folder``:
the newest version of a file is found in the server's listing and copied whole, with the memo file
of a DBF, into a private folder that goes with its last reading. One connection serves all files,
stays open between two looks, and is made anew after any failure; every step has its time.
"""

from __future__ import annotations

import asyncio
import logging
import posixpath
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import asyncssh

from adapters.sources.files.dbase import find_memo
from adapters.sources.files.folder import Mark, Version, is_lock, refuse_locked
from adapters.sources.files.model import Alarm, VersionRefused, refuse

__all__ = ["SftpFolder", "SftpServer"]

# A register of a city is some hundred megabytes. Doubled, a wrong pattern that meets a dump of the
# whole system would fill a small disk before anyone looks.
_MOST_BYTES = 2**30

_Marks = Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class SftpServer:
    """Whom we ask, and as whom; raises ``ValueError`` for a key that cannot be read."""

    host: str
    username: str
    host_key: str  # "ssh-ed25519 AAAA…": any other server is refused
    port: int = 22
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)  # in OpenSSH's or PEM's form
    passphrase: str = field(default="", repr=False)  # of the private key

    def __post_init__(self) -> None:
        if bool(self.password) == bool(self.private_key):
            raise ValueError('sign on by "password" or by "private_key": give one of them')
        self.pinned()
        self.keys()

    def pinned(self) -> asyncssh.SSHKey:
        """Read the host key."""
        try:
            return asyncssh.import_public_key(self.host_key)
        except asyncssh.KeyImportError:
            raise ValueError('"host_key" is no public key such as "ssh-ed25519 AAAA…"') from None

    def keys(self) -> list[asyncssh.SSHKey]:
        """Read our own key, if we have one."""
        if not self.private_key:
            return []
        try:
            return [asyncssh.import_private_key(self.private_key, self.passphrase or None)]
        except asyncssh.KeyImportError:
            raise ValueError('"private_key" is no key that "passphrase" opens') from None


class _Lost(VersionRefused):
    """There is no connection, or no longer."""


class SftpFolder:
    """Files of one folder of one server; belongs to one event loop. A ``files.folder.Folder``."""

    def __init__(self, server: SftpServer, path: str) -> None:
        self._server = server
        self._path = path
        self._connecting = asyncio.Lock()
        self._opening: asyncio.Future[asyncssh.SSHClientConnection] | None = None
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None
        self._fetched: set[Path] = set()
        self._closed = False

    async def find(self, pattern: str, seconds: float) -> Version:
        """Give the newest of the files that the server lists."""
        marks = await self._list(seconds)
        found = [
            (mark[2], name)
            for name, mark in marks.items()
            if fnmatchcase(name, pattern) and not is_lock(name)
        ]
        if not found:
            refuse(Alarm.MISSING, f'no file "{pattern}" is in its folder')
        name = max(found)[1]
        memo = find_memo(name, marks)
        return Version(name, marks[name], None if memo is None else (memo, marks[memo]))

    async def fetch(self, version: Version, seconds: float) -> Path:
        """Copy the file, and the memo beside it, to a folder that only we may read."""
        refuse_locked(version.name, await self._list(seconds))
        parts = [(version.name, version.mark), *([version.memo] if version.memo else [])]
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="simpul-sftp-"))
        self._fetched.add(folder)
        try:
            async with self._asking(seconds) as client:
                for name, mark in parts:
                    await self._copy(client, name, mark, folder)
        except BaseException:
            await self._remove(folder)
            raise
        return folder / _local_name(version.name)

    async def release(self, path: Path) -> None:
        """Remove what was copied."""
        await self._remove(path.parent)

    async def aclose(self) -> None:
        """Cut the connection and remove what was copied; idempotent."""
        self._closed = True
        if self._opening is not None:
            self._opening.cancel()
        await self._disconnect()
        for folder in tuple(self._fetched):
            await self._remove(folder)

    async def _list(self, seconds: float) -> _Marks:
        was_open = self._client is not None
        try:
            return await self._list_once(seconds)
        except _Lost:
            if not was_open:
                raise
        return await self._list_once(seconds)  # a server hangs up on who is idle

    async def _list_once(self, seconds: float) -> _Marks:
        async with self._asking(seconds) as client:
            marks: dict[str, Mark] = {}
            for entry in await client.readdir(self._path):
                name, attributes = str(entry.filename), entry.attrs
                if "/" in name or name in (".", ".."):
                    continue
                if stat.S_ISLNK(attributes.permissions or 0):
                    attributes = await client.stat(posixpath.join(self._path, name))
                if not stat.S_ISDIR(attributes.permissions or 0):
                    nanoseconds = (attributes.mtime or 0) * 10**9 + (attributes.mtime_ns or 0)
                    marks[name] = (0, attributes.size or 0, nanoseconds)
            return marks

    async def _copy(self, client: asyncssh.SFTPClient, name: str, mark: Mark, folder: Path) -> None:
        if mark[1] > _MOST_BYTES:
            refuse(Alarm.UNREADABLE, f'"{name}" is larger than {_MOST_BYTES} bytes')
        local = folder / _local_name(name)
        await client.get(posixpath.join(self._path, name), str(local))
        if (await asyncio.to_thread(local.stat)).st_size != mark[1]:
            refuse(Alarm.CHANGING, f'"{name}" changed while it was copied')

    @asynccontextmanager
    async def _asking(self, seconds: float) -> AsyncIterator[asyncssh.SFTPClient]:
        """Lend the connection; whatever breaks it is told as an alarm."""
        try:
            async with asyncio.timeout(seconds):
                yield await self._connected()
        except VersionRefused:
            raise
        except (asyncssh.Error, OSError) as error:
            problem = _problem_of(error)
            if problem.alarm in (Alarm.UNREACHABLE, Alarm.SLOW, Alarm.DENIED):
                await self._disconnect()
            raise problem from None
        except asyncio.CancelledError:
            await self._disconnect()
            raise

    async def _connected(self) -> asyncssh.SFTPClient:
        async with self._connecting:
            if self._closed:
                raise VersionRefused(Alarm.UNREACHABLE, "the source is being shut down")
            if self._client is None:
                # What it says of a connection at "info" names the user of each.
                logging.getLogger("asyncssh").setLevel(logging.WARNING)
                self._connection = await self._connect()
                self._client = await self._connection.start_sftp_client()
            return self._client

    async def _connect(self) -> asyncssh.SSHClientConnection:
        connecting = asyncssh.connect(
            self._server.host,
            self._server.port,
            username=self._server.username,
            password=self._server.password or None,
            client_keys=self._server.keys() or None,
            known_hosts=([self._server.pinned()], [], []),
            config=None,
            agent_path=None,
            x509_trusted_certs=None,
        )
        self._opening = asyncio.ensure_future(connecting)
        try:
            return await self._opening
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise VersionRefused(Alarm.UNREACHABLE, "the source is being shut down") from None
        finally:
            self._opening = None

    async def _disconnect(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            connection.abort()
            await connection.wait_closed()

    async def _remove(self, folder: Path) -> None:
        self._fetched.discard(folder)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _local_name(name: str) -> str:
    """Name a copy: a server's own names may be such as no disk should see."""
    ending = posixpath.splitext(name)[1].lower()
    return f"copy{ending}" if ending[1:].isalnum() else "copy"


def _problem_of(error: Exception) -> VersionRefused:
    """Say what became of a question; texts of a server are not repeated."""
    match error:
        case asyncssh.HostKeyNotVerifiable():
            return VersionRefused(Alarm.DENIED, "the server does not show the key that is pinned")
        case asyncssh.PermissionDenied():
            return VersionRefused(Alarm.DENIED, "the server refuses our sign-on")
        case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
            return VersionRefused(Alarm.MISSING, "the folder or the file is not on the server")
        case asyncssh.SFTPPermissionDenied():
            return VersionRefused(Alarm.LOCKED, "the server does not let us read the file")
        case TimeoutError():
            return VersionRefused(Alarm.SLOW, "the server did not answer in time")
        case asyncssh.SFTPError() if not isinstance(error, asyncssh.SFTPConnectionLost):
            return VersionRefused(Alarm.UNREACHABLE, "the server failed to give the file")
        case _:
            name = type(error).__name__
            return _Lost(Alarm.UNREACHABLE, f"the server cannot be reached ({name})")
