"""The last gate before the wire: what an attempt costs is paid here, or it is not made.

In: units and who asks. Out: nothing, or the refusal. A source without a daily quota costs nothing
but a call of the operation's budget. The last units of a day may be kept for the counter, where a
citizen waits, and a purpose may have a quota of its own within the whole. A ledger that cannot be
reached refuses: better no answer than a suspended agreement.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from adapters.contract import CallContext, Priority
from adapters.errors import QuotaExhausted
from adapters.resilience.refusal import BudgetSpent, CallRefused
from adapters.resilience.settings import GuardSettings
from cache.errors import LedgerUnavailable
from cache.ledger import Lease, Ledger, Refused, jakarta_day

__all__ = ["Quota"]


class Quota:
    """The daily quota of one source."""

    def __init__(
        self,
        source: str,
        settings: GuardSettings,
        ledger: Ledger | None,
        clock: Callable[[], float] = time.time,  # the ledger's, which no demonstration stops
    ) -> None:
        if settings.quota_per_day is not None and ledger is None:
            raise ValueError(f'source "{source}" has a daily quota and no ledger to count it')
        self._source = source
        self._settings = settings
        self._ledger = ledger
        self._clock = clock
        self._key = settings.quota_key or source
        self._last: dict[str, Lease] = {}  # by purpose, "" is the whole: what was last told
        self.paid = 0  # units, by this process since it started

    async def pay(self, units: int, call: CallContext) -> None:
        """Pay for one attempt; raises ``BudgetSpent``, ``QuotaExhausted`` or ``CallRefused``.

        The budget goes first and gets its call back if the quota refuses.
        """
        if not call.budget.spend():
            raise BudgetSpent(
                f'the operation\'s limit of calls to sources is reached; source "{self._source}" '
                "was not asked: ask for less at once, or raise limits.source_calls"
            )
        try:
            await self._pay_quota(units, call)
        except (QuotaExhausted, CallRefused):
            call.budget.remaining += 1
            raise
        self.paid += units

    def tell_used(self) -> dict[str, Any]:
        """Tell the units of today that were used, by whichever process.

        Told is what the ledger said at our last payment, so nothing before the first of a day.
        """
        today = jakarta_day(self._clock())
        used = {purpose: lease.used for purpose, lease in self._last.items() if lease.day == today}
        told: dict[str, Any] = {"quota_used": used.pop("")} if "" in used else {}
        return told | ({"quota_used_by_purpose": used} if used else {})

    async def _pay_quota(self, units: int, call: CallContext) -> None:
        per_day = self._settings.quota_per_day
        if per_day is None or self._ledger is None:
            return
        # The purpose first: what it refuses costs the others nothing. If the whole refuses then,
        # the purpose has counted units too many, on a day on which there are no more.
        own = self._settings.quota_by_purpose.get(call.purpose or "")
        if own is not None:
            kept = f'for the purpose "{call.purpose}" '
            await self._reserve(call.purpose or "", units, own, kept)
        priority = self._settings.priority_of(call)
        if priority is Priority.COUNTER or not self._settings.quota_reserve:
            await self._reserve("", units, per_day, "")
        else:
            limit = per_day - self._settings.quota_reserve
            await self._reserve("", units, limit, "that is not kept for the counter ")

    async def _reserve(self, purpose: str, units: int, limit: int, which: str) -> None:
        assert self._ledger is not None
        key = f"{self._key}/{purpose}" if purpose else self._key
        try:
            answer = await self._ledger.reserve(key, units, limit=limit)
        except LedgerUnavailable as error:
            text = f'the quota of source "{self._source}" cannot be counted, so it is not asked'
            raise CallRefused(text) from error
        if isinstance(answer, Refused):
            raise QuotaExhausted(
                f"the day's quota {which}of {answer.limit} units for source "
                f'"{self._source}" is used up until {answer.resets_at.isoformat()}'
            )
        self._last[purpose] = answer
