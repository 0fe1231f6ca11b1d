"""Registers that are files can be broken in every way and come back."""

import csv
import fcntl
import shutil
import sqlite3
from pathlib import Path

import dbfread
import pytest
from python_calamine import CalamineWorkbook

from demo.faults.files import FileFault, break_file, lock_file, restore, restore_all

FILES = (
    "31.71.02.1001/register.sqlite",
    "31.71.02.1003/register.xlsx",
    "31.71.02.1004/register_baru.csv",
    "31.71.02.1005/REGBARU.DBF",
)
BROKEN = (FileFault.MISSING, FileFault.TRUNCATED, FileFault.HALF_WRITTEN, FileFault.WRONG_HEADER)


@pytest.fixture
def registers(world: Path, tmp_path: Path) -> Path:
    """A copy of the registers that a test may break."""
    return Path(shutil.copytree(world / "registers", tmp_path / "registers"))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_comes_back(registers: Path, name: str, fault: FileFault) -> None:
    """A fault changes the file, and `restore` brings every byte back."""
    path = registers / name
    before = path.read_bytes()
    break_file(path, fault)
    assert not path.exists() if fault is FileFault.MISSING else path.read_bytes() != before
    restore(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", FILES)
def test_faults_replace_each_other(registers: Path, name: str) -> None:
    """One fault after another still ends in the pristine file."""
    path = registers / name
    before = path.read_bytes()
    for fault in BROKEN:
        break_file(path, fault)
    restore_all(registers)
    assert path.read_bytes() == before


def test_truncated_and_half_written_differ(registers: Path) -> None:
    """One is short; the other has its length and zeros at the end."""
    path = registers / FILES[2]
    size = path.stat().st_size
    break_file(path, FileFault.TRUNCATED)
    assert path.stat().st_size < size * 0.6
    break_file(path, FileFault.HALF_WRITTEN)
    content = path.read_bytes()
    assert len(content) == size
    assert content.endswith(bytes(100))


def test_wrong_headers_leave_readable_files(registers: Path) -> None:
    """The file still opens, under another column name."""
    for name in FILES:
        break_file(registers / name, FileFault.WRONG_HEADER)
    rows = sqlite3.connect(registers / FILES[0])
    columns = [row[1] for row in rows.execute("PRAGMA table_info(register_surat)")]
    assert "KOLOM9" in columns
    assert "nomor_surat" not in columns
    sheet = CalamineWorkbook.from_path(registers / FILES[1]).get_sheet_by_name("2025")
    assert sheet.to_python()[3][:2] == ["No", "KOLOM9"]
    with (registers / FILES[2]).open(encoding="cp1252", newline="") as file:
        assert next(csv.reader(file, delimiter=";"))[2] == "KOLOM9"
    assert dbfread.DBF(registers / FILES[3]).field_names[2] == "KOLOM9"


def test_a_truncated_dbf_has_fewer_records_than_it_says(registers: Path) -> None:
    """The header's count gives a silently short DBF away."""
    path = registers / FILES[3]
    break_file(path, FileFault.TRUNCATED)
    table = dbfread.DBF(path)
    assert len(list(table)) < table.header.numrecords


def test_a_locked_store_is_locked_for_readers(registers: Path) -> None:
    """Nobody reads a SQLite register while somebody works in it."""
    path = registers / FILES[0]
    reader = sqlite3.connect(path, timeout=0)
    with lock_file(path), pytest.raises(sqlite3.OperationalError, match="locked"):
        reader.execute("SELECT count(*) FROM register_surat").fetchone()
    assert reader.execute("SELECT count(*) FROM register_surat").fetchone()[0] > 0
    reader.close()


@pytest.mark.parametrize("name", FILES[1:])
def test_a_locked_file_has_lock_and_marker(registers: Path, name: str) -> None:
    """Other files carry an advisory lock and the office program's lock file."""
    path = registers / name
    marker = path.with_name(f".~lock.{path.name}#")
    with path.open("rb") as other:
        with lock_file(path):
            assert marker.exists()
            with pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
    assert not marker.exists()


def test_a_lock_is_no_state_of_the_file(registers: Path) -> None:
    """`break_file` refuses to lock: somebody must hold a lock."""
    with pytest.raises(ValueError, match="lock_file"):
        break_file(registers / FILES[0], FileFault.LOCKED)
