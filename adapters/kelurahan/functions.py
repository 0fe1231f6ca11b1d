"""The registers' batch functions.

In: keys of letters, lines and introductions, NIKs, people, a kelurahan. Out: outcomes by key. A
register that fails costs its own lines and is named; the lines of the others are given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from adapters.kelurahan.books import Book, ListRequest, Place, RawRow, place_of
from adapters.kelurahan.mapping import (
    birth_of,
    day_of,
    map_introduction,
    map_letter,
    map_line,
    neighbourhood_of,
    nik_of,
    rt_code,
)
from adapters.kelurahan.matching import (
    Sought,
    births_of,
    is_named,
    likeness,
    map_candidate,
    written_name,
)
from adapters.kelurahan.registers import Asked, Register, Registers
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.normalize.null import clean_text, is_null
from adapters.kit.outcome import Found, InvalidArgument, Outcomes, Page, PageRequest
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.kit.python import lookup

__all__ = [
    "Filter",
    "candidate_lines",
    "introductions_by_key",
    "introductions_of",
    "letters_by_key",
    "letters_of",
    "lines_by_key",
    "list_letters",
]


class Filter(NamedTuple):
    """Which letters are meant; None means any."""

    kind: str | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, row: RawRow) -> bool:
        """Tell whether a letter is meant; one without a readable date is, unless days are named."""
        if self.kind is not None and clean_text(row.get("jenis")) != self.kind:
            return False
        if self.since is None and self.until is None:
            return True
        day = day_of(row)
        if day is None:
            return False
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@lookup("Surat", key=("kelurahan.kode", "nomor", "tahun"))
async def letters_by_key(
    keys: Sequence[tuple[str, str, int]], wanted: Wanted, context: Context
) -> Outcomes:
    """Give letters by kelurahan, number and year."""

    async def find(book: Book, asked: Sequence[Any]) -> Sequence[RawRow]:
        if not book.has_nik:
            return ()
        rows = await book.by_number(sorted({key[1] for key in asked}), context)
        return [row for row in rows if not is_null(row.get("nik"))]

    asked = await _ask_keys(keys, lambda key: key[0], find, context)
    found = {
        (line.kelurahan, clean_text(line.row.get("nomor")), _year(line.row)): Found(
            map_letter(line.row, line.kelurahan)
        )
        for line in asked.lines
    }
    return {**found, **_failed(keys, lambda key: key[0], asked)}


@lookup("BarisRegister", key=("kelurahan.kode", "buku", "urut"))
async def lines_by_key(
    keys: Sequence[tuple[str, int, int]], wanted: Wanted, context: Context
) -> Outcomes:
    """Give lines by kelurahan, book and running number."""

    async def find(book: Book, asked: Sequence[Any]) -> Sequence[RawRow]:
        return await book.by_place([(key[1], key[2]) for key in asked], context)

    asked = await _ask_keys(keys, lambda key: key[0], find, context)
    found = {
        (line.kelurahan, *place): Found(map_line(line.row, line.kelurahan))
        for line in asked.lines
        if (place := place_of(line.row)) is not None
    }
    return {**found, **_failed(keys, lambda key: key[0], asked)}


@lookup("SuratPengantar", key=("rt.kode", "nomor", "tahun"))
async def introductions_by_key(
    keys: Sequence[tuple[str, str, int]], wanted: Wanted, context: Context
) -> Outcomes:
    """Give introductions by RT, number and year."""
    registers: Registers = context.sources
    codes = {_kelurahan_of(key) for key in keys}

    async def ask(register: Register) -> Sequence[RawRow]:
        numbers = sorted({key[1] for key in keys if _kelurahan_of(key) == register.kelurahan})
        found: list[RawRow] = []
        for book in register.introductions:
            found += await book.by_number(numbers, context)
        return found

    asked = await registers.ask([r for c, r in registers.by_code.items() if c in codes], ask)
    found = {
        (
            rt_code(line.kelurahan, *neighbourhood_of(line.row)),
            clean_text(line.row.get("nomor")),
            _year(line.row),
        ): Found(map_introduction(line.row, line.kelurahan))
        for line in asked.lines
    }
    return {**found, **_failed(keys, _kelurahan_of, asked)}


async def letters_of(keys: Sequence[str], context: Context, meant: Filter) -> Outcomes:
    """Give the letters of these NIKs, from all registers whose lists hold them."""
    registers: Registers = context.sources
    asked = await registers.naming(keys, context)
    return _by_nik(keys, asked, meant, map_letter)


async def introductions_of(keys: Sequence[str], context: Context) -> Outcomes:
    """Give the introductions of these NIKs."""
    registers: Registers = context.sources
    asked = await registers.naming(keys, context, introductions=True)
    return _by_nik(keys, asked, Filter(), map_introduction)


async def candidate_lines(
    keys: Sequence[tuple[Any, ...]],
    context: Context,
    least: float,
    also: Sequence[str],
) -> Outcomes:
    """Give the lines of old books that may be about these people, the likeliest first.

    Keys are (name, birth date, RT, RW, kelurahan). Asked are the register of the address and those
    that the argument names.
    """
    registers: Registers = context.sources
    people = {key: Sought(*key[:4]) for key in keys if key[0] is not None}
    codes = {key: {key[4], *also} - {None} for key in people}

    async def ask(register: Register) -> Sequence[RawRow]:
        sought = [people[key] for key in people if register.kelurahan in codes[key]]
        found: list[RawRow] = []
        for book in register.letters:
            if not book.has_nik:
                found += await book.by_person(_births(sought), [s.name for s in sought], context)
        return found

    named = registers.named({code for found in codes.values() for code in found}, context)
    asked = await registers.ask(named, ask)
    lines = [(line, written_name(line.row), birth_of(line.row)) for line in asked.lines]
    outcomes: dict[Any, Any] = {}
    for key, sought in people.items():
        scored = [
            map_candidate(line.row, line.kelurahan, score)
            for line, name, born in lines
            if line.kelurahan in codes[key]
            and is_named(name, born, sought)
            and (score := likeness(line.row, sought)) >= least
        ]
        scored.sort(key=lambda record: -record["tingkatKecocokan"])
        failures = tuple(f for f in asked.failures if _code_of(f.source) in codes[key])
        outcomes[key] = Found(scored, failures=failures)
    return outcomes


async def list_letters(kelurahan: str, meant: Filter, page: PageRequest, context: Context) -> Page:
    """List the letters of one kelurahan in book order; a cursor is a book and a place in it."""
    registers: Registers = context.sources
    register = registers.by_code.get(kelurahan)
    if register is None:
        raise InvalidArgument('The argument "kelurahan" names no kelurahan with a register here.')
    books = [book for book in register.letters if book.has_nik]
    at, year, number = (0, 0, 0) if page.after is None else unpack_cursor(page.after, int, int, int)
    found: list[tuple[int, Place, RawRow]] = []
    for index in range(at, len(books)):
        after = (year, number) if index == at else (0, 0)
        lines = await _walk(books[index], after, meant, page.first + 1 - len(found), context)
        found += [(index, *line) for line in lines]
        if len(found) > page.first:
            break
    nodes = found[: page.first]
    cursor = pack_cursor(nodes[-1][0], *nodes[-1][1]) if nodes else page.after
    return Page(
        [map_letter(row, kelurahan) for _, _, row in nodes], len(found) > page.first, cursor
    )


async def _walk(
    book: Book, after: Place, meant: Filter, count: int, context: Context
) -> list[tuple[Place, RawRow]]:
    """Read on until ``count`` letters that are meant are found, or the book ends."""
    years = (
        meant.since.year if meant.since else 0,
        meant.until.year if meant.until else 9999,
    )
    found: list[tuple[Place, RawRow]] = []
    limit = max(count, 100)  # a narrow filter must not cost a statement per letter
    while len(found) < count:
        rows = await book.listed(ListRequest(after, years, meant.kind, limit), context)
        for row in rows:
            place = place_of(row)
            if place is None:
                continue
            after = place
            if not is_null(row.get("nik")) and meant.holds(row):
                found.append((place, row))
        if len(rows) < limit:
            break
    return found[:count]


async def _ask_keys(
    keys: Sequence[Any],
    code_of: Callable[[Any], str],
    find: Callable[[Book, Sequence[Any]], Any],
    context: Context,
) -> Asked:
    """Ask the registers that the keys name, each for its own keys."""
    registers: Registers = context.sources
    by_code: dict[str, list[Any]] = {}
    for key in keys:
        by_code.setdefault(code_of(key), []).append(key)

    async def ask(register: Register) -> Sequence[RawRow]:
        found: list[RawRow] = []
        for book in register.letters:
            found += await find(book, by_code[register.kelurahan])
        return found

    named = [register for code, register in registers.by_code.items() if code in by_code]
    return await registers.ask(named, ask)


def _by_nik(
    keys: Sequence[str],
    asked: Asked,
    meant: Filter,
    map_row: Callable[[RawRow, str], dict[str, Any]],
) -> Outcomes:
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
    for line in asked.lines:
        nik = nik_of(line.row)
        if nik in groups and meant.holds(line.row):
            groups[nik].append(map_row(line.row, line.kelurahan))
    return {key: Found(found, failures=asked.failures) for key, found in groups.items()}


def _failed(keys: Sequence[Any], code_of: Callable[[Any], str], asked: Asked) -> dict[Any, Any]:
    failures = {_code_of(failure.source): failure for failure in asked.failures}
    return {key: failures[code_of(key)] for key in keys if code_of(key) in failures}


def _births(sought: Sequence[Sought]) -> list[date]:
    return [*dict.fromkeys(day for each in sought for day in births_of(each))]


def _code_of(source: str | None) -> str:
    return (source or "").rpartition("/")[2]


def _kelurahan_of(key: tuple[str, str, int]) -> str:
    return key[0].split("/", 1)[0]


def _year(row: RawRow) -> int | None:
    try:
        return int(row["buku"] if "buku" in row else row["tahun"])
    except (KeyError, TypeError, ValueError):
        return None
