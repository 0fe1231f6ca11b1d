"""All that changes while one operation is executed. One owner: the walk of the plan.

In: created empty per execution. Out: the merged data, the accounts of fetches by their id, the
explained nulls. Data is plain JSON (dicts and lists) by the client's response names plus the
plan's internal ones; projection strips what was not asked.
"""

from __future__ import annotations

from typing import Any

import msgspec

from gateway.executor.state.account import FetchAccount
from gateway.executor.state.answer_error import AnswerError
from gateway.executor.state.explained import ExplainedNulls

__all__ = ["ExecutionState"]


class ExecutionState(msgspec.Struct):
    """One execution's mutable state. Made per request, so a struct."""

    fetches_left: int
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    accounts: dict[int, FetchAccount] = msgspec.field(default_factory=dict)
    consequences: dict[int, tuple[AnswerError, ...]] = msgspec.field(
        default_factory=dict
    )  # by fetch
    explained: ExplainedNulls = msgspec.field(default_factory=ExplainedNulls)

    def take_fetch(self) -> bool:
        """Count one fetch against the limit; tell whether it may be sent."""
        if self.fetches_left <= 0:
            return False
        self.fetches_left -= 1
        return True

    def errors_in_plan_order(self) -> list[AnswerError]:
        """List the errors of all fetches.

        What only follows from an error that is told at the same place is left out.
        """
        if not self.consequences and not any(each.errors for each in self.accounts.values()):
            return []
        errors: list[AnswerError] = []
        told: set[tuple[object, ...]] = set()
        for fetch_id in sorted(self.accounts.keys() | self.consequences.keys()):
            account = self.accounts.get(fetch_id)
            own = () if account is None else account.errors
            told.update((error.path, error.code, error.subgraph) for error in own)
            errors.extend(own)
            errors.extend(
                error
                for error in self.consequences.get(fetch_id, ())
                if (error.path, error.code, error.subgraph) not in told
            )
        return errors

    def accounts_in_plan_order(self) -> list[FetchAccount]:
        """List the accounts by fetch id, whatever order the answers came in."""
        return [self.accounts[fetch_id] for fetch_id in sorted(self.accounts)]
