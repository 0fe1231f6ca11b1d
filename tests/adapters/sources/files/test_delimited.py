"""CSV: what is read, and what is a sign of truncation."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.sources.files.delimited import read_delimited
from adapters.sources.files.model import Alarm, FileFormat, VersionRefused


def read(tmp_path: Path, content: bytes, **options: str) -> list[list[str]]:
    """Read bytes as a file of two columns."""
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    found = read_delimited(path, FileFormat("csv", ("A", "B"), **options))
    assert found.header == ("A", "B")
    return [list(row) for row in found.rows]


@pytest.mark.parametrize(
    ("content", "options"),
    [
        pytest.param(b"A,B\n1,2\n", {}, id="unix"),
        pytest.param(b"A,B\r\n1,2\r\n\r\n", {}, id="windows-and-empty-lines"),
        pytest.param("\ufeffA,B\n1,2\n".encode(), {}, id="byte-order-mark"),
        pytest.param("A,B\n1,2\n".encode("utf-16"), {"encoding": "utf-16"}, id="utf-16"),
        pytest.param(b" A ,B\n1,2\n", {}, id="blanks-in-header"),
        pytest.param(b"A\tB\n1\t2\n", {"delimiter": "\t"}, id="tabs"),
        pytest.param(b'A,B\n"1","2"\n', {}, id="quoted"),
    ],
)
def test_reads_the_usual_spellings(tmp_path: Path, content: bytes, options: dict[str, str]) -> None:
    """However it was written, the rows are the same."""
    assert read(tmp_path, content, **options) == [["1", "2"]]


def test_a_line_break_in_a_cell_stays(tmp_path: Path) -> None:
    """Quoted cells may hold anything."""
    assert read(tmp_path, b'A,B\n"x\r\ny","a,""b"""\n') == [["x\r\ny", 'a,"b"']]


@pytest.mark.parametrize(
    ("content", "alarm"),
    [
        pytest.param(b"A,B\n1,2\n3", Alarm.TRUNCATED, id="no-end"),
        pytest.param(b"A,B\n1,2\n3\n", Alarm.TRUNCATED, id="short-last-row"),
        pytest.param(b'A,B\n1,2\n"3,4\n', Alarm.TRUNCATED, id="open-quote"),
        pytest.param(b"A,B\n1,2\n\0\0\0\0\n", Alarm.UNREADABLE, id="zeroes"),
    ],
)
def test_refuses_what_ends_before_its_end(tmp_path: Path, content: bytes, alarm: Alarm) -> None:
    """Nothing of a cut file is trusted."""
    with pytest.raises(VersionRefused) as caught:
        read(tmp_path, content)
    assert caught.value.alarm is alarm
