"""The files source on real files: what goes into service, and what leaves the old one there."""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import threading
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import dbf
import pytest
import xlsxwriter
import xlwt

from adapters.contract import CallBudget, CallContext
from adapters.errors import SourceCode
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.files import Alarm, FileFormat, FilesSettings, FilesSource, Row

pytestmark = pytest.mark.anyio

HEADER = ("NOMOR", "NAMA", "TANGGAL")
Rows = list[tuple[Any, ...]]
ROWS: Rows = [("1", "José", "2025-01-31"), ("2", "Budi", "2025-02-01"), ("3", "Ani", "2025-02-02")]


def csv_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as cp1252 CSV."""
    lines = [";".join(map(str, row)) for row in (header, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def xlsx_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Buku")
        for number, row in enumerate((header, *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def dbf_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as DBF in cp1252."""
    fields = "; ".join(f"{name} C(20)" for name in header)
    path = Path(os.environ["SIMPUL_TEST_DBF"])
    table = dbf.Table(str(path), fields, codepage="cp1252")
    table.open(mode=dbf.READ_WRITE)
    for row in rows:
        table.append(tuple(map(str, row)))
    table.close()
    return path.read_bytes()


def xls_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as a workbook of Excel 97."""
    out = io.BytesIO()
    book = xlwt.Workbook(encoding="cp1252")
    sheet = book.add_sheet("Buku")
    for number, row in enumerate((header, *rows)):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(out)
    return out.getvalue()


def fixed_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as lines of fixed width; another header stands for other widths."""
    width = 20 if header == HEADER else 25
    lines = ["".join(str(cell).ljust(width) for cell in row) for row in rows]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


@pytest.fixture(autouse=True)
def dbf_path(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the DBF writer, which can only write files, a place outside the register's folder."""
    monkeypatch.setenv("SIMPUL_TEST_DBF", str(tmp_path_factory.mktemp("dbf") / "x.dbf"))


@dataclass(frozen=True)
class Kind:
    """One format: how to write and how to read it."""

    name: str
    write: Callable[..., bytes]
    file_format: FileFormat


KINDS = {
    "csv": Kind("r.csv", csv_bytes, FileFormat("csv", HEADER, "cp1252", ";")),
    "xlsx": Kind("r.xlsx", xlsx_bytes, FileFormat("xlsx", HEADER, sheet="Buku")),
    "dbf": Kind("r.dbf", dbf_bytes, FileFormat("dbf", HEADER, "cp1252")),
    "xls": Kind("r.xls", xls_bytes, FileFormat("xls", HEADER, sheet="Buku")),
    "fixed": Kind("r.txt", fixed_bytes, FileFormat("fixed", HEADER, "cp1252", widths=(20, 20, 20))),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Give each format in turn."""
    return KINDS[request.param]


class Clock:
    """Seconds, by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Register:
    """A source, its file and its clock."""

    source: FilesSource
    path: Path
    clock: Clock
    written: int = 0

    def put(self, content: bytes) -> None:
        """Replace the file by another version, of another time."""
        self.path.write_bytes(content)
        self.written += 1
        os.utime(self.path, (self.written, self.written))

    async def names(self) -> list[str]:
        """Look again, and give the names in service."""
        self.clock.now += 10
        table = (await self.source.table(CallContext())).value
        assert table is not None
        return [row["NAMA"] for row in table.rows]

    @property
    def alarm(self) -> Alarm | None:
        """The alarm that is raised."""
        return self.source.status.alarm


@asynccontextmanager
async def register(
    kind: Kind, folder: Path, pattern: str | None = None, **options: Any
) -> AsyncIterator[Register]:
    """Open a source over a folder."""
    guard, clock = SourceGuard("kelurahan/x", GuardSettings()), Clock()
    settings = FilesSettings(
        folder,
        pattern or kind.name,
        kind.file_format,
        {
            "nomor": lambda row: row["NOMOR"],
            "besar": lambda row: str(row["NAMA"]).isupper() or None,
        },
        **options,
    )
    source = FilesSource("kelurahan/x", settings, guard, clock=clock)
    try:
        yield Register(source, folder / kind.name, clock)
    finally:
        await source.aclose()
        await guard.aclose()


async def test_loads_rows_indexes_and_time(kind: Kind, tmp_path: Path) -> None:
    """Rows in order, decoded; found by key; with the time of the file."""
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        answer = await made.source.table(CallContext(budget=CallBudget(0)))
        table = answer.value
        assert table is not None
        assert [dict(row) for row in table.rows] == [
            dict(zip(HEADER, row, strict=True)) for row in ROWS
        ]
        assert [row["NAMA"] for row in table.find("nomor", "2")] == ["Budi"]
        assert table.find("nomor", "9") == ()
        assert table.find("besar", True) == ()
        assert table.as_of.timestamp() == 1
        status = made.source.status
        assert (status.version, status.rows, status.alarm) == (kind.name, 3, None)
        assert answer.calls == 1


async def test_a_newer_version_is_swapped_in(kind: Kind, tmp_path: Path) -> None:
    """The table given before stays as it was; the next look gives the new one."""
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        await made.names()
        before = (await made.source.table(CallContext())).value
        made.put(kind.write([("4", "Dewi", "2025-03-01")]))
        assert (await made.source.table(CallContext())).value is before
        assert await made.names() == ["Dewi"]
        assert before is not None
        assert len(before.rows) == 3


async def test_looks_at_most_every_so_often(kind: Kind, tmp_path: Path) -> None:
    """Between two looks nothing is read, and an unchanged file is not read again."""
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        first = await made.source.table(CallContext())
        second = await made.source.table(CallContext())
        assert (first.calls, second.calls) == (1, 0)
        await made.names()
        assert (await made.source.table(CallContext())).value is first.value


def half(content: bytes) -> bytes:
    """Give the first half, never up to a line's very end."""
    return content[: len(content) // 2].rstrip(b"\r\n")


def half_zeroed(content: bytes) -> bytes:
    """Leave the second half as a copying program leaves it before it is done."""
    return half(content) + bytes(len(content) - len(half(content)))


def almost(content: bytes) -> bytes:
    """Cut the last bytes off."""
    return content[:-12]


WRONG = ("NOMOR", "ALAMAT", "TANGGAL")
FAULTS: dict[str, tuple[Callable[[Kind], bytes], set[Alarm]]] = {
    "empty": (lambda kind: b"", {Alarm.TRUNCATED, Alarm.WRONG_HEADER}),
    "half": (lambda kind: half(kind.write(ROWS * 50)), {Alarm.TRUNCATED}),
    "half-zeroed": (
        lambda kind: half_zeroed(kind.write(ROWS * 50)),
        {Alarm.TRUNCATED, Alarm.UNREADABLE},
    ),
    "almost": (lambda kind: almost(kind.write(ROWS)), {Alarm.TRUNCATED}),
    "header": (lambda kind: kind.write(ROWS, WRONG), {Alarm.WRONG_HEADER}),
    "zeroes": (
        lambda kind: b"\0" * 4_000,
        {Alarm.TRUNCATED, Alarm.UNREADABLE, Alarm.WRONG_HEADER},
    ),
    "garbage": (
        lambda kind: b"<html>no register at all</html>\n" * 99,
        {Alarm.TRUNCATED, Alarm.UNREADABLE, Alarm.WRONG_HEADER},
    ),
}


@pytest.mark.parametrize(("fault", "alarms"), FAULTS.values(), ids=FAULTS)
async def test_a_bad_version_leaves_the_old_one_in_service(
    kind: Kind, fault: Callable[[Kind], bytes], alarms: set[Alarm], tmp_path: Path
) -> None:
    """The old rows are served with an alarm, until a good version comes."""
    bad = fault(kind)
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        await made.names()
        made.put(bad)
        for _ in range(2):
            assert await made.names() == ["José", "Budi", "Ani"]
            assert made.alarm in alarms
        assert "José" not in made.source.status.why
        made.put(kind.write(ROWS[:1]))
        assert await made.names() == ["José"]
        assert made.alarm is None


@pytest.mark.parametrize(("fault", "alarms"), FAULTS.values(), ids=FAULTS)
async def test_without_any_good_version_the_source_is_unavailable(
    kind: Kind, fault: Callable[[Kind], bytes], alarms: set[Alarm], tmp_path: Path
) -> None:
    """No version ever: SUMBER_TIDAK_TERSEDIA, and it mends itself."""
    bad = fault(kind)
    async with register(kind, tmp_path) as made:
        made.put(bad)
        for _ in range(2):
            answer = await made.source.table(CallContext())
            assert answer.error is not None
            assert answer.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
        made.put(kind.write(ROWS))
        assert len(await made.names()) == 3


async def test_a_missing_file_leaves_the_old_version(kind: Kind, tmp_path: Path) -> None:
    """Gone, the file is still served; back, the alarm ends."""
    async with register(kind, tmp_path) as made:
        absent = await made.source.table(CallContext())
        assert absent.error is not None
        assert made.alarm is Alarm.MISSING
        content = kind.write(ROWS)
        made.put(content)
        await made.names()
        made.path.unlink()
        assert len(await made.names()) == 3
        assert made.alarm is Alarm.MISSING
        made.put(content)
        assert len(await made.names()) == 3
        assert made.alarm is None


@pytest.mark.parametrize("beside", [".~lock.{}#", "~${}"])
async def test_a_file_open_in_an_office_program_waits(
    kind: Kind, beside: str, tmp_path: Path
) -> None:
    """While the lock file is there, the old version stays; then the new one comes."""
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        await made.names()
        made.put(kind.write(ROWS[:1]))
        lock = tmp_path / beside.format(kind.name)
        lock.touch()
        assert len(await made.names()) == 3
        assert made.alarm is Alarm.LOCKED
        lock.unlink()
        assert len(await made.names()) == 1
        assert made.alarm is None


async def test_a_locked_file_waits(kind: Kind, tmp_path: Path) -> None:
    """A writer's lock on the file itself is kept."""
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        await made.names()
        made.put(kind.write(ROWS[:1]))
        with made.path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            assert len(await made.names()) == 3
            assert made.alarm is Alarm.LOCKED
        assert len(await made.names()) == 1


async def test_the_file_changed_last_counts(tmp_path: Path) -> None:
    """Of several files the newest is the version; lock files are none."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path, "*.csv") as made:
        (tmp_path / "old.csv").write_bytes(csv_bytes(ROWS))
        os.utime(tmp_path / "old.csv", (1, 1))
        (tmp_path / "new.csv").write_bytes(csv_bytes(ROWS[:2]))
        os.utime(tmp_path / "new.csv", (2, 2))
        assert len(await made.names()) == 2
        assert made.source.status.version == "new.csv"


async def test_asked_by_many_it_is_read_once(kind: Kind, tmp_path: Path) -> None:
    """The first version is read by one, and all wait for it."""
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        agencies = (CallContext(agency=f"{n}") for n in range(6))
        answers = await asyncio.gather(*(made.source.table(call) for call in agencies))
        assert all(answer.value is answers[0].value is not None for answer in answers)
        assert sum(answer.calls for answer in answers) == 1


async def test_rows_of_another_width_are_left_out_and_counted(tmp_path: Path) -> None:
    """A misaligned row in the middle is dirt; it does not take the register down."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path) as made:
        made.put(csv_bytes([ROWS[0], ("2", "x"), ("3", "y", "z", "q"), ROWS[2]]))
        assert await made.names() == ["José", "Ani"]
        assert made.source.status.skipped == 2


async def test_a_missing_final_newline_can_be_declared(tmp_path: Path) -> None:
    """Some programs never write one; then it is no sign of truncation."""
    file_format = FileFormat("csv", HEADER, "cp1252", ";", final_newline=False)
    async with register(Kind("r.csv", csv_bytes, file_format), tmp_path) as made:
        made.put(csv_bytes(ROWS).rstrip())
        assert len(await made.names()) == 3


async def test_bytes_that_the_encoding_does_not_know_are_marked(tmp_path: Path) -> None:
    """One stray byte becomes U+FFFD in its cell, and the rest is read."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path) as made:
        made.put(csv_bytes(ROWS).replace(b"Budi", b"Bu\x81i"))
        assert await made.names() == ["José", "Bu\ufffdi", "Ani"]


async def test_a_workbook_gives_numbers_and_dates(tmp_path: Path) -> None:
    """Whole numbers are whole, dates are dates, empty rows are no rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Buku")
        sheet.write_row(0, 0, HEADER)
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(1, 0, [3171990101909001, 2.5])
        sheet.write_datetime(1, 2, date(2025, 1, 31), day)
        sheet.write_row(4, 0, ["x", "y", "z", "", "stray"])
    async with register(KINDS["xlsx"], tmp_path) as made:
        made.put(out.getvalue())
        await made.names()
        table = (await made.source.table(CallContext())).value
        assert table is not None
        assert [list(row.values()) for row in table.rows] == [
            [3171990101909001, 2.5, date(2025, 1, 31)],
            ["x", "y", "z"],
        ]


async def test_a_zip_without_a_workbook_is_unreadable(tmp_path: Path) -> None:
    """A zip file is not yet a workbook, and a workbook needs the sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    async with register(KINDS["xlsx"], tmp_path) as made:
        made.put(out.getvalue())
        assert (await made.source.table(CallContext())).error is not None
        assert made.alarm is Alarm.UNREADABLE


async def test_deleted_records_are_left_out(tmp_path: Path) -> None:
    """A record marked deleted counts for the header, and is no row."""
    kind = KINDS["dbf"]
    content = bytearray(kind.write(ROWS))
    header_bytes = int.from_bytes(content[8:10], "little")
    content[header_bytes] = ord("*")
    async with register(kind, tmp_path) as made:
        made.put(bytes(content))
        assert await made.names() == ["Budi", "Ani"]


async def test_a_mark_of_the_end_in_the_middle_is_a_truncation(tmp_path: Path) -> None:
    """Readers stop at it without a word; the header's count tells."""
    kind = KINDS["dbf"]
    content = bytearray(kind.write(ROWS))
    header_bytes = int.from_bytes(content[8:10], "little")
    record_bytes = int.from_bytes(content[10:12], "little")
    content[header_bytes + record_bytes] = 0x1A
    async with register(kind, tmp_path) as made:
        made.put(bytes(content))
        assert (await made.source.table(CallContext())).error is not None
        assert made.alarm is Alarm.TRUNCATED


async def test_an_old_workbook_gives_numbers_and_dates(tmp_path: Path) -> None:
    """XLS knows dates, truth values and errors as kinds of cell; whole numbers are whole."""
    out = io.BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("Lain")
    sheet.write(0, 0, "Register")
    for column, name in enumerate(HEADER):
        sheet.write(1, column, name)
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for column, value in enumerate([3171990101909001, 2.5]):
        sheet.write(2, column, value)
    sheet.write(2, 2, date(2025, 1, 31), day)
    sheet.write(3, 0, True)
    sheet.write(3, 1, datetime(2025, 1, 31, 12, 30), day)
    sheet.row(3).set_cell_error(2, "#REF!")
    book.save(out)
    file_format = FileFormat("xls", HEADER, sheet="Lain", header_row=2)
    async with register(Kind("r.xls", xls_bytes, file_format), tmp_path) as made:
        made.put(out.getvalue())
        table = (await made.source.table(CallContext())).value
        assert table is not None
        assert [list(row.values()) for row in table.rows] == [
            [3171990101909001, 2.5, date(2025, 1, 31)],
            [True, datetime(2025, 1, 31, 12, 30), ""],
        ]


async def test_lines_of_another_width_are_left_out_and_counted(tmp_path: Path) -> None:
    """One bad line in the middle is dirt; a mark of the end from DOS is none."""
    kind = KINDS["fixed"]
    async with register(kind, tmp_path) as made:
        lines = fixed_bytes(ROWS).splitlines(keepends=True)
        made.put(lines[0] + b"short\r\n\r\n" + lines[2] + b"\x1a")
        assert await made.names() == ["José", "Ani"]
        assert made.source.status.skipped == 1
        made.put(lines[0] + lines[1] + lines[2][:30] + b"\r\n")
        await made.names()
        assert made.alarm is Alarm.TRUNCATED


@pytest.mark.parametrize("share", [0.5, 0.0])
async def test_a_version_with_far_fewer_rows_waits_for_a_word(share: float, tmp_path: Path) -> None:
    """A broken export is often well formed: half the register gone is an alarm, unless allowed."""
    kind, rows = KINDS["csv"], [(str(n), f"N{n}", "") for n in range(40)]
    async with register(kind, tmp_path, least_share=share) as made:
        made.put(csv_bytes(rows))
        await made.names()
        made.put(csv_bytes(rows[:19]))
        assert len(await made.names()) == (40 if share else 19)
        assert made.alarm is (Alarm.SHRUNK if share else None)
        made.put(csv_bytes(rows[:20]))
        assert len(await made.names()) == 20
        assert made.alarm is None


async def test_an_alarm_is_logged_once_and_its_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log tells when the newest version is not served any more, and when it is again."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path) as made:
        made.put(csv_bytes(ROWS))
        await made.names()
        caplog.clear()
        for _ in range(3):
            made.put(almost(csv_bytes(ROWS)))
            await made.names()
        made.put(csv_bytes(ROWS))
        await made.names()
    told = [record for record in caplog.records if record.name == "simpul.files"]
    assert [record.levelname for record in told] == ["WARNING", "INFO"]
    fields = vars(told[0])["simpul"]
    assert (fields["source"], fields["alarm"]) == ("kelurahan/x", "TRUNCATED")
    assert "José" not in str(fields)


async def test_who_has_an_old_version_waits_only_a_little(tmp_path: Path) -> None:
    """A slow look goes on without the caller, and its version is served as soon as it is there."""
    gate = threading.Event()

    def slow_key(row: Row) -> None:
        if row["NOMOR"] == "9":
            gate.wait(10)

    kind, clock = KINDS["csv"], Clock()
    path = tmp_path / kind.name
    path.write_bytes(csv_bytes(ROWS))
    guard = SourceGuard("slow")
    settings = FilesSettings(
        tmp_path, kind.name, kind.file_format, {"x": slow_key}, patience_seconds=0.01
    )
    source = FilesSource("slow", settings, guard, clock=clock)
    first = (await source.table(CallContext())).value
    path.write_bytes(csv_bytes([("9", "Dewi", ""), *ROWS]))
    for _ in range(2):
        clock.now += 10
        answer = await source.table(CallContext())
        assert answer.value is first
        assert answer.error is None
    gate.set()
    clock.now += 10
    while (await source.table(CallContext())).value is first:
        clock.now += 10
    await source.aclose()
    await guard.aclose()


async def test_a_deadline_ends_the_waiting_for_the_first_version(tmp_path: Path) -> None:
    """The caller's deadline holds for a slow folder too, and one thread at most reads it."""
    gate, begun = threading.Event(), 0

    def slow_key(_: Row) -> None:
        nonlocal begun
        begun += 1
        gate.wait(10)

    kind = KINDS["csv"]
    (tmp_path / kind.name).write_bytes(csv_bytes(ROWS[:1]))
    guard = SourceGuard("slow")
    settings = FilesSettings(tmp_path, kind.name, kind.file_format, {"x": slow_key}, 0.0)
    source = FilesSource("slow", settings, guard)
    for _ in range(2):
        deadline = asyncio.get_running_loop().time() + 0.05
        answer = await source.table(CallContext(deadline=deadline))
        assert answer.error is not None
        assert answer.error.code is SourceCode.BATAS_WAKTU
    gate.set()
    assert (await source.table(CallContext())).value is not None
    assert begun == 1
    await source.aclose()
    await source.aclose()
    await guard.aclose()


async def test_a_first_reader_who_leaves_costs_the_next_nothing(tmp_path: Path) -> None:
    """If the only look is cancelled before a version was read, the next question looks again."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        task = asyncio.ensure_future(made.source.table(CallContext()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await made.source.table(CallContext())).value is not None
