"""Registers that are files: what is in service, and what leaves the old version there.

In: a folder, a pattern, the expected header. Out: a ``Guarded`` ``Table`` of the newest version
that could be trusted. A version is read whole, checked, and swapped in at once; one that is
missing, locked, half written, truncated, of another header or suddenly small leaves the old one in
service and raises an alarm; if there never was one, the source is unavailable. Whether there is a
newer one is looked up at most every so many seconds, by whoever asks next; who has an old version
to be served waits only a little for it, and the look goes on without him.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from adapters.contract import CallContext, Guard, Guarded
from adapters.errors import AccessDenied, SourceError, SourceTimeout, SourceUnavailable
from adapters.sources.files.folder import Folder, LocalFolder, Version
from adapters.sources.files.model import Alarm, Content, FileFormat, VersionRefused, refuse
from adapters.sources.files.readers import READERS
from adapters.sources.files.table import KeyOf, Table
from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import SingleFlight

__all__ = ["FileRefused", "FileStatus", "FilesSettings", "FilesSource"]

_LOG = logging.getLogger("simpul.files")

_CLOSING_SECONDS = 5.0  # a folder that never answers must not keep the process from ending
_DEFAULT_SECONDS = 30.0  # of a look under a guard that sets no time

# Below so many rows a register may well lose half of them in a day. Doubled, a small kelurahan's
# register could be emptied by a bad export before anyone is told.
_FEW_ROWS = 20


class FileRefused(SourceUnavailable):
    """No version may go into service. A file needs no breaker, and asking again mends nothing."""

    retryable: ClassVar[bool] = False
    counts: ClassVar[bool] = False


class FileDenied(AccessDenied):
    """The server that keeps the files refuses us; asking again mends nothing."""


class FileTimedOut(SourceTimeout):
    """The place of the files did not answer in time, and nothing is there to be served."""

    counts: ClassVar[bool] = False


_ERRORS: Mapping[Alarm | None, type[SourceError]] = {
    Alarm.DENIED: FileDenied,
    Alarm.SLOW: FileTimedOut,
}
"""What a caller is told where it is not ``FileRefused``."""


@dataclass(frozen=True, slots=True)
class FilesSettings:
    """Which file, and how it is read."""

    folder: Path | Folder
    pattern: str  # a name, or a glob of which the file changed last counts
    file_format: FileFormat
    indexes: Mapping[str, KeyOf] = field(default_factory=dict)
    refresh_seconds: float = 5.0  # between two looks for a newer version
    patience_seconds: float = 1.0  # of a caller who could be served the version in service
    least_share: float = 0.5  # of the rows in service that a newer version must have; 0: any


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

    def describe(self) -> dict[str, Any]:
        """Give the status as plain values."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "rows": self.rows,
            "skipped": self.skipped,
            "alarm": self.alarm is not None,
            "why": self.why,
        }


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
        place = settings.folder
        self._folder: Folder = LocalFolder(place) if isinstance(place, Path) else place
        self._flights: SingleFlight[Guarded[None]] = SingleFlight()
        self._reading: asyncio.Future[None] | None = None  # its thread cannot be cancelled
        self._looked_at = float("-inf")
        self._table: Table | None = None
        self._version: Version | None = None  # in service
        self._refused: Version | None = None  # looked through and refused
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
        """Wait a little for the thread that reads, if there is one; idempotent.

        A folder that was given is its giver's to close, before this.
        """
        await self._flights.aclose()
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=_CLOSING_SECONDS)

    async def _look(self, call: CallContext) -> Guarded[None]:
        """Look once for all who ask at the same time; nobody's budget pays for it."""
        leave_at = call.deadline
        if self._table is not None:
            patience = asyncio.get_running_loop().time() + self._settings.patience_seconds
            leave_at = patience if leave_at is None else min(leave_at, patience)
        try:
            joined = await self._flights.join("look", self._guarded_look, leave_at=leave_at)
        except WaitExpired:
            text = f'source "{self.name}" was not read within the caller\'s deadline'
            return Guarded(None, SourceTimeout(text))
        except FlightEnded:
            return Guarded(None, SourceUnavailable(f'source "{self.name}" is being shut down'))
        look = joined.value
        return look if joined.led else Guarded(None, look.error, 0, look.span)

    async def _guarded_look(self) -> Guarded[None]:
        async def attempt(seconds: float | None) -> None:
            if self._reading is None or self._reading.done():
                limit = _DEFAULT_SECONDS if seconds is None else seconds
                self._reading = asyncio.ensure_future(self._refresh(limit))
            await asyncio.shield(self._reading)
            if self._table is None:
                raise self._refusal()

        looked = await self._guard.run(attempt, CallContext(caller="simpul"))
        if isinstance(looked.error, SourceTimeout):
            text = "the place of the files did not answer in time"
            self._tell(VersionRefused(Alarm.SLOW, text))
        return looked

    def _refusal(self) -> SourceError:
        why = self._problem or "it has not been read yet"
        alarm = None if self._problem is None else self._problem.alarm
        kind = _ERRORS.get(alarm, FileRefused)
        return kind(f'source "{self.name}" has no version that can be used: {why}')

    async def _refresh(self, seconds: float) -> None:
        """Look for a newer version; only one such task runs at a time."""
        try:
            version = await self._folder.find(self._settings.pattern, seconds)
            if version not in (self._version, self._refused):
                await self._swap(version, seconds)
            elif version == self._version:
                self._tell(None)
        except VersionRefused as problem:
            self._tell(problem)
        except OSError as error:
            told = f'"{self._settings.pattern}" cannot be read ({type(error).__name__})'
            self._tell(VersionRefused(Alarm.LOCKED, told))

    async def _swap(self, version: Version, seconds: float) -> None:
        """Read the version, and put it into service if it can be trusted."""
        path = await self._folder.fetch(version, seconds)
        problem: VersionRefused | None = None
        try:
            table = await asyncio.to_thread(self._load, path, version)
        except VersionRefused as refused:
            problem = refused
        finally:
            await self._folder.release(path)
        is_same = await self._folder.find(self._settings.pattern, seconds) == version
        if problem is not None:
            if is_same:
                self._refused = version  # not looked through again until it changes
            raise problem
        if not is_same:
            raise VersionRefused(Alarm.CHANGING, f'"{version.name}" changed while it was read')
        self._table, self._version, self._refused = table, version, None
        self._tell(None)

    def _load(self, path: Path, version: Version) -> Table:
        """Read and check; in a thread."""
        file_format = self._settings.file_format
        content = READERS[file_format.kind](path, file_format)
        _check_header(content, file_format.header, version.name)
        self._check_rows(len(content.rows))
        rows = [dict(zip(content.header, row, strict=True)) for row in content.rows]
        return Table.build(
            rows,
            self._settings.indexes,
            as_of=datetime.fromtimestamp(version.changed_at, UTC),
            version=version.name,
            skipped=content.skipped,
        )

    def _check_rows(self, found: int) -> None:
        served = 0 if self._table is None else len(self._table.rows)
        if served >= _FEW_ROWS and found < served * self._settings.least_share:
            told = f"{found} rows where {served} are in service; if that is right, "
            refuse(Alarm.SHRUNK, f"{told}set least_share to 0 until it is read")

    def _tell(self, problem: VersionRefused | None) -> None:
        """Raise an alarm, or end it; the log hears of it once."""
        before, self._problem = self._problem, problem
        if problem is not None and (before is None or before.alarm is not problem.alarm):
            fields = {"source": self.name, "alarm": str(problem.alarm), "why": str(problem)}
            _LOG.warning("a newer version of a file is not in service", extra={"simpul": fields})
        elif problem is None and before is not None:
            fields = {"source": self.name}
            _LOG.info("the newest version of a file is in service again", extra={"simpul": fields})


def _check_header(content: Content, expected: tuple[str, ...], name: str) -> None:
    if content.header == expected:
        return
    missing = [column for column in expected if column not in content.header]
    told = f"lacks {', '.join(missing)}" if missing else "has other columns, or in another order"
    raise VersionRefused(Alarm.WRONG_HEADER, f'the header of "{name}" {told}')
