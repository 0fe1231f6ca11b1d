"""Two processes that ask each other over one stream, many questions at a time.

In: a stream's two ends, and a function that answers the other side. Out: ``call``, which waits for
an answer, and ``tell``, which does not. A line is a JSON array: ``[id, name, arguments]`` asks,
``[id, value]`` answers, id 0 wants no answer. The other side's end ends all calls that wait.

Only between a parent and its own children, over a socket that nobody else can open: what comes in
is trusted.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from cache.errors import PeerLost

__all__ = ["AnswerPeer", "Peer"]

AnswerPeer = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""Answers a question of the other side, given its name and arguments."""

LINE_BYTES = 64_000_000  # the longest line: the counts of a worker are far shorter


class Peer:
    """One end. ``run`` must be running for answers to come."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: AnswerPeer
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._answer = answer
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last = 0
        self.is_lost = False

    async def run(self) -> None:
        """Answer and be answered until the other side ends; never raises for that."""
        try:
            while line := await self._reader.readline():
                self._take(msgspec.json.decode(line))
        except ConnectionError:
            pass
        finally:
            self._end()

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Ask, and wait for the answer; raises ``PeerLost``.

        Whoever stops waiting is not told of by the other side: its answer is dropped.
        """
        if self.is_lost:
            raise PeerLost(f'the other process is gone; it cannot be asked for "{name}"')
        self._last += 1
        number = self._last
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._write([number, name, arguments])
        try:
            return await future
        finally:
            self._waiting.pop(number, None)

    def tell(self, name: str, /, **arguments: Any) -> None:
        """Tell; nothing happens if the other side is gone."""
        if not self.is_lost:
            self._write([0, name, arguments])

    async def drain(self) -> None:
        """Wait until what was told is on its way."""
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    def close(self) -> None:
        """End the stream: the other side sees it, and so does ``run``."""
        self._writer.close()

    def _take(self, line: list[Any]) -> None:
        if len(line) == 2:
            future = self._waiting.get(line[0])
            if future is not None and not future.done():
                future.set_result(line[1])
            return
        task = asyncio.get_running_loop().create_task(self._reply(*line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reply(self, number: int, name: str, arguments: Mapping[str, Any]) -> None:
        value = await self._answer(name, arguments)
        if number and not self.is_lost:
            self._write([number, value])

    def _write(self, line: list[Any]) -> None:
        self._writer.write(msgspec.json.encode(line) + b"\n")

    def _end(self) -> None:
        self.is_lost = True
        self._writer.close()
        for task in self._tasks:
            task.cancel()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(PeerLost("the other process is gone"))
