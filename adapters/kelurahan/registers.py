"""The registers of the subgraph, opened: which of them to ask, and asking them side by side.

In: settings; then keys. Out: lines with the kelurahan that holds them, and failures by register.
Who may know something is decided before anyone is asked: by the lists of NIKs in memory, or by the
kelurahan that a key or an address names. What was not asked is said in the reports.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from adapters.errors import SourceError
from adapters.kelurahan.books import Book, RawRow
from adapters.kelurahan.file_book import FileBook, build_indexes
from adapters.kelurahan.settings import (
    FileRegisterSettings,
    KelurahanSettings,
    RegisterSettings,
    SqlRegisterSettings,
)
from adapters.kelurahan.sql_book import SqlBook
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.kit.outcome import Failed
from adapters.resilience.guard import SourceGuard
from adapters.sources.files import FileFormat, FilesSettings, FilesSource
from adapters.sources.sql import SqlSettings, SqlSource

__all__ = ["Asked", "Line", "Register", "Registers", "open_registers"]

_PARALLEL = 10
_NOT_ASKED = "TIDAK_DITANYA"


class Line(NamedTuple):
    """One raw line and where it stands."""

    kelurahan: str
    row: RawRow


@dataclass(frozen=True, slots=True)
class Register:
    """One kelurahan's register."""

    kelurahan: str
    letters: tuple[Book, ...]
    introductions: tuple[Book, ...]
    guard: SourceGuard
    sources: tuple[SqlSource | FilesSource, ...]

    @property
    def source(self) -> str:
        """The name under which it reports."""
        return f"kelurahan/{self.kelurahan}"

    async def aclose(self) -> None:
        """Close its sources; idempotent."""
        await self.guard.aclose()  # first, or what is under way would open a source again
        for source in self.sources:
            await source.aclose()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the asked registers gave."""

    lines: tuple[Line, ...]
    failures: tuple[Failed, ...]


@dataclass(frozen=True, slots=True)
class Registers:
    """All registers, by the kelurahan's code."""

    by_code: dict[str, Register]

    async def naming(
        self, niks: Sequence[str], context: Context, *, introductions: bool = False
    ) -> Asked:
        """Find the lines of these NIKs in the registers whose lists hold them.

        A register without any is noted as not asked.
        """

        async def ask(register: Register) -> list[RawRow]:
            books = register.introductions if introductions else register.letters
            asked = await _holding(
                [book for book in books if book.has_nik], niks, register, context
            )
            return [row for book, held in asked for row in await book.by_nik(held, context)]

        return await self.ask([*self.by_code.values()], ask)

    async def ask(
        self,
        registers: Iterable[Register],
        ask: Callable[[Register], Awaitable[Sequence[RawRow]]],
    ) -> Asked:
        """Ask several registers side by side; one that fails leaves the others."""
        asked = [*registers]
        answers = await asyncio.gather(*(_guarded(ask, register) for register in asked))
        lines: list[Line] = []
        failures: list[Failed] = []
        for register, answer in zip(asked, answers, strict=True):
            if isinstance(answer, SourceError):
                failures.append(Failed(answer, register.source))
            else:
                lines += [Line(register.kelurahan, row) for row in _once(answer)]
        return Asked(tuple(lines), tuple(failures))

    def named(self, codes: Iterable[str], context: Context) -> list[Register]:
        """Give the registers of these kelurahan, and note the others as not asked."""
        wanted = {*codes}
        for code, register in self.by_code.items():
            if code not in wanted:
                context.skip(register.source, _NOT_ASKED)
        return [register for code, register in self.by_code.items() if code in wanted]

    async def aclose(self) -> None:
        """Close all; idempotent."""
        for register in self.by_code.values():
            await register.aclose()


async def open_registers(settings: KelurahanSettings, opening: Opening) -> Registers:
    """Open every register; none is read yet, so one that is broken keeps nobody from starting."""
    opened = (_open(register, opening) for register in settings.registers)
    return Registers({register.kelurahan: register for register in opened})


async def _holding(
    books: Iterable[Book], niks: Sequence[str], register: Register, context: Context
) -> list[tuple[Book, Sequence[str]]]:
    """Give the books that may hold some of the NIKs, and which; all where no list can be had."""
    holding: list[tuple[Book, Sequence[str]]] = []
    ages: list[datetime] = []
    for book in books:
        known = await book.known_niks(context)
        held = niks if known is None else [nik for nik in niks if nik in known.niks]
        if held:
            holding.append((book, held))
        if known is not None:
            ages.append(known.as_of)
            if known.stale is not None:  # a newer line of theirs may be missing from the list
                context.record(register.source, as_of=known.as_of, stale=known.stale)
    oldest = min(ages, default=None)
    if holding:
        context.record(register.source, as_of=oldest)
    else:
        context.skip(register.source, _NOT_ASKED, as_of=oldest)
    return holding


def _once(rows: Sequence[RawRow]) -> Iterable[RawRow]:
    """Give each line once: the same line twice is a slip of the source, and no second letter."""
    return {tuple(row.items()): row for row in rows}.values()


async def _guarded(
    ask: Callable[[Register], Awaitable[Sequence[RawRow]]], register: Register
) -> Sequence[RawRow] | SourceError:
    try:
        return await ask(register)
    except SourceError as error:
        return error


def _open(settings: RegisterSettings, opening: Opening) -> Register:
    name = f"kelurahan/{settings.kelurahan}"
    guard = opening.new_guard(name, settings.guard, parallel=_PARALLEL)
    books: list[Book] = []
    sources: list[SqlSource | FilesSource] = []
    if isinstance(settings, SqlRegisterSettings):
        database = SqlSource(
            name, settings.url, guard, SqlSettings(text_encoding=settings.encoding)
        )
        sources.append(database)
        books += [SqlBook(name, b, database, settings.index_seconds) for b in settings.books]
    else:
        for book in _file_books(name, settings, opening.base, guard):
            books.append(book)
            sources.append(book.source)
            opening.observed[f"{name}/{book.place}"] = book.describe
    return Register(
        settings.kelurahan,
        tuple(book for book in books if not book.is_introductions),
        tuple(book for book in books if book.is_introductions),
        guard,
        tuple(sources),
    )


def _file_books(
    name: str, settings: FileRegisterSettings, base: Path, guard: SourceGuard
) -> Iterable[FileBook]:
    for book in settings.books:
        file_format = FileFormat(
            settings.format,
            tuple(book.columns),
            encoding=settings.encoding,
            delimiter=settings.delimiter,
            sheet=book.sheet,
            header_row=settings.header_row,
        )
        files = FilesSettings(
            base / settings.folder,
            book.file,
            file_format,
            build_indexes(book),
            settings.refresh_seconds,
        )
        yield FileBook(name, book, FilesSource(name, files, guard))
