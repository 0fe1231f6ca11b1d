"""Until when a call may take, and the cut for attempts that do not keep to it.

In: the source's time-out and the caller's deadline. Out: the earlier of the two, as seconds for
each attempt. An attempt is expected to keep to its seconds; one that does not is cancelled a
little later. All attempts of a guard share one timer: ``asyncio.timeout`` for each would cost
half as much as the call itself.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import TypeVar

from adapters.errors import SourceTimeout

__all__ = ["Deadlines", "loop_clock"]

T = TypeVar("T")

# So that a source's own time-out, which can say more, comes first.
_GRACE_SECONDS = 0.05


def loop_clock() -> float:
    """Read the running loop's clock, in which all deadlines are given."""
    return asyncio.get_running_loop().time()


class Deadlines:
    """Cuts attempts that overrun; one timer, set to the earliest end."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._ends: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._wakes_at = math.inf  # when the timer is due

    async def limit(self, attempt: Callable[[float | None], Awaitable[T]], seconds: float) -> T:
        """Make ``attempt(seconds)``; raises ``SourceTimeout`` if it takes longer.

        A task is in at most one attempt of a guard at a time.
        """
        task = asyncio.current_task()
        assert task is not None
        cancelling = task.cancelling()
        end = asyncio.get_running_loop().time() + seconds + _GRACE_SECONDS
        self._ends[task] = end
        if end < self._wakes_at:
            self._set_timer(end)
        try:
            return await attempt(seconds)
        except asyncio.CancelledError as error:
            if self._was_cut(task) and task.uncancel() <= cancelling:
                text = f'source "{self._source}" did not answer within {seconds:.1f} s'
                raise SourceTimeout(text) from error
            raise
        finally:
            self._ends.pop(task, None)
            if self._late and self._was_cut(task):
                task.uncancel()  # the attempt turned our cut into an outcome of its own

    def _was_cut(self, task: asyncio.Task[object]) -> bool:
        """Tell whether our timer cancelled the task, once."""
        if task not in self._late:
            return False
        self._late.discard(task)
        return True

    def _set_timer(self, end: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._wakes_at = end
        self._timer = asyncio.get_running_loop().call_at(end, self._sweep)

    def _sweep(self) -> None:
        self._timer, self._wakes_at = None, math.inf
        now = asyncio.get_running_loop().time() + 0.001  # the clock may be coarser than the timer
        for task, end in tuple(self._ends.items()):
            if end <= now:
                del self._ends[task]
                self._late.add(task)
                task.cancel()
        if self._ends:
            self._set_timer(min(self._ends.values()))
