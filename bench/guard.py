"""What stands around a source, with nothing behind it: the cost of being guarded.

Out: microseconds of CPU per call of a guard whose source answers at once, by the way that the call
takes: the direct lane, the layers alone, and a flight that others might join.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from adapters.contract import CallBudget, CallContext
from adapters.resilience import SourceGuard

__all__ = ["run_guard"]

_CALLS = 20_000
_ROUNDS = 5  # of which the fastest counts: others use this machine too


async def run_guard() -> list[tuple[str, float]]:
    """Measure each way; gives (name, microseconds per call)."""
    guard, loop = SourceGuard("bench"), asyncio.get_running_loop()
    call = CallContext(deadline=loop.time() + 3600, budget=CallBudget(10**9))
    answered: asyncio.Future[str] = loop.create_future()
    answered.set_result("answer")
    attempt = _Answered(answered)
    rows = [
        ("direct lane", lambda: guard.ask(attempt, call, key=b"k")),
        ("layers, alone", lambda: guard.run(attempt.make, call)),
        ("layers, as a flight", lambda: guard.run(attempt.make, call, key=b"k")),
    ]
    return [(name, await _measure(ask)) for name, ask in rows]


@dataclass(frozen=True, slots=True)
class _Answered:
    """An attempt whose answer is there already; satisfies ``contract.Attempt``."""

    answer: asyncio.Future[str]

    def begin(self, deadline: float) -> asyncio.Future[str]:
        return self.answer

    def divert(self, deadline: float) -> asyncio.Future[str]:
        raise AssertionError("nobody joins what is answered")

    def abandon(self) -> None:
        raise AssertionError("nobody leaves")

    def read(self, answer: Any) -> Any:
        return answer

    async def mend(self, error: Exception, seconds: float) -> str:
        raise error

    async def make(self, seconds: float | None) -> str:
        return "answer"


async def _measure(ask: Callable[[], Awaitable[object]]) -> float:
    return min([await _round(ask) for _ in range(_ROUNDS)])


async def _round(ask: Callable[[], Awaitable[object]]) -> float:
    started = time.process_time()
    for _ in range(_CALLS):
        await ask()
    return (time.process_time() - started) / _CALLS * 1e6
