"""Registers that are files in a folder: CSV, XLSX, DBF.

In: a folder, a pattern, the expected header. Out: a ``Guarded`` ``Table`` of the newest version
that could be trusted. A version is read whole, checked, and swapped in at once; one that is
missing, locked, half written, truncated or of another header leaves the old one in service and
raises an alarm; if there never was one, the source is unavailable. Whether there is a newer one is
looked up at most every so many seconds, off the event loop, by whoever asks next.
"""

from __future__ import annotations

import asyncio
import fcntl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from adapters.contract import CallContext, Guard, Guarded
from adapters.errors import SourceError, SourceTimeout, SourceUnavailable
from adapters.sources.files.model import Alarm, Content, FileFormat, VersionRefused
from adapters.sources.files.readers import READERS
from adapters.sources.files.table import KeyOf, Table
from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import SingleFlight

__all__ = ["FileRefused", "FileStatus", "FilesSettings", "FilesSource"]

_CLOSING_SECONDS = 5.0  # a folder that never answers must not keep the process from ending

_Signature = tuple[
    str, int, int, int
]  # name, inode, size, time of change: another, another version


class FileRefused(SourceUnavailable):
    """No version may go into service. A file needs no breaker, and asking again mends nothing."""

    retryable: ClassVar[bool] = False
    counts: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class FilesSettings:
    """Which file, and how it is read."""

    folder: Path
    pattern: str  # a name, or a glob of which the file changed last counts
    file_format: FileFormat
    indexes: Mapping[str, KeyOf] = field(default_factory=dict)
    refresh_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class FileStatus:
    """How the register stands, for metrics and ``adapter status``."""

    source: str
    version: str | None  # in service
    as_of: datetime | None
    rows: int
    skipped: int
    alarm: Alarm | None  # why the newest version is not in service
    why: str  # the alarm in words


class FilesSource:
    """One register. The guard is lent: its owner closes it."""

    def __init__(
        self,
        name: str,
        settings: FilesSettings,
        guard: Guard,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._settings = settings
        self._guard = guard
        self._clock = clock
        self._flights: SingleFlight[Guarded[None]] = SingleFlight()
        self._reading: asyncio.Future[None] | None = None  # a thread cannot be cancelled
        self._looked_at = float("-inf")
        self._table: Table | None = None
        self._signature: _Signature | None = None  # in service
        self._refused: _Signature | None = None  # looked through and refused
        self._problem: VersionRefused | None = None

    async def table(self, call: CallContext) -> Guarded[Table]:
        """Give the register, after a look for a newer version if the last look is old."""
        looked: Guarded[None] = Guarded(None)
        now = self._clock()
        due = now - self._looked_at >= self._settings.refresh_seconds
        if due:
            self._looked_at = now  # whoever asks meanwhile is served the old version at once
        never_read = self._table is None and self._problem is None  # its reader may have left
        if due or never_read or (self._table is None and self._flights.under_way):
            looked = await self._look(call)
        if self._table is not None:
            stale = self._refusal() if self._problem else None
            return Guarded(self._table, None, looked.calls, looked.span, stale)
        error = looked.error or self._refusal()
        return Guarded(None, error, looked.calls, looked.span)

    @property
    def status(self) -> FileStatus:
        """How the register stands."""
        table, problem = self._table, self._problem
        return FileStatus(
            self.name,
            table.version if table else None,
            table.as_of if table else None,
            len(table.rows) if table else 0,
            table.skipped if table else 0,
            problem.alarm if problem else None,
            str(problem) if problem else "",
        )

    async def aclose(self) -> None:
        """Wait a little for the thread that reads, if there is one; idempotent."""
        await self._flights.aclose()
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=_CLOSING_SECONDS)

    async def _look(self, call: CallContext) -> Guarded[None]:
        """Look once for all who ask at the same time; nobody's budget pays for it."""
        try:
            joined = await self._flights.join("look", self._guarded_look, leave_at=call.deadline)
        except WaitExpired:
            text = f'source "{self.name}" was not read within the caller\'s deadline'
            return Guarded(None, SourceTimeout(text))
        except FlightEnded:
            return Guarded(None, SourceUnavailable(f'source "{self.name}" is being shut down'))
        look = joined.value
        return look if joined.led else Guarded(None, look.error, 0, look.span)

    async def _guarded_look(self) -> Guarded[None]:
        async def attempt(_: float | None) -> None:
            if self._reading is None or self._reading.done():
                self._reading = asyncio.ensure_future(asyncio.to_thread(self._refresh))
            await asyncio.shield(self._reading)
            if self._table is None:
                raise self._refusal()

        looked = await self._guard.run(attempt, CallContext(caller="simpul"))
        if isinstance(looked.error, SourceTimeout):
            self._problem = VersionRefused(Alarm.LOCKED, "the folder did not answer in time")
        return looked

    def _refusal(self) -> SourceError:
        why = self._problem or "it has not been read yet"
        return FileRefused(f'source "{self.name}" has no version that can be used: {why}')

    # in a thread; only one runs at a time

    def _refresh(self) -> None:
        path: Path | None = None
        try:
            path = self._newest()
            signature = _signature(path)
            if signature not in (self._signature, self._refused):
                self._swap(path, signature)
            elif signature == self._signature:
                self._problem = None
        except VersionRefused as problem:
            self._problem = problem
        except OSError as error:
            where = "the folder" if path is None else f'"{path.name}"'
            self._problem = VersionRefused(
                Alarm.LOCKED, f"{where} cannot be read ({type(error).__name__})"
            )

    def _swap(self, path: Path, signature: _Signature) -> None:
        """Read the version, and put it into service if it can be trusted."""
        _refuse_locked(path)
        try:
            table = self._load(path, signature)
        except VersionRefused:
            if _signature(path) == signature:
                self._refused = signature  # not looked through again until it changes
            raise
        if _signature(path) != signature:
            raise VersionRefused(Alarm.CHANGING, f'"{path.name}" changed while it was read')
        self._table, self._signature = table, signature
        self._problem = self._refused = None

    def _load(self, path: Path, signature: _Signature) -> Table:
        file_format = self._settings.file_format
        content = READERS[file_format.kind](path, file_format)
        _check_header(content, file_format.header, path.name)
        rows = [dict(zip(content.header, row, strict=True)) for row in content.rows]
        return Table.build(
            rows,
            self._settings.indexes,
            as_of=datetime.fromtimestamp(signature[3] / 1e9, UTC),
            version=path.name,
            skipped=content.skipped,
        )

    def _newest(self) -> Path:
        folder, pattern = self._settings.folder, self._settings.pattern
        found = [path for path in folder.glob(pattern) if not path.name.startswith((".~", "~$"))]
        if not found:
            raise VersionRefused(Alarm.MISSING, f'no file "{pattern}" is in its folder')
        return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _signature(path: Path) -> _Signature:
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise VersionRefused(Alarm.MISSING, f'"{path.name}" has just gone') from error
    return (path.name, status.st_ino, status.st_size, status.st_mtime_ns)


def _refuse_locked(path: Path) -> None:
    """Refuse a file that someone has open for writing, as far as they say so.

    Office programs put a lock file beside it; others lock the file itself, in either of two ways.
    """
    beside = (f"~${path.name}", f".~lock.{path.name}#")
    if any((path.parent / name).exists() for name in beside):
        raise VersionRefused(Alarm.LOCKED, f'"{path.name}" is open in an office program')
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise VersionRefused(Alarm.LOCKED, f'"{path.name}" is locked') from error


def _check_header(content: Content, expected: tuple[str, ...], name: str) -> None:
    if content.header == expected:
        return
    missing = [column for column in expected if column not in content.header]
    told = f"lacks {', '.join(missing)}" if missing else "has other columns, or in another order"
    raise VersionRefused(Alarm.WRONG_HEADER, f'the header of "{name}" {told}')
