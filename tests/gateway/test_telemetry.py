"""Operations are told in batches, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gateway.telemetry import OperationRecord, Outcome, ReloadRecord, Telemetry


class _Sink:
    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.reloads: list[str] = []

    def operations_finished(self, records: Sequence[OperationRecord]) -> None:
        self.batches.append([record.operation_id for record in records])

    def schema_reloaded(self, record: ReloadRecord) -> None:
        self.reloads.append(f"{record.snapshot_hash} after {len(self.batches)}")


def record(operation_id: str = "1") -> OperationRecord:
    """Build a record of a query that went well."""
    outcome = Outcome("abc", "query", "c", "a", "", 200)
    return OperationRecord(operation_id, 0.0, 0.01, outcome)


def _run(*operations: str, flush: bool = True) -> _Sink:
    sink = _Sink()

    async def tell() -> None:
        telemetry = Telemetry(sink)
        for each in operations:
            telemetry.operation_finished(record(each))
        if flush:
            telemetry.flush()
            telemetry.flush()

    asyncio.run(tell())
    return sink


def test_operations_of_one_moment_are_one_batch() -> None:
    """What ends before the next batch is told together, in order, and once."""
    assert _run("1", "2", "3").batches == [["1", "2", "3"]]


def test_a_full_batch_is_told_at_once() -> None:
    """Neither memory nor a pause grows: a hundred records do not wait for the timer."""
    sink = _run(*map(str, range(101)), flush=False)
    assert [len(batch) for batch in sink.batches] == [100]


def test_a_batch_is_told_without_being_asked() -> None:
    """Nobody needs to call ``flush``: the timer does."""
    told = asyncio.Event()

    class _Waiting(_Sink):
        def operations_finished(self, records: Sequence[OperationRecord]) -> None:
            super().operations_finished(records)
            told.set()

    sink = _Waiting()

    async def tell() -> None:
        telemetry = Telemetry(sink)
        telemetry.operation_finished(record())
        assert sink.batches == []
        async with asyncio.timeout(30):
            await told.wait()

    asyncio.run(tell())
    assert sink.batches == [["1"]]


def test_a_reload_is_told_behind_what_came_before_it() -> None:
    """The order of a log is the order of events."""
    sink = _Sink()

    async def tell() -> None:
        telemetry = Telemetry(sink)
        telemetry.operation_finished(record())
        telemetry.schema_reloaded(ReloadRecord("new", 0.1))

    asyncio.run(tell())
    assert sink.reloads == ["new after 1"]
