"""The places at scarce sources, counted by the parent for all its workers.

In: workers that enter and leave. Out: at most as many at a source as its cap says, the counter
before the citizen, whichever worker they ask. The places of a worker that is gone are free again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from adapters.contract import Priority
from adapters.errors import SourceTimeout
from adapters.resilience.bulkhead import Bulkhead
from adapters.resilience.refusal import CallRefused
from cache.errors import PeerLost
from cache.peer import Peer

__all__ = ["HeldPlaces", "PlaceTable", "SocketPlaces"]

_QUEUE = 100_000  # each worker's own bulkhead has a bounded line; here all of them meet


class PlaceTable:
    """The parent's side: a bulkhead for each source."""

    def __init__(self) -> None:
        self._bulkheads: dict[str, Bulkhead] = {}

    def bulkhead(self, source: str, limit: int) -> Bulkhead:
        """Give the source's bulkhead; its cap is that of who asked last."""
        bulkhead = self._bulkheads.get(source)
        if bulkhead is None:
            bulkhead = self._bulkheads[source] = Bulkhead(source, limit, _QUEUE)
        elif bulkhead.parallel != limit:
            bulkhead.resize(limit)
        return bulkhead

    def leave(self, source: str) -> None:
        """Give a place back."""
        self._bulkheads[source].leave()

    def busy(self) -> dict[str, int]:
        """Tell how many places of each source are taken."""
        return {source: bulkhead.busy for source, bulkhead in self._bulkheads.items()}


class HeldPlaces:
    """What one worker holds, at the parent."""

    def __init__(self, table: PlaceTable) -> None:
        self._table = table
        self._held: Counter[str] = Counter()

    async def enter(self, arguments: Mapping[str, Any]) -> str:
        """Take a place for the worker; "" or why not."""
        source, limit = arguments["source"], arguments["limit"]
        try:
            await self._table.bulkhead(source, limit).enter(
                Priority(arguments["priority"]), arguments["seconds"]
            )
        except SourceTimeout:
            return "late"
        except CallRefused:
            return "full"
        self._held[source] += 1
        return ""

    def leave(self, arguments: Mapping[str, Any]) -> None:
        """Give one of the worker's places back."""
        source = arguments["source"]
        if self._held[source]:
            self._held[source] -= 1
            self._table.leave(source)

    def end(self) -> None:
        """Give all its places back: the worker is gone."""
        for source, count in self._held.items():
            for _ in range(count):
                self._table.leave(source)
        self._held.clear()


class SocketPlaces:
    """A worker's side: asks the parent. Satisfies ``adapters.resilience.places.Places``."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._asking: set[asyncio.Task[str]] = set()

    async def enter(self, source: str, priority: Priority, *, limit: int, seconds: float) -> None:
        """Take one of ``limit`` places; raises ``CallRefused`` or ``SourceTimeout``."""
        asking = asyncio.ensure_future(self._ask(source, priority, limit, seconds))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        try:
            refused = await asyncio.shield(asking)
        except asyncio.CancelledError:
            asking.add_done_callback(lambda task: self._give_back(source, task))
            raise
        except PeerLost as error:
            text = f'the places at source "{source}" cannot be counted, so it is not asked'
            raise CallRefused(text) from error
        if refused == "late":
            raise SourceTimeout(f'no place at source "{source}" came free')
        if refused:
            raise CallRefused(f'too many calls wait for source "{source}"')

    def leave(self, source: str) -> None:
        """Give the place back."""
        self._peer.tell("leave", source=source)

    async def _ask(self, source: str, priority: Priority, limit: int, seconds: float) -> str:
        answer: str = await self._peer.call(
            "enter", source=source, priority=int(priority), limit=limit, seconds=seconds
        )
        return answer

    def _give_back(self, source: str, asking: asyncio.Task[str]) -> None:
        """Return the place that came for someone who no longer waits."""
        if not asking.cancelled() and asking.exception() is None and asking.result() == "":
            self.leave(source)
