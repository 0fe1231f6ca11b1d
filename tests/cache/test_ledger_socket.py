"""The quota of several workers is one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest

from cache.errors import LedgerUnavailable
from cache.ledger import Lease, Ledger, MemoryLedger, Refused
from cache.ledger_socket import SocketLedger, answer_ledger
from tests.testkit.peers import joined_peers

pytestmark = pytest.mark.anyio


class _Broken:
    async def reserve(self, key: str, units: int = 1, *, limit: int) -> Lease | Refused:
        raise LedgerUnavailable("the disk is full")


async def _join(stack: AsyncExitStack, ledger: Ledger) -> SocketLedger:
    async def answer(name: str, arguments: Mapping[str, Any]) -> Any:
        return await answer_ledger(ledger, arguments)

    worker, _ = await stack.enter_async_context(joined_peers(theirs=answer))
    return SocketLedger(worker)


async def test_workers_share_the_cap() -> None:
    """Eight workers that ask at the same time get the day's units, and not one more."""
    ledger = MemoryLedger()
    async with AsyncExitStack() as stack:
        workers = [await _join(stack, ledger) for _ in range(8)]
        asked = [worker.reserve("dukcapil", limit=50) for worker in workers for _ in range(10)]
        answers = await asyncio.gather(*asked)
    assert sum(isinstance(each, Lease) for each in answers) == 50
    assert ledger.used("dukcapil") == 50


async def test_answers_are_those_of_the_ledger() -> None:
    """Lease and refusal arrive whole."""
    ledger = MemoryLedger()
    async with AsyncExitStack() as stack:
        worker = await _join(stack, ledger)
        got = [await worker.reserve("k", 3, limit=5), await worker.reserve("k", 3, limit=5)]
    direct = MemoryLedger()
    assert got == [await direct.reserve("k", 3, limit=5), await direct.reserve("k", 3, limit=5)]


async def test_a_broken_ledger_is_told() -> None:
    """The worker's sources refuse as if the ledger were its own."""
    async with AsyncExitStack() as stack:
        worker = await _join(stack, _Broken())
        with pytest.raises(LedgerUnavailable, match="disk is full"):
            await worker.reserve("k", limit=1)


async def test_without_the_parent_nothing_is_counted() -> None:
    """A worker whose parent is gone takes no unit."""
    async with AsyncExitStack() as stack:
        worker = await _join(stack, MemoryLedger())
    with pytest.raises(LedgerUnavailable):
        await worker.reserve("k", limit=1)
