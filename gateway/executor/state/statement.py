"""What can be said of the sources of one execution, said only where somebody asks.

In: the accounts of all fetches, and what projection found. Out: the completeness statement and the
list of source calls. Most requests ask for neither, and making both costs as much as merging a
small answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from adapters.contract import Path
from gateway.executor.state.account import FetchAccount
from gateway.executor.state.completeness import (
    DeniedField,
    SourceTotal,
    add_up_sources,
    have_answered,
    render_completeness,
    render_source_calls,
)

__all__ = ["Statement"]


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

    def statuses(self) -> dict[str, str] | None:
        """Give each source's status by its name; None: every source answered, and in full."""
        if not (self.denied or self.defects) and have_answered(self.accounts):
            return None
        return {each["source"]: each["status"] for each in self.completeness()["sources"]}

    def totals(self) -> list[SourceTotal]:
        """Give per source its fetches, its calls on the wire, and when it was waited for."""
        return add_up_sources(self.accounts)

    def source_calls(self) -> list[dict[str, Any]]:
        """List per source its fetches, its calls on the wire, and the time that it cost."""
        return render_source_calls(self.accounts)
