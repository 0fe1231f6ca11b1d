"""What one fetch did, kept for the completeness statement and the list of source calls.

In: written when a fetch ends. Out: read by ``completeness``. A fetch that had nothing to ask (no
representation) leaves no account: its source was not asked.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from adapters.contract import SourceReport, Span
from gateway.executor.state.answer_error import AnswerError

__all__ = ["FetchAccount"]


class FetchAccount(msgspec.Struct, frozen=True, gc=False):
    """One fetch that was sent, or refused before it was sent. Made per fetch, so a struct."""

    fetch_id: int
    subgraph: str
    errors: tuple[AnswerError, ...] = ()  # with client paths
    reports: tuple[SourceReport, ...] = ()  # empty: the subgraph is its own source
    defects: int = 0  # values that came unreadable
    has_data: bool = True  # False: nothing came back
    as_of: datetime | None = None
    was_sent: bool = True
    span: Span | None = None  # None: nothing was waited for
