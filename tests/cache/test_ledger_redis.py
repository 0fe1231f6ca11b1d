"""The ledger of several machines: one cap for all, and a refusal where it is out of reach."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, aclosing

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.resilience.guard import SourceGuard
from adapters.resilience.settings import GuardSettings
from cache.errors import FormUnknown, LedgerUnavailable
from cache.ledger import Lease, Refused
from cache.ledger_redis import RedisLedger
from cache.registry import open_ledger
from tests.testkit.valkey import running_valkey

pytestmark = pytest.mark.anyio


async def test_eight_machines_together_stay_within_the_cap(valkey_url: str) -> None:
    """They ask at the same time for more than there is, and get exactly what there is."""
    async with AsyncExitStack() as stack:
        machines = [
            await stack.enter_async_context(aclosing(RedisLedger(valkey_url))) for _ in range(8)
        ]
        answers = await asyncio.gather(*(_ask_often(each) for each in machines))
    granted = [answer for each in answers for answer in each if isinstance(answer, Lease)]
    assert sorted(lease.used for lease in granted) == [*range(3, 100, 3)]


async def _ask_often(ledger: RedisLedger) -> list[Lease | Refused]:
    """Ask one after another: what is in question are the machines, not a machine's connections."""
    return [await ledger.reserve("dukcapil", 3, limit=100) for _ in range(10)]


async def test_out_of_reach_it_refuses_and_rests() -> None:
    """A server that is gone is an error at once, and is not asked again for a second."""
    now = [0.0]
    with running_valkey() as server:
        url = server.connection_url
        async with aclosing(RedisLedger(url, monotonic=lambda: now[0])) as ledger:
            assert isinstance(await ledger.reserve("a", limit=1), Lease)
            server.stop()
            with pytest.raises(LedgerUnavailable, match="does not answer"):
                await ledger.reserve("a", limit=1)
            with pytest.raises(LedgerUnavailable, match="did not answer just now"):
                await ledger.reserve("a", limit=1)
            now[0] = 1.5
            with pytest.raises(LedgerUnavailable, match="does not answer"):
                await ledger.reserve("a", limit=1)


async def test_a_capped_source_is_not_asked_without_its_ledger() -> None:
    """Better no answer than a suspended agreement; the source with no quota does not care."""

    async def answer(_: float | None) -> str:
        return "answer"

    async with aclosing(RedisLedger("redis://127.0.0.1:9/0")) as ledger:
        capped = SourceGuard("a", GuardSettings(quota_per_day=9, retries=0), ledger=ledger)
        free = SourceGuard("b", ledger=ledger)
        refused = await capped.run(answer, CallContext())
        assert refused.calls == 0
        assert refused.error is not None
        assert refused.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
        assert (await free.run(answer, CallContext())).value == "answer"


async def test_the_address_chooses_the_form(valkey_url: str) -> None:
    """What no form speaks is told with what there is, and without the address."""
    async with open_ledger(valkey_url) as ledger:
        assert isinstance(await ledger.reserve("a", limit=1), Lease)
    with pytest.raises(FormUnknown, match=r'"amqp://": write redis://'):
        async with open_ledger("amqp://rahasia@127.0.0.1"):
            pass
