"""A line in a register: once, however often it is written, on SQLite and MariaDB alike."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from adapters.errors import SourceError, SourceUnavailable
from adapters.loket.outbox.line import Line
from adapters.loket.outbox.register import Register, open_register
from adapters.loket.settings import RegisterSettings
from tests.testkit.mariadb import MariaDB, running_mariadb
from tests.testkit.postgres import Postgres

pytestmark = pytest.mark.anyio

LINE = Line(
    "1/LKT/SKTM/2026", 2026, date(2026, 7, 1), "SKTM", "Zoë Uji", "3171990101019000", "003", "005",
    "Lurah Uji", "Loket",
)  # fmt: skip
COLUMNS = {
    "tahun": "thn", "urut": "no_urut", "nomor": "no_surat", "tanggal": "tgl surat",
    "nama": "nm_lengkap", "nik": "no_nik", "keterangan": "ket",
}  # fmt: skip
TABLE = (
    "CREATE TABLE buku (thn {text}, no_urut INTEGER, no_surat {text}, `tgl surat` {text},"
    " nm_lengkap {text}, no_nik {text}, ket {text}){end}"
)
OLD = "INSERT INTO buku (thn, no_urut, no_surat) VALUES ('2026', 41, '470/41'), ('2025', 90, 'x')"

Rows = Callable[[], list[tuple[Any, ...]]]


def settings_of(url: str, **changes: Any) -> RegisterSettings:
    """Describe the register."""
    given = {"kelurahan": "31.71.02.1001", "url": SecretStr(url), "table": "buku"}
    return RegisterSettings.model_validate({**given, "columns": COLUMNS, **changes})


def opened(url: str, **changes: Any) -> Register:
    """Open the register."""
    return open_register(settings_of(url, **changes), url)


def file_register(folder: Path) -> tuple[str, Rows]:
    """Make a register in a file; gives its URL, and what is in it."""
    path = folder / "register.sqlite"
    with sqlite3.connect(path) as made:
        made.executescript(f"{TABLE.format(text='TEXT', end='')}; {OLD};")

    def rows() -> list[tuple[Any, ...]]:
        with sqlite3.connect(path) as reader:
            reader.text_factory = bytes
            return reader.execute("SELECT * FROM buku ORDER BY rowid").fetchall()

    return f"sqlite+aiosqlite:///{path}", rows


async def test_a_file_takes_a_line_once(tmp_path: Path) -> None:
    """Written thrice, by two at once and again; the running number goes on from the book's."""
    url, rows = file_register(tmp_path)
    first, second = opened(url), opened(url)
    await asyncio.gather(first.write(LINE), second.write(LINE))
    await first.write(LINE)
    assert rows()[2:] == [
        (
            b"2026", 42, b"1/LKT/SKTM/2026", b"2026-07-01", "Zoë Uji".encode(),
            b"3171990101019000", b"Loket",
        )
    ]  # fmt: skip
    for register in (first, second):
        await register.aclose()


async def test_a_file_of_another_encoding_is_written_in_it(tmp_path: Path) -> None:
    """Raw bytes in TEXT columns, in the form of day that the book has; still once."""
    url, rows = file_register(tmp_path)
    register = opened(url, encoding="latin1", date_format="%d-%m-%Y")
    for _ in range(2):
        await register.write(LINE)
    (line,) = rows()[2:]
    assert (line[3], line[4]) == (b"01-07-2026", "Zoë Uji".encode("latin1"))
    with sqlite3.connect(tmp_path / "register.sqlite") as reader:
        kinds = reader.execute("SELECT typeof(no_surat), typeof(nm_lengkap) FROM buku").fetchall()
    assert kinds[-1] == ("text", "text")
    await register.aclose()


async def test_a_revocation_is_added_to_the_remark_once(tmp_path: Path) -> None:
    """With the line if there is none, after whatever a clerk wrote, and to no other line."""
    url, rows = file_register(tmp_path)
    register = opened(url)
    for number in ("1", "2", "3", "4"):
        await register.write(replace(LINE, nomor=number))
    with sqlite3.connect(tmp_path / "register.sqlite") as clerk:
        clerk.execute("UPDATE buku SET ket = 'Diambil anak' WHERE no_surat = '2'")
        clerk.execute("UPDATE buku SET ket = NULL WHERE no_surat = '3'")
        clerk.execute("INSERT INTO buku (thn, no_surat, ket) VALUES ('2025', '1', 'Loket')")
    for _ in range(2):
        for number in ("1", "2", "3", "5"):
            await register.write(replace(LINE, nomor=number, keterangan="Loket, dicabut"))
    told = [(line[0], line[2], line[6]) for line in rows()[2:]]
    assert told == [
        (b"2026", b"1", b"Loket, dicabut"),
        (b"2026", b"2", b"Diambil anak, dicabut"),
        (b"2026", b"3", b"Loket, dicabut"),
        (b"2026", b"4", b"Loket"),
        (b"2025", b"1", b"Loket"),
        (b"2026", b"5", b"Loket, dicabut"),
    ]
    await register.aclose()


async def test_a_revocation_leaves_another_encoding_as_it_is(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 stay, and the word comes after them."""
    url, rows = file_register(tmp_path)
    register = opened(url, encoding="latin1")
    await register.write(LINE)
    with sqlite3.connect(tmp_path / "register.sqlite") as clerk:
        clerk.execute(
            "UPDATE buku SET ket = CAST(x'5a6feb' AS TEXT) WHERE no_surat = ?", [LINE.nomor]
        )
    for _ in range(2):
        await register.write(replace(LINE, keterangan="Loket, dicabut"))
    (line,) = rows()[2:]
    assert (line[4], line[6]) == ("Zoë Uji".encode("latin1"), "Zoë, dicabut".encode("latin1"))
    await register.aclose()


@pytest.mark.needs_mariadb
async def test_a_table_of_mariadb_takes_a_line_once() -> None:
    """A latin1 table; the credential of the counter may write, and needs no other right."""
    with running_mariadb() as mariadb:
        await _write_to_mariadb(mariadb)


async def _write_to_mariadb(mariadb: MariaDB) -> None:
    ends = " CHARACTER SET latin1"
    await asyncio.to_thread(mariadb.run, f"{TABLE.format(text='VARCHAR(60)', end=ends)}; {OLD};")
    rights = "GRANT SELECT, INSERT, UPDATE (ket) ON test.buku TO loket"
    await asyncio.to_thread(mariadb.run, f"CREATE USER loket IDENTIFIED BY 'tulis'; {rights};")
    url = mariadb.url().replace("simpul:simpul@", "loket:tulis@")
    first, second = opened(url), opened(url)
    await first.write(LINE)
    await asyncio.gather(
        *(each.write(replace(LINE, nomor="2/LKT/SKTM/2026")) for each in (first, second)),
        return_exceptions=True,  # one of two at once may be told to come again
    )
    await second.write(LINE)
    for _ in range(2):
        await first.write(replace(LINE, keterangan="Loket, dicabut"))
    told = await asyncio.to_thread(
        mariadb.run,
        "SELECT thn, no_urut, no_surat, HEX(nm_lengkap), ket FROM buku WHERE no_urut > 41",
    )
    lines = [line.split("\t") for line in told.splitlines()[1:] if "LKT" in line]
    name = "Zoë Uji".encode("latin1").hex().upper()
    assert lines == [
        ["2026", "42", "1/LKT/SKTM/2026", name, "Loket, dicabut"],
        ["2026", "43", "2/LKT/SKTM/2026", name, "Loket"],
    ]
    for register in (first, second):
        await register.aclose()


@pytest.mark.needs_postgres
@pytest.mark.parametrize("year", ["integer", "varchar(4)"])
@pytest.mark.parametrize("day", ["date", "text"])
async def test_a_table_of_postgresql_takes_a_line_once(
    postgres_server: Postgres, year: str, day: str
) -> None:
    """Whatever types its columns have; two at once are two lines, and one twice is one."""
    name = f"buku_{year[:3]}_{day}"
    url = postgres_server.new_database(name).replace("simpul:simpul@", "loket:tulis@")
    made = (
        f'CREATE TABLE "Buku" (thn {year}, no_urut smallint, no_surat varchar(60) NOT NULL,'
        f' "tgl surat" {day}, nm_lengkap text, no_nik char(16), ket varchar(60));'
        " INSERT INTO \"Buku\" (thn, no_urut, no_surat) VALUES ('2026', 41, '470/41'),"
        " ('2025', 90, 'x'); DROP ROLE IF EXISTS loket;"
        " CREATE ROLE loket LOGIN PASSWORD 'tulis';"
        ' GRANT SELECT, INSERT, UPDATE (ket) ON "Buku" TO loket;'
    )
    await asyncio.to_thread(postgres_server.run, made, name)
    first, second = opened(url, table="Buku"), opened(url, table="Buku")
    await asyncio.gather(*(each.write(LINE) for each in (first, second)))
    other = replace(LINE, nomor="2/LKT/SKTM/2026")
    await asyncio.gather(*(each.write(other) for each in (first, second, first)))
    for _ in range(2):
        await first.write(replace(LINE, keterangan="Loket, dicabut"))
    with pytest.raises(SourceError):  # too long for its column, and not cut
        await second.write(replace(LINE, nomor="9" * 61))
    told = await asyncio.to_thread(
        postgres_server.run,
        'SELECT thn, no_urut, no_surat, "tgl surat", nm_lengkap, no_nik, ket FROM "Buku"'
        " WHERE no_urut > 41 AND thn::text = '2026' ORDER BY no_urut",
        name,
    )
    common = "2026-07-01|Zoë Uji|3171990101019000"
    assert told.splitlines() == [
        f"2026|42|1/LKT/SKTM/2026|{common}|Loket, dicabut",
        f"2026|43|2/LKT/SKTM/2026|{common}|Loket",
    ]
    for register in (first, second):
        await register.aclose()
    dropped = "DROP OWNED BY loket; DROP ROLE loket;"
    await asyncio.to_thread(postgres_server.run, dropped, name)


@pytest.mark.needs_postgres
async def test_a_table_of_postgresql_without_its_columns_is_out_of_reach(
    postgres_server: Postgres,
) -> None:
    """As one that is not there: the line waits until somebody mends it."""
    url = postgres_server.new_database("buku_kosong")
    await asyncio.to_thread(postgres_server.run, "CREATE TABLE buku (thn int)", "buku_kosong")
    for table in ("buku", "lain"):
        register = opened(url, table=table)
        with pytest.raises(SourceUnavailable):
            await register.write(LINE)
        await register.aclose()


async def test_a_register_that_is_not_there_is_an_expected_failure(tmp_path: Path) -> None:
    """No file, no table: nothing is made, and the error holds nothing of the line."""
    url = f"sqlite+aiosqlite:///{tmp_path}/none.sqlite"
    missing = opened(url)
    with pytest.raises(SourceUnavailable):
        await missing.write(LINE)
    assert not (tmp_path / "none.sqlite").exists()
    there, _ = file_register(tmp_path)
    other = opened(there, table="buku_lain")
    with pytest.raises(SourceError) as refused:
        await other.write(LINE)
    assert "Uji" not in str(refused.value)
    for register in (missing, other):
        await register.aclose()


@pytest.mark.parametrize(
    "changes",
    [
        {"columns": {"nomor": "a"}},
        {"columns": {"nomor": "a", "tahun": "b"}},
        {"columns": {"nomor": "a", "tahun": "a", "keterangan": "b"}},
        {"columns": {**COLUMNS, "umur": "x"}},
        {"encoding": "no-such"},
    ],
    ids=["no-year", "no-remark", "same-column", "unknown-field", "unknown-encoding"],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    """At start, without repeating the URL."""
    with pytest.raises(ValidationError) as refused:
        settings_of("sqlite+aiosqlite:///geheim", **changes)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("url", ["no url", "oracle+oracledb://h/d"])
def test_only_known_databases_are_written(url: str) -> None:
    """Another kind is refused at start."""
    with pytest.raises(ValueError, match=r"31\.71\.02\.1001"):
        opened(url)
