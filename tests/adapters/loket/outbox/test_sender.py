"""The outbox: what a register did not take waits, and is written once, whoever dies in between."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from adapters.errors import AccessDenied, SourceUnavailable
from adapters.loket.life import Step
from adapters.loket.outbox.line import Line, line_of
from adapters.loket.outbox.sender import Sender
from adapters.loket.store.engine import own_call
from adapters.loket.store.history import moment
from adapters.loket.store.letters import LetterStatus, change_letter, insert_letter
from adapters.loket.store.outgoing import lend_due, put_out, put_revocation, settle_line
from adapters.loket.store.tables import outbox
from adapters.resilience.guard import SourceGuard
from adapters.resilience.settings import GuardSettings
from tests.testkit.counter_desk import KARTINI, Desk, call, open_desk

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)


class Clock:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


class Book:
    """A register in the test's hands; it takes no line twice, as registers do."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, int], Line] = {}
        self.asked = 0
        self.is_down = False

    async def write(self, line: Line, seconds: float | None = None) -> None:
        """Take a line."""
        self.asked += 1
        if self.is_down:
            raise SourceUnavailable("down")
        kept = self.lines.setdefault((line.nomor, line.tahun), line)
        if line.is_revoked and not kept.is_revoked:
            self.lines[line.nomor, line.tahun] = replace(kept, keterangan=line.keterangan)

    async def aclose(self) -> None:
        """Nothing is open."""


def sender_for(desk: Desk, book: Any, clock: Clock, **settings: Any) -> Sender:
    """Make a sender of the desk's outbox to a book."""
    guard = SourceGuard("loket/uji", GuardSettings(**settings))
    return Sender(desk.counter.store, {KARTINI: (book, guard)}, clock)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Open a counter of its own."""
    async with open_desk(f"sqlite+aiosqlite:///{tmp_path}/loket.sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
async def either_desk(store_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Open a counter of its own, over either database."""
    async with open_desk(store_url, tmp_path) as opened:
        yield opened


async def issue(desk: Desk, count: int = 1) -> None:
    """Put letters into the outbox as their issue does, without making their files."""
    for place in range(1, count + 1):
        number = (await desk.submit(form={"nama": ["=Uji"]})).number
        assert number is not None
        await desk.counter.store.write(own_call(), partial(_issue, number=number, place=place))


def _issue(tx: Connection, number: str, place: int) -> None:
    insert_letter(
        tx, kelurahan=KARTINI, nomor=f"{place}/LKT/PM1-UMUM/2026", tahun=2026, urut=place,
        jenis="PM1-UMUM", permohonan=number, tanggal="2026-07-01", penandatangan="1",
        kode_verifikasi=f"{place:026d}",
    )  # fmt: skip
    change_letter(tx, number, LetterStatus.DISIAPKAN, status=LetterStatus.TERBIT)
    put_out(tx, number, KARTINI, moment(NOW))


async def rows_of(desk: Desk) -> list[Any]:
    """Give the outbox."""
    ordered = select(outbox).order_by(outbox.c.permohonan)
    return await desk.counter.store.read(own_call(), lambda tx: [*tx.execute(ordered)])


async def test_an_issued_letter_is_written_once_by_many(either_desk: Desk) -> None:
    """Four senders at once over one store: each line is sent by one of them."""
    desk = either_desk
    await issue(desk, 3)
    book, clock = Book(), Clock()
    senders = [sender_for(desk, book, clock) for _ in range(4)]
    taken = await asyncio.gather(*(each.send_due() for each in senders))
    assert sum(taken) == book.asked == len(book.lines) == 3
    assert all(row.terkirim_pada is not None for row in await rows_of(desk))
    assert await senders[0].send_due() == 0


async def test_a_register_that_is_down_delays_and_loses_nothing(desk: Desk) -> None:
    """Pauses double from five seconds to an hour; nothing is asked before they end."""
    await issue(desk)
    book, clock = Book(), Clock()
    sender, book.is_down = sender_for(desk, book, clock, breaker_requests=1000), True
    pauses = []
    for _ in range(12):
        assert await sender.send_due() == 0
        (row,) = await rows_of(desk)
        due = datetime.fromisoformat(row.berikut_pada)
        pauses.append((due - clock.now).total_seconds())
        asked, clock.now = book.asked, due - timedelta(milliseconds=1)
        await sender.send_due()
        assert book.asked == asked
        clock.now = due
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == 3600
    assert (row.alasan, row.percobaan) == ("SUMBER_TIDAK_TERSEDIA", 12)
    book.is_down = False
    assert await sender.send_due() == 1
    assert [*book.lines] == [("1/LKT/PM1-UMUM/2026", 2026)]


async def test_a_dead_senders_line_is_sent_by_another(either_desk: Desk) -> None:
    """Killed before the register, or after it: the loan ends, and the line is there once."""
    desk = either_desk
    await issue(desk)
    book, clock = Book(), Clock()
    sender = sender_for(desk, book, clock)
    for writes in (False, True):
        lend = partial(
            lend_due, kelurahan=[KARTINI], borrower="dead", now=clock.now,
            loan=timedelta(seconds=60),
        )  # fmt: skip
        row = await desk.counter.store.write(own_call(), lend)
        assert row is not None
        if writes:
            await book.write(line_of(row))
        assert await sender.send_due() == 0
        clock.now += timedelta(seconds=61)
    assert await sender.send_due() == 1
    assert len(book.lines) == 1


async def revoke(desk: Desk, number: str) -> None:
    """Revoke a letter as its mutation does."""

    def change(tx: Connection) -> None:
        change_letter(tx, number, LetterStatus.TERBIT, status=LetterStatus.DICABUT)
        put_revocation(tx, number, "2026-07-20", moment(NOW))

    await desk.counter.store.write(own_call(), change)


async def test_a_revocation_is_told_after_its_line(either_desk: Desk) -> None:
    """Whether the line was sent, is under way or was not: once, and the last word is that."""
    desk = either_desk
    await issue(desk, 3)
    first, second, third = [row.permohonan for row in await rows_of(desk)]
    book, clock = Book(), Clock()

    class Slow(Book):
        """A register in which the second letter is written while it is revoked."""

        async def write(self, line: Line, seconds: float | None = None) -> None:
            await book.write(line, seconds)
            if line.nomor.startswith("2/") and not line.is_revoked:
                await revoke(desk, second)

    sender = sender_for(desk, Slow(), clock)
    await revoke(desk, first)
    assert await sender.send_due() == 4
    await revoke(desk, third)
    assert await sender.send_due() == 1
    assert [line.keterangan for line in book.lines.values()] == ["Loket, dicabut"] * 3
    assert all(row.terkirim_pada is not None for row in await rows_of(desk))
    assert await sender.send_due() == 0


async def test_a_dead_senders_revocation_is_told_by_another(desk: Desk) -> None:
    """A line that was lent before the revocation settles nothing of it."""
    await issue(desk)
    book, clock = Book(), Clock()
    write = desk.counter.store.write
    loan = timedelta(seconds=60)
    lent = await write(own_call(), lambda tx: lend_due(tx, [KARTINI], "dead", clock.now, loan))
    assert lent is not None
    await book.write(line_of(lent))
    await revoke(desk, lent.permohonan)
    number, told = lent.permohonan, lent.dicabut_tanggal
    await write(own_call(), lambda tx: settle_line(tx, number, told, clock.now))
    assert await sender_for(desk, book, clock).send_due() == 1
    assert [line.is_revoked for line in book.lines.values()] == [True]


async def test_a_clerk_fetches_the_revocations_of_a_day(desk: Desk) -> None:
    """Beside the letters of that day; between the two days there is nothing to tell."""
    await issue(desk)
    (row,) = await rows_of(desk)
    await revoke(desk, row.permohonan)
    for since, until, count in (
        ("2026-07-20", "2026-07-20", 1),
        ("2026-07-01", "2026-07-01", 1),
        ("2026-07-02", "2026-07-19", 0),
        ("2026-07-21", None, 0),
        (None, "2026-06-30", 0),
        (None, None, 1),
    ):
        days = [None if day is None else date.fromisoformat(day) for day in (since, until)]
        told = await desk.counter.export(call("petugas"), KARTINI, *days)
        assert told["jumlah"] == count, (since, until)
    assert "Loket, dicabut" in told["csv"]


async def test_a_register_that_keeps_failing_is_left_alone(desk: Desk) -> None:
    """The breaker opens; what waits is tried when it lets somebody through."""
    await issue(desk, 2)
    book, clock = Book(), Clock()
    sender, book.is_down = sender_for(desk, book, clock, breaker_requests=2), True
    for _ in range(4):
        await sender.send_due()
        clock.now += timedelta(hours=2)
    assert book.asked == 2
    assert all(row.terkirim_pada is None for row in await rows_of(desk))


async def test_what_is_put_in_is_sent_by_itself(desk: Desk) -> None:
    """The task of the adapter sends when it is nudged, and ends when it is closed."""
    book = Book()
    sent = asyncio.Event()

    class Telling(Book):
        async def write(self, line: Line, seconds: float | None = None) -> None:
            await book.write(line, seconds)
            sent.set()

    sender = sender_for(desk, Telling(), Clock())
    sender.start()
    await issue(desk)
    sender.nudge()
    async with asyncio.timeout(30):
        await sent.wait()
    await sender.aclose()
    await sender.aclose()
    assert len(book.lines) == 1


async def test_a_bug_ends_a_try_and_not_the_sender(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """What no register should raise is logged by its kind; the line is sent when it may be."""
    book, clock = Book(), Clock()
    failed, sent = asyncio.Event(), asyncio.Event()

    class Odd(Book):
        async def write(self, line: Line, seconds: float | None = None) -> None:
            if not failed.is_set():
                failed.set()
                raise KeyError(line.nama)
            await book.write(line, seconds)
            sent.set()

    await issue(desk)
    sender = sender_for(desk, Odd(), clock)
    sender.start()
    async with asyncio.timeout(30):
        await failed.wait()
        clock.now += timedelta(seconds=61)  # the loan's end
        sender.nudge()
        await sent.wait()
    await sender.aclose()
    assert len(book.lines) == 1
    assert "the outbox failed: KeyError" in caplog.text


async def test_a_clerk_fetches_the_lines(desk: Desk) -> None:
    """By day, as CSV; no name becomes a formula, and nobody of elsewhere may."""
    await issue(desk)
    day = NOW.date()
    told = await desk.counter.export(call("petugas"), KARTINI, day, day)
    head, line = told["csv"].splitlines()
    assert (told["jumlah"], told["lengkap"], told["menunggu"]) == (1, True, None)
    assert head.startswith("nomor;tahun;tanggal;jenis;nama;nik")
    assert line.startswith("1/LKT/PM1-UMUM/2026;2026;2026-07-01;PM1-UMUM;'=Uji;")
    later = await desk.counter.export(call("lurah"), KARTINI, day + timedelta(days=1), None)
    assert later["jumlah"] == 0
    for caller in ("jauh", "warga", "rt"):
        with pytest.raises(AccessDenied):
            await desk.counter.export(call(caller), KARTINI, None, None)


async def test_the_number_is_put_in_with_the_letter_or_not_at_all(desk: Desk) -> None:
    """A letter that is not issued leaves nothing; one that is leaves one line."""
    number = (await desk.submit()).number
    assert number is not None
    await desk.to_draft(number)
    await desk.step("petugas", Step.SUSUN_DRAF, number, teks="A")
    await desk.step("petugas", Step.TERBITKAN, number)
    assert await rows_of(desk) == []
    seen = (await desk.read(number))["sidikDraf"]
    await desk.step("lurah", Step.TANDA_TANGANI, number, sidikDraf=seen)
    for _ in range(2):
        await desk.step("petugas", Step.TERBITKAN, number, key="t")
    assert [row.permohonan for row in await rows_of(desk)] == [number]


async def test_the_settings_lead_into_a_register(tmp_path: Path) -> None:
    """From the signature to the line, in a file that the settings name."""
    path = tmp_path / "register.sqlite"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE buku (thn TEXT, urut INTEGER, nomor TEXT, nama TEXT, ket)")
    register = {
        "kelurahan": KARTINI,
        "url": f"sqlite+aiosqlite:///{path}",
        "table": "buku",
        "columns": {
            "tahun": "thn",
            "urut": "urut",
            "nomor": "nomor",
            "nama": "nama",
            "keterangan": "ket",
        },
    }
    url = f"sqlite+aiosqlite:///{tmp_path}/loket.sqlite"
    async with open_desk(url, tmp_path, registers=[register]) as desk:
        number = (await desk.submit()).number
        assert number is not None
        await desk.to_draft(number)
        await desk.to_letter(number, "lurah")
        assert await waiting(desk) == 1
        assert await desk.counter.sender.send_due() == 1
        assert await waiting(desk) == 0
        revoked = await desk.step("lurah", Step.CABUT, number, reason="Keliru.")
        assert (revoked.refusal, await waiting(desk)) == (None, 1)
        assert await desk.counter.sender.send_due() == 1
        assert await waiting(desk) == 0
    with sqlite3.connect(path) as reader:
        lines = reader.execute("SELECT * FROM buku").fetchall()
    assert lines == [("2026", 1, "1/LKT/PM1-UMUM/2026", "Nama", "Loket, dicabut")]


async def waiting(desk: Desk) -> int | None:
    """Tell how many letters the register does not have as they stand."""
    told = await desk.counter.export(call("petugas"), KARTINI, None, None)
    count: int | None = told["menunggu"]
    return count
