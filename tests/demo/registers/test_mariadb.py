"""The two SQL registers on the real thing."""

from pathlib import Path

import pytest

from demo.people.truth import Truth
from demo.registers.mariadb import load_registers
from tests.testkit.mariadb import running_mariadb

pytestmark = [pytest.mark.anyio, pytest.mark.needs_mariadb]


async def test_registers_load_into_mariadb(world: Path, truth: Truth) -> None:
    """Rows and accents arrive; Karang Anyar's tables are latin1."""
    with running_mariadb() as database:
        await load_registers(
            database.url(), world / "truth.sqlite", plain="31.71.02.1001", latin1="31.71.02.1002"
        )
        plain = database.run("SELECT count(*) FROM register_surat").split()[1]
        assert int(plain) == len(truth.book("31.71.02.1001", with_nik=True))
        book = truth.book("31.71.02.1002", with_nik=True)
        names = database.run(
            "SET NAMES utf8mb4; SELECT nm_lengkap FROM buku_register_nik ORDER BY thn, no_urut"
        )
        assert names.splitlines()[1:] == [letter.nama for letter in book]
        made = database.run("SHOW CREATE TABLE buku_register_nik")
        assert "CHARSET=latin1" in made
