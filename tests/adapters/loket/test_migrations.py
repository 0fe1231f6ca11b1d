"""What a counter of before kept is brought up to date with its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from adapters.loket.store import engine as store_engine
from adapters.loket.store.engine import open_store, own_call

pytestmark = pytest.mark.anyio

_MIGRATIONS = Path(store_engine.__file__).parent / "migrations"
_APPLICATION = (
    "INSERT INTO permohonan (nomor, kelurahan, layanan, tahun, urut, status, versi, pemohon_nik,"
    " pengaju, isian, janji_hari, diajukan_pada, putaran)"
    " VALUES (:nomor, 'k', 'SKTM', 2026, :urut, 'TERBIT', 9, '3171990101019000', 'jaki', '{}', 1,"
    " '2026-07-01T02:00:00.000000+00:00', 1)"
)
_LINE = (
    "INSERT INTO kotak_keluar (permohonan, kelurahan, percobaan, berikut_pada, terkirim_pada)"
    " VALUES (:nomor, 'k', 0, '', 'x')"
)
_STEP = (
    "INSERT INTO riwayat (urut, segel, isi, permohonan, langkah, pada)"
    " VALUES (:urut, 's', x'00', :nomor, :langkah, '2026-07-19T18:00:00.000000+00:00')"
)


def made_at(revision: str, file: Path) -> Engine:
    """Make a store as it was at a revision."""
    made = create_engine(f"sqlite:///{file}")
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return made


async def rows_after(file: Path, query: str) -> list[Any]:
    """Open the store, which brings it up to date; gives rows."""
    store = await open_store(f"sqlite+aiosqlite:///{file}")
    try:
        found = await store.read(own_call(), lambda tx: [*tx.execute(text(query))])
        return [tuple(row) for row in found]
    finally:
        await store.aclose()


async def test_what_was_revoked_before_waits_to_be_told(tmp_path: Path) -> None:
    """With the day of Jakarta on which it was; a letter that stands does not wait again."""
    file = tmp_path / "loket.sqlite"
    with made_at("0003", file).begin() as connection:
        for place, step in enumerate(("SERAHKAN", "CABUT"), 1):
            given = {"nomor": step, "urut": place, "langkah": step}
            for statement in (_APPLICATION, _LINE, _STEP):
                names = {name: given[name] for name in given if f":{name}" in statement}
                connection.execute(text(statement), names)
    told = "SELECT permohonan, dicabut_tanggal, terkirim_pada FROM kotak_keluar ORDER BY permohonan"
    rows = await rows_after(file, told)
    assert rows == [("CABUT", "2026-07-20", None), ("SERAHKAN", None, "x")]


async def test_letters_of_before_stay_and_may_be_cancelled(tmp_path: Path) -> None:
    """An application has one letter that stands, and any number of cancelled ones."""
    file = tmp_path / "loket.sqlite"
    letter = (
        "INSERT INTO surat (kelurahan, nomor, tahun, urut, jenis, permohonan, tanggal,"
        " penandatangan, status, kode_verifikasi)"
        " VALUES ('k', '{0}', 2026, {0}, 'SKTM', 'a', '2026-07-01', '1', '{1}', 'kode-{0}')"
    )
    with made_at("0005", file).begin() as connection:
        connection.execute(text(_APPLICATION), {"nomor": "a", "urut": 1})
        connection.execute(text(letter.format(1, "TERBIT")))
    assert await rows_after(file, "SELECT nomor, status FROM surat") == [("1", "TERBIT")]
    with create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(text(letter.format(2, "BATAL")))
        with pytest.raises(IntegrityError):
            connection.execute(text(letter.format(3, "DISIAPKAN")))
        with pytest.raises(IntegrityError):
            connection.execute(text(letter.format(4, "BATAL").replace("kode-4", "kode-1")))
