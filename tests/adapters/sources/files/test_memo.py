"""DBF tables with memos, as FoxPro and dBase write them: a version is both files."""

from __future__ import annotations

import os
from pathlib import Path

import dbf
import pytest

from adapters.sources.files.dbase import find_memo, read_dbase
from adapters.sources.files.folder import LocalFolder
from adapters.sources.files.model import Alarm, FileFormat, VersionRefused

FORMAT = FileFormat("dbf", ("NOMOR", "CATATAN"), "cp1252")
NOTES = [None, *(f"José {n} " * (40 * n) for n in range(1, 5))]


@pytest.fixture(params=["vfp", "fp", "db3"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Write a table with memos of several blocks."""
    path = tmp_path / "REG.DBF"
    made = dbf.Table(str(path), "NOMOR C(5); CATATAN M", codepage="cp1252", dbf_type=request.param)
    made.open(mode=dbf.READ_WRITE)
    for number, note in enumerate(NOTES):
        made.append((str(number), note or ""))
    made.close()
    return path


def memo_of(table: Path) -> Path:
    """Give the memo file beside a table."""
    name = find_memo(table.name, (each.name for each in table.parent.iterdir()))
    assert name is not None
    return table.with_name(name)


def test_memos_are_read_whole(table: Path) -> None:
    """However many blocks a text fills; no memo is None or empty."""
    rows = read_dbase(table, FORMAT).rows
    assert [(row[1] or "").strip() for row in rows] == [(note or "").strip() for note in NOTES]


@pytest.mark.parametrize("cut", [5, 700, "all"])
def test_a_truncated_memo_file_is_refused(table: Path, cut: int | str) -> None:
    """A text that ends in the middle would be printed as if it were whole."""
    memo = memo_of(table)
    content = memo.read_bytes().rstrip(b"\0")
    memo.write_bytes(b"" if isinstance(cut, str) else content[:-cut])
    with pytest.raises(VersionRefused) as refused:
        read_dbase(table, FORMAT)
    assert refused.value.alarm is Alarm.TRUNCATED
    assert "José" not in str(refused.value)


def test_a_missing_memo_file_is_refused(table: Path) -> None:
    """Without it every text would be empty."""
    memo_of(table).unlink()
    with pytest.raises(VersionRefused) as refused:
        read_dbase(table, FORMAT)
    assert refused.value.alarm is Alarm.MISSING


@pytest.mark.anyio
async def test_another_memo_file_is_another_version(table: Path) -> None:
    """Whoever corrects only a text changes only the memo file."""
    folder = LocalFolder(table.parent)
    before = await folder.find("*.DBF", 1)
    os.utime(memo_of(table), (1, 1))
    after = await folder.find("*.DBF", 1)
    assert before != after
    assert (before.name, before.mark) == (after.name, after.mark)


def test_names_in_any_case() -> None:
    """Disks of DOS write in capitals, copies in small letters."""
    names = ["reg.DBF", "REG.fpt", "regx.fpt"]
    assert find_memo("reg.DBF", names) == "REG.fpt"
    assert find_memo("reg.csv", ["reg.fpt"]) is None
