"""A declared adapter over a file on a real SFTP server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.kit.adapter import AdapterSettingsError, Opening
from adapters.registry import load_adapter
from tests.testkit.selections import ask
from tests.testkit.sftp_server import RunningSftp, sftp_server

pytestmark = pytest.mark.anyio

FILE = """
name: pensiun
source: {kind: sftp, folder: /keluar}
types:
  Pensiun:
    description: {id: Pensiun., en: A pension.}
    from: {file: "PENSIUN-*.csv", format: csv, columns: [NO, NAMA]}
    keys: nomor
    fields:
      nomor: {type: String, from: NO, description: {id: Nomor., en: Its number.}}
      nama: {type: String, from: NAMA, description: {id: Nama., en: A name.}}
lookups:
  pensiun: {type: Pensiun, description: {id: Menurut nomor., en: By number.}}
"""


async def test_answers_from_a_server(tmp_path: Path) -> None:
    """The file needs no address: settings give it, and operators see how it stands."""
    (tmp_path / "pensiun.yaml").write_text(FILE, "utf-8")
    (tmp_path / "keluar").mkdir()
    (tmp_path / "keluar" / "PENSIUN-2026.csv").write_text("NO,NAMA\n1,Budi\n", "utf-8")
    adapter = load_adapter(str(tmp_path / "pensiun.yaml"))
    opening = Opening("pensiun", tmp_path)
    async with sftp_server(tmp_path) as server:
        executor = await adapter.open({"server": server.settings()}, opening)
        try:
            response = await ask(executor, '{ pensiun(nomor: "1") { nama } }')
            assert response.data == {"pensiun": {"nama": "Budi"}}
            assert response.reports[0].as_of is not None
            assert opening.observed["pensiun/PENSIUN-*.csv"]()["rows"] == 1
        finally:
            await executor.aclose()
    assert server.logins == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "server"),
        ({"server": RunningSftp(22).settings(password="")}, "give one of them"),
        ({"server": RunningSftp(22).settings(host_key="s3kret")}, "host_key"),
    ],
)
async def test_settings_that_cannot_be(settings: dict[str, Any], told: str, tmp_path: Path) -> None:
    """They are refused at start, without their values."""
    (tmp_path / "pensiun.yaml").write_text(FILE, "utf-8")
    adapter = load_adapter(str(tmp_path / "pensiun.yaml"))
    with pytest.raises(AdapterSettingsError, match=told) as refused:
        await adapter.open(settings, Opening("pensiun", tmp_path))
    assert "s3kret" not in str(refused.value)
