"""What can be said of the sources of one execution, said only where somebody asks.

In: the accounts of all fetches, and what projection found. Out: the completeness statement and the
list of source calls. Most requests ask for neither, and making both costs as much as merging a
small answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from adapters.contract import Path, SourceStatus
from gateway.executor.state.account import FetchAccount
from gateway.executor.state.completeness import (
    DeniedField,
    add_up_sources,
    render_completeness,
    render_source_calls,
)

__all__ = ["SourceUse", "Statement"]

SourceUse: TypeAlias = tuple[str, str, int, int]
"""A source, its status, its fetches in the plan, and its calls on the wire."""


class Statement(msgspec.Struct, frozen=True, gc=False):
    """Built per request, so a struct."""

    accounts: Sequence[FetchAccount]  # in the order of the plan
    denied: Sequence[DeniedField]
    defects: Mapping[str, Sequence[Path]]  # found while projecting, by subgraph
    now: Callable[[], datetime]
    is_whole: bool  # False: projection had to leave out something that a source did answer

    def completeness(self) -> dict[str, Any]:
        """Say of every source what it did; nobody may change what this gives."""
        return render_completeness(
            self.accounts, self.denied, self.defects, self.now(), is_whole=self.is_whole
        )

    def uses(self) -> tuple[tuple[SourceUse, ...], tuple[float, ...]]:
        """Give what each source did, and for how many seconds each was waited for."""
        totals, all_answered = add_up_sources(self.accounts)
        statuses: dict[str, str] = {}
        if self.denied or self.defects or not all_answered:
            statuses = {each["source"]: each["status"] for each in self.completeness()["sources"]}
        uses, waited = [], []
        for total in totals:
            source = total.source
            status = statuses.get(source, "") if statuses else SourceStatus.ANSWERED
            uses.append((source, status, total.fetches, total.calls))
            waited.append(total.seconds())
        return tuple(uses), tuple(waited)

    def source_calls(self) -> list[dict[str, Any]]:
        """List per source its fetches, its calls on the wire, and the time that it cost."""
        return render_source_calls(self.accounts)
