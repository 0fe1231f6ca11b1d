"""Calls that never reached the wire: not tried again, not held against the source.

SourceUnavailable
└── CallRefused             breaker open, no place in the queue, ledger out of reach, shutdown
    └── BudgetSpent         the operation has made all the calls that it may make
"""

from __future__ import annotations

from typing import ClassVar

from adapters.errors import SourceUnavailable

__all__ = ["BudgetSpent", "CallRefused"]


class CallRefused(SourceUnavailable):
    """We did not ask the source at all."""

    retryable: ClassVar[bool] = False
    counts: ClassVar[bool] = False


class BudgetSpent(CallRefused):
    """The operation's own limit of calls to sources is reached."""
