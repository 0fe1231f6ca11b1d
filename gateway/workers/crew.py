"""Starts workers, replaces those that die, changes all of them one by one, ends them.

In: orders and a listening socket. Out: the workers that serve it. A worker that ends by itself is
followed by another; one that cannot start is tried again ever more rarely. A change of all of them
(``roll``) starts each successor before it lets the former go, so that the address is always served,
and stops at the first that cannot start: what served before goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from gateway.graph_choice import StartError
from gateway.workers.child import Child
from gateway.workers.counts import Family, sum_families

__all__ = ["Crew"]

logger = logging.getLogger("simpul.workers")

_LONGEST_PAUSE = 10.0  # seconds between two tries to start a worker that dies at once
_FIRST_PAUSE = 0.1
_SOUND_AFTER = 10.0  # a worker that served so long may be followed at once


class Crew:
    """The workers of one address; slot numbers begin at 1."""

    def __init__(self, count: int, hire: Callable[[], Child], *, graceful_seconds: float) -> None:
        self._hire = hire
        self._graceful_seconds = graceful_seconds
        self._members: dict[int, Child] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._lasting: list[Family] = []  # what workers counted that are gone
        self._stopping = asyncio.Event()
        self._changing = {slot: asyncio.Lock() for slot in range(1, count + 1)}
        self.starts: dict[int, int] = {}  # of each slot

    @property
    def members(self) -> dict[int, Child]:
        """The workers that serve now, by slot."""
        return dict(sorted(self._members.items()))

    async def start(self) -> None:
        """Start all at the same time; raises ``StartError`` if one cannot start."""
        starting = map(self._start, self._changing)
        started = await asyncio.gather(*starting, return_exceptions=True)
        failures = [each for each in started if isinstance(each, BaseException)]
        if failures:
            await self.stop()
            raise failures[0]

    async def keep(self, slot: int) -> None:
        """See to it that somebody serves in a slot, until ``stop``."""
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            member = self._members[slot]
            await member.left.wait()
            async with self._changing[slot]:
                if self._stopping.is_set() or self._members[slot] is not member:
                    continue
                pause = await self._follow(slot, member, pause)

    async def _follow(self, slot: int, member: Child, pause: float) -> float:
        """Replace a worker that ended by itself; gives the pause before the next try."""
        logger.error("worker %d ended with status %s; another follows", slot, member.status)
        pause = _FIRST_PAUSE if member.lifetime >= _SOUND_AFTER else pause
        await asyncio.sleep(pause)
        try:
            await self._start(slot)
        except StartError as error:
            logger.error("worker %d cannot start: %s", slot, error)
        return min(2 * pause, _LONGEST_PAUSE)

    async def roll(self) -> None:
        """Give every slot a new worker, which reads configuration and schemas again."""
        for slot, changing in self._changing.items():
            async with changing:
                if self._stopping.is_set():
                    return
                former = self._members[slot]
                try:
                    await self._start(slot)
                except StartError as error:
                    logger.error("not reloaded: %s", error)
                    return
                self._let_go(former)
        logger.info("reloaded by %d new workers", len(self._changing))

    async def stop(self) -> None:
        """End all workers; those that do not end in time are killed."""
        self._stopping.set()
        for member in self._members.values():
            member.end()
        await asyncio.gather(
            *(member.wait(self._graceful_seconds) for member in self._members.values()),
            *self._leaving,
        )

    async def count(self) -> list[Family]:
        """Give the counts of all workers, and of those that are gone."""
        members = list(self._members.values())
        asked = await asyncio.gather(*(member.count() for member in members))
        return sum_families([self._lasting, *asked])

    async def _start(self, slot: int) -> None:
        """Put a new worker into a slot once it serves; raises ``StartError``."""
        child = self._hire()
        await child.start()
        if self._stopping.is_set():
            child.end()
        former = self._members.get(slot)
        self._members[slot] = child
        self.starts[slot] = self.starts.get(slot, 0) + 1
        count, megabytes = self.starts[slot], child.memory // 1_000_000
        logger.info("worker %d serves (start %d, %d MB)", slot, count, megabytes)
        if former is not None:
            former.left.set()
            if former.status is not None:
                self._remember(former)

    def _let_go(self, former: Child) -> None:
        task = asyncio.ensure_future(self._drain(former))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _drain(self, former: Child) -> None:
        former.drain()
        await former.wait(self._graceful_seconds)
        self._remember(former)

    def _remember(self, gone: Child) -> None:
        lasting = [family for family in gone.last_counts if family.is_lasting]
        self._lasting = sum_families([self._lasting, lasting])
