"""The last gate before the wire: what an attempt costs is paid here, or it is not made.

In: units. Out: nothing, or the refusal. A source without a daily quota costs nothing but a call
of the operation's budget. A ledger that cannot be reached refuses: better no answer than a
suspended agreement.
"""

from __future__ import annotations

from adapters.contract import CallBudget
from adapters.errors import QuotaExhausted
from adapters.resilience.refusal import BudgetSpent, CallRefused
from cache.errors import LedgerUnavailable
from cache.ledger import Ledger, Refused

__all__ = ["Quota"]


class Quota:
    """The daily quota of one source."""

    def __init__(self, source: str, per_day: int | None, ledger: Ledger | None) -> None:
        if per_day is not None and ledger is None:
            raise ValueError(f'source "{source}" has a daily quota and no ledger to count it')
        self._source = source
        self._per_day = per_day
        self._ledger = ledger

    async def pay(self, units: int, budget: CallBudget) -> None:
        """Pay for one attempt; raises ``BudgetSpent``, ``QuotaExhausted`` or ``CallRefused``.

        The budget goes first and gets its call back if the quota refuses.
        """
        if not budget.spend():
            raise BudgetSpent(
                f'the operation\'s limit of calls to sources is reached; source "{self._source}" '
                "was not asked: ask for less at once, or raise limits.source_calls"
            )
        try:
            await self._reserve(units)
        except (QuotaExhausted, CallRefused):
            budget.remaining += 1
            raise

    async def _reserve(self, units: int) -> None:
        if self._per_day is None or self._ledger is None:
            return
        try:
            answer = await self._ledger.reserve(self._source, units, limit=self._per_day)
        except LedgerUnavailable as error:
            text = f'the quota of source "{self._source}" cannot be counted, so it is not asked'
            raise CallRefused(text) from error
        if isinstance(answer, Refused):
            raise QuotaExhausted(
                f'the day\'s quota of {answer.limit} units for source "{self._source}" is used '
                f"up until {answer.resets_at.isoformat()}"
            )
