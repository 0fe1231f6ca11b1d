"""The files source on real files: what goes into service, and what leaves the old one there."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.contract import CallBudget, CallContext
from adapters.errors import SourceCode
from adapters.sources.files import Alarm
from tests.testkit.file_registers import (
    HEADER,
    KINDS,
    ROWS,
    Kind,
    csv_bytes,
    register,
)

pytestmark = pytest.mark.anyio


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
