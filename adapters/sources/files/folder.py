"""Where files are put: what stands there, and how it comes within reach of the readers.

In: a pattern. Out: the newest ``Version`` of a file, and a path to read it from. ``Folder`` is the
contract; ``LocalFolder`` is a folder of this machine or one that is mounted, which may hang, so
everything is asked of it in a thread.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from adapters.sources.files.dbase import find_memo
from adapters.sources.files.model import Alarm, VersionRefused, refuse

__all__ = ["Folder", "LocalFolder", "Version", "is_lock", "refuse_locked"]

Mark = tuple[int, int, int]
"""What changes with a file: inode (0: not known), bytes, time of change in nanoseconds."""


class Version(NamedTuple):
    """A file as it stands now; an equal one is the same version."""

    name: str
    mark: Mark
    memo: tuple[str, Mark] | None = None  # of a DBF: the memo file beside it

    @property
    def changed_at(self) -> float:
        """When it was last written, in seconds since 1970."""
        return self.mark[2] / 1e9


class Folder(Protocol):
    """Gives files. Each method raises ``VersionRefused`` or ``OSError``."""

    async def find(self, pattern: str, seconds: float) -> Version:
        """Give the file that ``pattern`` names, of several the one changed last."""
        ...

    async def fetch(self, version: Version, seconds: float) -> Path:
        """Give a path of this machine to read it from; refuses what someone is writing."""
        ...

    async def release(self, path: Path) -> None:
        """Take back a path that was fetched."""
        ...

    async def aclose(self) -> None:
        """Let go of what is held open; idempotent."""
        ...


class LocalFolder:
    """A folder in the file system."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def find(self, pattern: str, seconds: float) -> Version:
        """Look at the folder; a thread cannot be stopped, so ``seconds`` are for others to keep."""
        return await asyncio.to_thread(self._find, pattern)

    async def fetch(self, version: Version, seconds: float) -> Path:
        """Give the file itself."""
        path = self._path / version.name
        await asyncio.to_thread(_refuse_locked_file, path)
        return path

    async def release(self, path: Path) -> None:
        """Leave it where it is."""

    async def aclose(self) -> None:
        """Hold nothing open."""

    def _find(self, pattern: str) -> Version:
        found = [(path, _mark(path)) for path in self._path.glob(pattern) if not is_lock(path.name)]
        if not found:
            refuse(Alarm.MISSING, f'no file "{pattern}" is in its folder')
        path, mark = max(found, key=lambda each: (each[1][2], each[0].name))
        return Version(path.name, mark, self._memo_of(path))

    def _memo_of(self, path: Path) -> tuple[str, Mark] | None:
        if path.suffix.lower() != ".dbf":
            return None
        memo = find_memo(path.name, (each.name for each in path.parent.iterdir()))
        return None if memo is None else (memo, _mark(path.with_name(memo)))


def is_lock(name: str) -> bool:
    """Tell whether a file only says that another is open in an office program."""
    return name.startswith((".~", "~$"))


def refuse_locked(name: str, names: Iterable[str]) -> None:
    """Refuse a file beside which an office program has put its mark; raises ``VersionRefused``."""
    beside = (f"~${name}", f".~lock.{name}#")
    if any(each in beside for each in names):
        refuse(Alarm.LOCKED, f'"{name}" is open in an office program')


def _mark(path: Path) -> Mark:
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise VersionRefused(Alarm.MISSING, f'"{path.name}" has just gone') from error
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def _refuse_locked_file(path: Path) -> None:
    """Refuse a file that someone has open for writing, as far as they say so.

    Office programs put a lock file beside it; others lock the file itself, in either of two ways.
    """
    refuse_locked(path.name, (each.name for each in path.parent.iterdir()))
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            refuse(Alarm.LOCKED, f'"{path.name}" is locked')
