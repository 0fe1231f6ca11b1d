"""Each kelurahan's books hold what the truth says, in that kelurahan's own way."""

import csv
import re
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import dbfread
import pytest
from python_calamine import CalamineWorkbook

from demo.people.spec import WorldSpec
from demo.people.truth import Letter, Truth
from demo.people.world import find_or_build

Line = tuple[int, int, str, str, str, str, str | None, str]
"""Year, running number, letter number, ISO date, kind, name, NIK as digits, ISO birth date."""


def _digits(text: str | None) -> str | None:
    return re.sub(r"\D", "", text) if text else None


def _iso(text: str) -> str:
    day, month, year = re.split("[-/]", text)
    return f"{year}-{month}-{day}"


def _plain(folder: Path, *, new: bool) -> list[Line]:
    rows = sqlite3.connect(folder / "register.sqlite")
    table, nik = ("register_surat", "nik") if new else ("register_surat_lama", "NULL")
    return [
        (int(row[0]), *row[1:6], _digits(row[6]), row[7])
        for row in rows.execute(
            "SELECT buku, urut, nomor_surat, tanggal, jenis_surat, nama, "
            f"{nik}, tanggal_lahir FROM {table}"
        )
    ]


def _latin1(folder: Path, *, new: bool) -> list[Line]:
    rows = sqlite3.connect(folder / "register.sqlite")
    rows.text_factory = lambda value: value.decode("latin1")
    table, nik = ("buku_register_nik", "no_nik") if new else ("buku_register", "NULL")
    return [
        (*row[:3], _iso(row[3]), *row[4:6], row[6], _iso(row[7]))
        for row in rows.execute(
            "SELECT thn, no_urut, no_surat, tgl_surat, kode_surat, nm_lengkap, "
            f"{nik}, tgl_lhr FROM {table}"
        )
    ]


def _sheet(folder: Path, *, new: bool) -> list[Line]:
    book = CalamineWorkbook.from_path(folder / "register.xlsx")
    lines: list[Line] = []
    for name in ("2025", "2026") if new else ("2023", "2024"):
        header, *rows = book.get_sheet_by_name(name).to_python()[3:]
        for cells in rows:
            row: dict[str, Any] = dict(zip(header, cells, strict=True))
            lines.append(
                (
                    int(name),
                    int(row["No"]),
                    row["Nomor Surat"],
                    row["Tanggal"].isoformat(),
                    row["Jenis Surat"],
                    row["Nama Lengkap"],
                    _digits(row.get("NIK")),
                    _iso(row["Tempat, Tanggal Lahir"].rpartition(", ")[2]),
                )
            )
    return lines


def _csv(folder: Path, *, new: bool) -> list[Line]:
    path = folder / ("register_baru.csv" if new else "register_lama.csv")
    with path.open(encoding="cp1252", newline="") as file:
        return [
            (
                int(row["TAHUN"]),
                int(row["URUT"]),
                row["NOMOR"],
                _iso(row["TANGGAL"]),
                row["JENIS"],
                row["NAMA"].replace("’", "'"),
                _digits(row.get("NIK")),
                _iso(row["TGL_LAHIR"]),
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


def _dbf(folder: Path, *, new: bool) -> list[Line]:
    table = dbfread.DBF(folder / ("REGBARU.DBF" if new else "REGLAMA.DBF"))
    assert (table.encoding, len(table)) == ("cp1252", table.header.numrecords)
    return [
        (
            row["THN"],
            row["URUT"],
            row["NOMOR"],
            row["TGL"].isoformat(),
            row["JENIS"],
            row["NAMA"].replace("’", "'"),
            row.get("NIK"),
            row["TGLLHR"].isoformat(),
        )
        for row in table
    ]


READERS: dict[str, Callable[..., list[Line]]] = {
    "31.71.02.1001": _plain,
    "31.71.02.1002": _latin1,
    "31.71.02.1003": _sheet,
    "31.71.02.1004": _csv,
    "31.71.02.1005": _dbf,
}


def _line(letter: Letter) -> Line:
    return (*letter[1:6], letter.nama, letter.nik, letter.lahir)


@pytest.mark.parametrize("new", [True, False], ids=["new", "old"])
@pytest.mark.parametrize("kode", READERS)
def test_books_hold_what_the_truth_says(world: Path, truth: Truth, kode: str, new: bool) -> None:
    """Every line of every book equals the truth's, in order; old books have no NIK."""
    lines = READERS[kode](world / "registers" / kode, new=new)
    assert lines == [_line(letter) for letter in truth.book(kode, with_nik=new)]
    assert len(lines) > 500


def test_running_numbers_have_no_gap(world: Path) -> None:
    """Each book counts from 1 upwards without a gap."""
    for kode, read in READERS.items():
        for new in (True, False):
            lines = read(world / "registers" / kode, new=new)
            for year in {line[0] for line in lines}:
                numbers = [line[1] for line in lines if line[0] == year]
                assert numbers == list(range(1, len(numbers) + 1)), (kode, year)


def test_a_plain_read_of_latin1_fails(world: Path) -> None:
    """Karang Anyar's TEXT columns hold bytes that are no UTF-8."""
    rows = sqlite3.connect(world / "registers" / "31.71.02.1002" / "register.sqlite")
    with pytest.raises(sqlite3.OperationalError, match="UTF-8"):
        rows.execute("SELECT * FROM buku_register_nik").fetchall()
    types = rows.execute("SELECT DISTINCT typeof(nm_lengkap) FROM buku_register").fetchall()
    assert types == [("text",)]


def test_cp1252_files_use_the_office_apostrophe(world: Path) -> None:
    """The CSV holds byte 0x92, which latin1 would read as a control character."""
    folder = world / "registers" / "31.71.02.1004"
    assert b"\x92" in (folder / "register_baru.csv").read_bytes()


def test_titles_stand_above_the_sheet(world: Path) -> None:
    """The header is in row 4 of every sheet."""
    book = CalamineWorkbook.from_path(world / "registers" / "31.71.02.1003" / "register.xlsx")
    assert book.sheet_names == ["2023", "2024", "2025", "2026", "Pengantar"]
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        assert rows[0][0] == "BUKU REGISTER SURAT KETERANGAN"
        assert "RT" in rows[3]


def test_niks_are_spelled_in_each_office_s_way(world: Path) -> None:
    """Blanks, dots and dashes occur where the wire formats say so, and nowhere else."""
    folder = world / "registers"
    rows = sqlite3.connect(folder / "31.71.02.1001" / "register.sqlite")
    plain = {row[0] for row in rows.execute("SELECT DISTINCT length(nik) FROM register_surat")}
    assert plain == {16, 17}
    book = CalamineWorkbook.from_path(folder / "31.71.02.1003" / "register.xlsx")
    dotted = [row[5] for row in book.get_sheet_by_name("2025").to_python()[4:]]
    assert {len(text) for text in dotted} == {16, 19}
    with (folder / "31.71.02.1004" / "register_baru.csv").open(encoding="cp1252") as file:
        texts = [row["NIK"] for row in csv.DictReader(file, delimiter=";")]
    assert {text[6] for text in texts if len(text) == 18} == {"-", " "}


def test_introductions_precede_their_letters(world: Path) -> None:
    """Each names an existing letter of the kelurahan and is at most three days older."""
    rows = sqlite3.connect(world / "registers" / "31.71.02.1001" / "register.sqlite")
    pairs = rows.execute(
        "SELECT p.tanggal, s.tanggal, p.nik, s.nik FROM surat_pengantar p "
        "JOIN register_surat s ON s.nomor_surat = p.nomor_surat"
    ).fetchall()
    assert len(pairs) > 700
    for introduced, written, nik, other in pairs:
        days = (date.fromisoformat(written) - date.fromisoformat(introduced)).days
        assert 0 <= days <= 3
        assert nik == other.strip()
    keys = rows.execute(
        "SELECT count(*), count(DISTINCT rt || '/' || rw || nomor || tahun) FROM surat_pengantar"
    )
    total, distinct = keys.fetchone()
    assert total == distinct


def test_every_kelurahan_of_a_city_has_a_register(tmp_path: Path) -> None:
    """A larger world keeps the five forms in all of its kelurahan."""
    registers = find_or_build(tmp_path, WorldSpec(2_000, 4, area="31.71")) / "registers"
    assert len(list(registers.iterdir())) == 44
    assert (registers / "31.71.01.1006" / "register.sqlite").exists()
    assert (registers / "31.71.03.1008" / "register.xlsx").exists()
