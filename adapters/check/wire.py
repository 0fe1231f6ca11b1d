"""What a check sees of an adapter's calls to its sources, and does to them.

In: two hooks, one before each call and one on what it gave. Out: ``Wire`` counts; ``CheckOpening``
is what an adapter is opened with: each source's guard is a real one, which runs the hooks where the
wire would be. So a source that hangs, refuses or lies is the same for a database, a service or a
table in memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from adapters.contract import Attempt, CallContext, Guarded
from adapters.kit.adapter import GuardOptions, Opening
from adapters.resilience.guard import SourceGuard

__all__ = ["CALLER", "CheckOpening", "Wire"]

T = TypeVar("T")

CALLER = "simpul-adapter-check"
"""Who asks in a check; what an adapter does in its own name is not counted as his."""


async def _at_once(number: int) -> None:
    return


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(slots=True)
class Wire:
    """The calls of one opened adapter, and the hooks that a check put in their way."""

    before: Callable[[int], Awaitable[None]] = _at_once  # the number of the call, from 0; may raise
    after: Callable[[Any], Any] = _as_it_is  # what a call gave, to what the adapter is told
    limits: Mapping[str, Any] = field(default_factory=dict)  # of every guard, over its settings
    calls: int = 0  # that the checks' caller caused
    running: int = 0
    peak: int = 0  # the most that ran at the same time
    guards: list[str] = field(default_factory=list)  # the names of the guarded sources

    async def attempt(
        self, ask: Callable[[float | None], Awaitable[T]], call: CallContext, seconds: float | None
    ) -> T:
        """Run the hooks around one call."""
        number = self.calls
        self.calls += call.caller == CALLER
        self.running += 1
        self.peak = max(self.peak, self.running)
        try:
            await self.before(number)
            value: T = self.after(await ask(seconds))
            return value
        finally:
            self.running -= 1


class _WatchedGuard(SourceGuard):
    """A guard whose attempts run through a ``Wire``."""

    wire: Wire

    async def ask(
        self,
        attempt: Attempt[T],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Ask through the layers, never in the caller's coroutine: there the wire is out of sight.

        It means the same (docs/decisions/0007-direct-lane.md).
        """
        return await self.run(attempt.make, call, key=key, read=read, units=units)

    async def run(
        self,
        attempt: Callable[[float | None], Awaitable[T]],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Run ``attempt`` through the wire, behind all layers."""

        async def watched(seconds: float | None) -> T:
            return await self.wire.attempt(attempt, call, seconds)

        return await SourceGuard.run(self, watched, call, key=key, read=read, units=units)


@dataclass(frozen=True, slots=True)
class CheckOpening(Opening):
    """What an adapter under check is opened with."""

    wire: Wire = field(default_factory=Wire)

    def new_guard(self, name: str, options: GuardOptions, **defaults: Any) -> SourceGuard:
        """Make a guard whose attempts run through the wire."""
        settings = replace(self.guard_settings(options, **defaults), **self.wire.limits)
        guard = _WatchedGuard(name, settings, ledger=self.ledger)
        guard.wire = self.wire
        self.wire.guards.append(name)
        self.observed[name] = guard.status
        return guard
