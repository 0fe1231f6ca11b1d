"""What stands around every source: each file wraps from outside and knows one thing.

Reading order: ``guard`` (the order, written once), then in that order ``flight``, ``deadline``,
``retry``, ``breaker``, ``bulkhead``, ``quota``; ``settings`` holds the numbers, ``refusal`` the
errors of what never reached the wire.
"""

from adapters.resilience.guard import SourceGuard
from adapters.resilience.settings import GuardSettings

__all__ = ["GuardSettings", "SourceGuard"]
