"""What the counter writes into a register, those who read that register find there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.kelurahan.adapter import adapter
from adapters.loket.outbox.line import Line
from adapters.loket.outbox.register import open_register
from adapters.loket.settings import RegisterSettings
from tests.testkit.legacy import find_world
from tests.testkit.registers import example_settings
from tests.testkit.selections import ask

pytestmark = pytest.mark.anyio

LINE = Line(
    "7/LKT/SKTM/2026", 2026, date(2026, 7, 1), "SKTM", "Zoë Uji", "3171990101019000", "003", "005",
    "Lurah Uji", "Loket",
)  # fmt: skip
PASAR_BARU = {
    "kelurahan": "31.71.02.1001",
    "table": "register_surat",
    "columns": {
        "tahun": "buku", "urut": "urut", "nomor": "nomor_surat", "tanggal": "tanggal",
        "jenis": "jenis_surat", "nama": "nama", "nik": "nik", "rt": "rt", "rw": "rw",
        "penandatangan": "penandatangan", "keterangan": "keterangan",
    },
}  # fmt: skip
KARANG_ANYAR = {
    "kelurahan": "31.71.02.1002",
    "table": "buku_register_nik",
    "columns": {
        "tahun": "thn", "urut": "no_urut", "nomor": "no_surat", "tanggal": "tgl_surat",
        "jenis": "kode_surat", "nama": "nm_lengkap", "nik": "no_nik", "rt": "rt_rw",
        "penandatangan": "ttd", "keterangan": "ket",
    },
    "encoding": "latin1",
    "date_format": "%d-%m-%Y",
}  # fmt: skip
QUERY = (
    'query ($k: KodeWilayah!) { surat(kelurahan: $k, nomor: "7/LKT/SKTM/2026", tahun: 2026)'
    " { urut tanggal jenis namaTertulis keterangan penandatangan pemohon { nik } } }"
)


@pytest.mark.parametrize("register", [PASAR_BARU, KARANG_ANYAR], ids=["utf8", "latin1"])
async def test_the_registers_own_reader_finds_the_letter(
    tmp_path: Path, register: dict[str, object]
) -> None:
    """Each in the form of its register; the running number is the next of the year's book."""
    place = str(register["kelurahan"])
    path = tmp_path / place / "register.sqlite"
    path.parent.mkdir()
    shutil.copy(find_world() / "registers" / place / "register.sqlite", path)
    url = f"sqlite+aiosqlite:///{path}"
    written = open_register(
        RegisterSettings.model_validate({**register, "url": SecretStr(url)}), url
    )
    await written.write(LINE)
    await written.write(replace(LINE, nomor="8/LKT/SKTM/2026"))
    await written.aclose()
    settings = example_settings(tmp_path)
    read = [each for each in settings["registers"] if each["kelurahan"] == place]
    executor = await adapter.open({**settings, "registers": read})
    answer = await ask(executor, QUERY, {"k": place})
    await executor.aclose()
    assert answer.errors == ()
    letter = answer.data["surat"]
    assert letter.pop("urut") > 1
    assert letter == {
        "tanggal": "2026-07-01", "jenis": "SKTM", "namaTertulis": "Zoë Uji",
        "keterangan": "Loket", "penandatangan": "Lurah Uji", "pemohon": {"nik": LINE.nik},
    }  # fmt: skip
