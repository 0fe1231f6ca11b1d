"""Every fault of files, in a folder and on a server: docs/source-faults.md, row by row."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.kit.adapter import Opening
from adapters.kit.runtime import LocalExecutor
from adapters.registry import load_adapter
from demo.faults.tcp_proxy import ProxyMode, TcpProxy
from tests.testkit.listening import full_queue
from tests.testkit.selections import ask
from tests.testkit.sftp_server import RunningSftp, sftp_server
from tests.testkit.source_faults import TIMEOUT, SourceFault, judge, source_faults

pytestmark = pytest.mark.anyio

FILE = """
name: beras
source: {kind: KIND, folder: drop}
types:
  Beras:
    description: {id: Beras., en: Rice.}
    from: {file: beras.csv, format: csv, columns: [NO, KG]}
    keys: nomor
    fields:
      nomor: {type: String, from: NO, description: {id: Nomor., en: Its number.}}
      kilo: {type: Int, from: KG, description: {id: Kilogram., en: Kilograms.}}
lookups:
  beras: {type: Beras, description: {id: Menurut nomor., en: By number.}}
"""
GOOD = "NO,KG\n1,10\n"
NEW = "NO,KG\n1,99\n2,5\n"  # what nobody may see while a fault lasts
CONTENTS = {
    "garbage": "\0\0\0",
    "garbage-a page for people": "<html><body>Sedang sibuk</body></html>\n",
    "error_in_answer": "ERROR: ekspor gagal\n",
    "changed_schema": "NO,BERAT\n1,99\n",
    "truncated": NEW[:-3],
}
MODES = {
    "down": ProxyMode.REFUSE,
    "slow_drip": ProxyMode.SLOW_DRIP,
    "reset": ProxyMode.RESET,
}


class Place:
    """Where the file is put, and what is done to the way there."""

    def __init__(self, folder: Path, server: RunningSftp | None, proxy: TcpProxy | None) -> None:
        self.file = folder / "beras.csv"
        self.server = server
        self.proxy = proxy
        self.written = 0

    def put(self, text: str) -> None:
        """Put another version."""
        self.written += 1
        self.file.write_text(text, "utf-8")
        os.utime(self.file, (self.written, self.written))

    async def fail(self, row: SourceFault) -> None:
        """Make the fault."""
        fault = f"{row.fault}-{row.form}" if row.form.startswith("a page") else row.fault
        if fault in CONTENTS:
            self.put(CONTENTS[fault])
            return
        self.put(NEW)
        if row.kind == "files" and fault == "down":
            self.file.unlink()
        elif row.kind == "files" and fault == "slow_drip":
            self.file.unlink()
            os.mkfifo(self.file)
        elif self.server is not None and self.proxy is not None:
            if fault in MODES:
                self.server.hang_up()
                await self.proxy.switch(MODES[fault])
            elif fault == "500":
                self.server.fails = True
            elif fault == "expired_credential":
                self.server.password = "lain"
                self.server.hang_up()

    def recover(self) -> None:
        """Let go whoever reads from a pipe."""
        if self.file.is_fifo():
            writer = os.open(self.file, os.O_RDWR | os.O_NONBLOCK)
            self.file.unlink()
            self.put(GOOD)
            os.close(writer)


@asynccontextmanager
async def placed(row: SourceFault, tmp_path: Path) -> AsyncIterator[tuple[LocalExecutor, Place]]:
    """Open an adapter over the kind of place that a row speaks of."""
    (tmp_path / "drop").mkdir()
    (tmp_path / "beras.yaml").write_text(FILE.replace("KIND", row.kind), "utf-8")
    guard: dict[str, Any] = {"timeout_seconds": TIMEOUT, "quota_per_day": 1}
    is_quota = row.fault == "quota"
    if is_quota and not row.form:
        guard["quota_per_day"] = 0
    if not is_quota:
        del guard["quota_per_day"]
    settings: dict[str, Any] = {"guard": guard, "refresh_seconds": 0.000_001}
    async with AsyncExitStack() as stack:
        server = proxy = None
        if row.kind == "sftp":
            server = await stack.enter_async_context(sftp_server(tmp_path / "drop"))
            proxy = TcpProxy("127.0.0.1", server.port)
            await proxy.start()
            stack.push_async_callback(proxy.close)
            port = proxy.port
            if row.fault == "connect_timeout":
                port = stack.enter_context(full_queue())
            settings |= {"folder": "/", "server": server.settings(port=port)}
        adapter = load_adapter(str(tmp_path / "beras.yaml"))
        executor = await adapter.open(settings, Opening("beras", tmp_path))
        stack.push_async_callback(executor.aclose)
        place = Place(tmp_path / "drop", server, proxy)
        stack.callback(place.recover)  # before the executor closes, and waits for its reader
        yield executor, place


KINDS = [row for kind in ("files", "sftp") for row in source_faults(kind) if row.value != "-"]


@pytest.mark.parametrize("row", KINDS, ids=str)
async def test_files_fail_as_the_table_says(row: SourceFault, tmp_path: Path) -> None:
    """Value, code, completeness, time and what the server was asked are those of the row."""
    async with placed(row, tmp_path) as (executor, place):
        if row.form.endswith("read before"):
            place.put(GOOD)
            assert (await ask(executor, '{ beras(nomor: "1") { kilo } }')).errors == ()
        await place.fail(row)
        before = place.server.listings if place.server else 0
        response = await judge(row, ask(executor, '{ beras(nomor: "1") { kilo } }'))
        expected = {"null": None, "last version": {"kilo": 10}}[row.value]
        assert response.data == {"beras": expected}
        if place.server is not None:
            assert place.server.listings - before == int(row.received)
