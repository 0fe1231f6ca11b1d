"""How long a question waits for a version of a file, and for whose reading."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience import SourceGuard
from adapters.sources.files import FilesSettings, FilesSource, Row
from tests.testkit.file_registers import (
    KINDS,
    ROWS,
    Clock,
    Kind,
    csv_bytes,
    register,
)

pytestmark = pytest.mark.anyio


async def test_asked_by_many_it_is_read_once(kind: Kind, tmp_path: Path) -> None:
    """The first version is read by one, and all wait for it."""
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        agencies = (CallContext(agency=f"{n}") for n in range(6))
        answers = await asyncio.gather(*(made.source.table(call) for call in agencies))
        assert all(answer.value is answers[0].value is not None for answer in answers)
        assert sum(answer.calls for answer in answers) == 1


async def test_who_has_an_old_version_waits_only_a_little(tmp_path: Path) -> None:
    """A slow look goes on without the caller, and its version is served as soon as it is there."""
    gate = threading.Event()

    def slow_key(row: Row) -> None:
        if row["NOMOR"] == "9":
            gate.wait(10)

    kind, clock = KINDS["csv"], Clock()
    path = tmp_path / kind.name
    path.write_bytes(csv_bytes(ROWS))
    guard = SourceGuard("slow")
    settings = FilesSettings(
        tmp_path, kind.name, kind.file_format, {"x": slow_key}, patience_seconds=0.01
    )
    source = FilesSource("slow", settings, guard, clock=clock)
    first = (await source.table(CallContext())).value
    path.write_bytes(csv_bytes([("9", "Dewi", ""), *ROWS]))
    for _ in range(2):
        clock.now += 10
        answer = await source.table(CallContext())
        assert answer.value is first
        assert answer.error is None
    gate.set()
    clock.now += 10
    while (await source.table(CallContext())).value is first:
        clock.now += 10
    await source.aclose()
    await guard.aclose()


async def test_a_deadline_ends_the_waiting_for_the_first_version(tmp_path: Path) -> None:
    """The caller's deadline holds for a slow folder too, and one thread at most reads it."""
    gate, begun = threading.Event(), 0

    def slow_key(_: Row) -> None:
        nonlocal begun
        begun += 1
        gate.wait(10)

    kind = KINDS["csv"]
    (tmp_path / kind.name).write_bytes(csv_bytes(ROWS[:1]))
    guard = SourceGuard("slow")
    settings = FilesSettings(tmp_path, kind.name, kind.file_format, {"x": slow_key}, 0.0)
    source = FilesSource("slow", settings, guard)
    for _ in range(2):
        deadline = asyncio.get_running_loop().time() + 0.05
        answer = await source.table(CallContext(deadline=deadline))
        assert answer.error is not None
        assert answer.error.code is SourceCode.BATAS_WAKTU
    gate.set()
    assert (await source.table(CallContext())).value is not None
    assert begun == 1
    await source.aclose()
    await source.aclose()
    await guard.aclose()


async def test_a_first_reader_who_leaves_costs_the_next_nothing(tmp_path: Path) -> None:
    """If the only look is cancelled before a version was read, the next question looks again."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path) as made:
        made.put(kind.write(ROWS))
        task = asyncio.ensure_future(made.source.table(CallContext()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await made.source.table(CallContext())).value is not None
