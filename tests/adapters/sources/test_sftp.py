"""A folder on a real SFTP server: what is copied, whom we trust, and what breaks on the way."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.files import Alarm, FileFormat, FilesSettings, FilesSource
from adapters.sources.files.model import VersionRefused
from adapters.sources.sftp import SftpFolder, SftpServer
from tests.testkit.http_server import raw_server
from tests.testkit.sftp_server import CLIENT_KEY, RunningSftp, new_key, sftp_server

pytestmark = pytest.mark.anyio

HEADER = ("NOMOR", "NAMA")
TEXT = "NOMOR,NAMA\n1,José\n2,Budi\n"


class Drop:
    """A register on a server, its folder and its clock."""

    def __init__(self, server: RunningSftp, root: Path, source: FilesSource) -> None:
        self.server = server
        self.inbox = root / "keluar"
        self.source = source
        self.now = 0.0
        self.written = 0

    def put(self, text: str, name: str = "r.csv") -> None:
        """Put a version on the server, of another time."""
        self.written += 1
        path = self.inbox / name
        path.write_text(text, "cp1252")
        os.utime(path, (self.written, self.written))

    async def names(self) -> list[str] | None:
        """Look again, and give the names in service."""
        self.now += 1000
        table = (await self.source.table(CallContext())).value
        return None if table is None else [row["NAMA"] for row in table.rows]

    @property
    def alarm(self) -> Alarm | None:
        """The alarm that is raised."""
        return self.source.status.alarm


@asynccontextmanager
async def dropped(root: Path, pattern: str = "*.csv", **changes: Any) -> AsyncIterator[Drop]:
    """Run a server and open a source over its folder."""
    (root / "keluar").mkdir()
    async with sftp_server(root) as server:
        folder = SftpFolder(SftpServer(**server.settings(**changes)), "/keluar")
        guard = SourceGuard("pensiun", GuardSettings(timeout_seconds=5))
        settings = FilesSettings(
            folder,
            pattern,
            FileFormat("csv", HEADER, "cp1252"),
            {"nomor": lambda row: row["NOMOR"]},
        )
        source = FilesSource("pensiun", settings, guard, clock=lambda: drop.now)
        drop = Drop(server, root, source)
        try:
            yield drop
        finally:
            await folder.aclose()
            await source.aclose()
            await guard.aclose()


async def test_the_newest_version_is_copied_once(tmp_path: Path) -> None:
    """A look lists the folder; only another version is copied, over the same connection."""
    async with dropped(tmp_path) as drop:
        drop.put("NOMOR,NAMA\n9,Lama\n", "a.csv")
        drop.put(TEXT)
        (drop.inbox / "arsip.csv").mkdir()
        for _ in range(3):
            assert await drop.names() == ["José", "Budi"]
        table = (await drop.source.table(CallContext())).value
        assert table is not None
        assert (table.version, table.as_of.timestamp()) == ("r.csv", 2)
        assert table.find("nomor", "2") == [{"NOMOR": "2", "NAMA": "Budi"}]
        assert (drop.server.logins, drop.server.copies) == (1, 1)
        drop.put("NOMOR,NAMA\n3,Ani\n")
        assert await drop.names() == ["Ani"]
        assert drop.server.copies == 2


async def test_nothing_of_a_copy_stays_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A register is personal data: the copy goes once it is read."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    async with dropped(tmp_path) as drop:
        drop.put(TEXT)
        await drop.names()
        drop.put("broken")
        await drop.names()
        assert drop.alarm is Alarm.TRUNCATED
        assert [*scratch.iterdir()] == []


async def test_a_key_signs_on(tmp_path: Path) -> None:
    """By key instead of password, the key itself behind a passphrase."""
    key = new_key(CLIENT_KEY).export_private_key("openssh", passphrase="frasa").decode()
    async with dropped(tmp_path, password="", private_key=key, passphrase="frasa") as drop:
        drop.put(TEXT)
        assert await drop.names() == ["José", "Budi"]


async def test_another_host_key_is_refused(tmp_path: Path) -> None:
    """Whoever answers under the server's name without its key gets no password."""
    other = new_key("other").export_public_key("openssh").decode()
    async with dropped(tmp_path, host_key=other) as drop:
        drop.put(TEXT)
        assert await drop.names() is None
        assert drop.alarm is Alarm.DENIED
        assert drop.server.logins == 0


async def test_a_password_that_expired(tmp_path: Path) -> None:
    """Without a version it is TIDAK_ADA_HAK; with one, that is served with the alarm."""
    async with dropped(tmp_path) as drop:
        drop.server.password = "lain"
        denied = (await drop.source.table(CallContext())).error
        assert denied is not None
        assert denied.code is SourceCode.TIDAK_ADA_HAK
        drop.server.password = "rahasia"
        drop.put(TEXT)
        await drop.names()
        drop.server.password = "lain"
        drop.server.hang_up()
        drop.put("NOMOR,NAMA\n3,Ani\n")
        assert await drop.names() == ["José", "Budi"]
        assert drop.alarm is Alarm.DENIED
        assert "rahasia" not in drop.source.status.why


async def test_a_server_that_hung_up_is_asked_again(tmp_path: Path) -> None:
    """Servers cut idle connections; that raises no alarm."""
    async with dropped(tmp_path) as drop:
        drop.put(TEXT)
        await drop.names()
        drop.server.hang_up()
        await drop.names()
        assert (drop.alarm, drop.server.logins) == (None, 2)


async def test_a_half_copied_version_waits(tmp_path: Path) -> None:
    """The file that grows on the server is refused until it is whole; the old one is served."""
    async with dropped(tmp_path) as drop:
        drop.put(TEXT)
        await drop.names()
        for part in (TEXT[:-4], "", "NOMOR,ALAMAT\n1,x\n", "<html>"):
            drop.put(part)
            assert await drop.names() == ["José", "Budi"]
            assert drop.alarm in (Alarm.TRUNCATED, Alarm.WRONG_HEADER)
        (drop.inbox / "~$r.csv").touch()
        drop.put(TEXT + "3,Ani\n")
        await drop.names()
        assert drop.alarm is Alarm.LOCKED
        (drop.inbox / "~$r.csv").unlink()
        assert await drop.names() == ["José", "Budi", "Ani"]
        assert drop.alarm is None


async def test_missing_files_and_failures_of_the_server(tmp_path: Path) -> None:
    """Each has its alarm, and no words of the server."""
    async with dropped(tmp_path) as drop:
        assert await drop.names() is None
        assert drop.alarm is Alarm.MISSING
        drop.put(TEXT)
        await drop.names()
        drop.server.fails = True
        drop.put(TEXT + "3,Ani\n")
        assert await drop.names() == ["José", "Budi"]
        assert drop.alarm is Alarm.UNREACHABLE
        assert "disk" not in drop.source.status.why
        drop.server.fails = False
        drop.inbox.rename(tmp_path / "pindah")
        assert await drop.names() == ["José", "Budi"]
        assert drop.alarm is Alarm.MISSING


async def test_closing_ends_what_is_under_way() -> None:
    """A server that takes the connection and says nothing keeps nobody from closing."""
    begun = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with raw_server(silence) as server:
        given = RunningSftp(server.port).settings()
        folder = SftpFolder(SftpServer(**given), "/")
        looking = asyncio.ensure_future(folder.find("*", 60))
        await begun.wait()
        await folder.aclose()
        with pytest.raises(VersionRefused, match="shut down"):
            await looking
        with pytest.raises(VersionRefused, match="shut down"):
            await folder.find("*", 60)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"host_key": "ssh-ed25519 zzz"}, "host_key"),
        ({"password": ""}, "give one of them"),
        ({"private_key": "k"}, "give one of them"),
        ({"password": "", "private_key": "rusak"}, "private_key"),
    ],
)
def test_settings_that_cannot_be(changes: dict[str, Any], told: str) -> None:
    """They are found at start."""
    given = RunningSftp(1).settings(**changes)
    with pytest.raises(ValueError, match=told):
        SftpServer(**given)


def test_secrets_are_not_printed() -> None:
    """Representations land in logs."""
    assert "rahasia" not in repr(SftpServer(**RunningSftp(1).settings()))
