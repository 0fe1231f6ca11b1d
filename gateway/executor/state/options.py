"""How one execution is run: limits, what the client may see, and who is told of bugs.

In: set by the pipeline from the configuration and the request. Out: read at the fetch border and
where errors are rendered.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from adapters.resilience.deadline import Deadlines, loop_clock

__all__ = ["ExecutionOptions"]

_LOGGER = logging.getLogger("simpul.executor")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _log_bug(subgraph: str, error_id: str, bug: Exception) -> None:
    """Log where an executor broke; never the exception's text, which may quote a record."""
    _LOGGER.error(
        'executor of subgraph "%s" raised %s (error id %s)\n%s',
        subgraph,
        type(bug).__name__,
        error_id,
        "".join(traceback.format_tb(bug.__traceback__)),
    )


class ExecutionOptions(msgspec.Struct, frozen=True, gc=False):
    """The settings of one execution. Built per request, so a struct."""

    max_fetches: int = 50  # fetches sent to subgraphs; those beyond it are refused
    show_upstream_messages: bool = False  # else a fixed English text per code
    error_id: str = ""  # joins answer and log; "" leaves it out
    now: Callable[[], datetime] = _utc_now  # for ageSeconds
    # Cuts fetches that outlast the operation: the process has one, and so one timer.
    deadlines: Deadlines = msgspec.field(default_factory=lambda: Deadlines("operation"))
    batched: frozenset[str] = frozenset()  # subgraphs whose entity fetches may share a request
    on_bug: Callable[[str, str, Exception], None] = _log_bug  # subgraph, error id, exception
    punctual: frozenset[str] = frozenset()  # subgraphs whose executor keeps deadlines itself
    clock: Callable[[], float] = loop_clock  # the running loop's
