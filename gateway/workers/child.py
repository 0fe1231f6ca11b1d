"""One worker as its parent sees it: a process, and a socket to ask it over.

In: orders, a listening socket, and what the parent counts for all. Out: a process that serves, its
counts, its memory. What it held of shared places is free again when its socket ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from cache.errors import PeerLost
from cache.ledger import Ledger
from cache.ledger_socket import answer_ledger
from cache.peer import LINE_BYTES, Peer
from gateway.graph_choice import StartError
from gateway.workers.counts import Family
from gateway.workers.order import WorkerOrder
from gateway.workers.places import HeldPlaces, PlaceTable

__all__ = ["Child"]

_KILL_AFTER = 5.0  # seconds beyond the graceful time
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Child:
    """One worker; built, then started, then ended, once."""

    def __init__(
        self, order: WorkerOrder, listener: socket.socket, ledger: Ledger, table: PlaceTable
    ) -> None:
        self._order = order
        self._listener = listener
        self._ledger = ledger
        self._held = HeldPlaces(table)
        self._process: Process | None = None
        self._peer: Peer | None = None
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watching: asyncio.Task[None] | None = None
        self._started = time.monotonic()
        self._ended = 0.0  # 0: it runs
        self.left = asyncio.Event()  # it ended, or another has taken its slot
        self.last_counts: list[Family] = []  # as it last told them

    async def start(self) -> None:
        """Start the process, and wait until it serves; raises ``StartError``."""
        ours, theirs = socket.socketpair()
        with theirs:
            order = msgspec.structs.replace(
                self._order, listener=self._listener.fileno(), channel=theirs.fileno()
            )
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "gateway.workers.worker", msgspec.json.encode(order)),
                pass_fds=(order.listener, order.channel),
                start_new_session=True,  # the terminal's signals are for the parent
            )
        streams = await asyncio.open_connection(sock=ours, limit=LINE_BYTES)
        self._peer = Peer(*streams, self._answer)
        self._watching = asyncio.ensure_future(self._watch(self._process, self._peer))
        await self._ready

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.returncode if self._process else None

    @property
    def lifetime(self) -> float:
        """Seconds from its start to its end, or to now."""
        return (self._ended or time.monotonic()) - self._started

    @property
    def memory(self) -> int:
        """Bytes of memory that it holds; 0 if it is gone."""
        try:
            assert self._process is not None
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except OSError:
            return 0
        return int(pages) * _PAGE

    async def count(self) -> list[Family]:
        """Ask for its counts; those that it last told if it is gone."""
        told = await self._ask("counts")
        if told is not None:
            self.last_counts = msgspec.convert(told, list[Family])
        return self.last_counts

    async def tell_sources(self) -> Mapping[str, Mapping[str, Any]]:
        """Ask how its sources fare."""
        return await self._ask("sources") or {}

    def drain(self) -> None:
        """Let it end behind the answers under way."""
        if self._peer is not None:
            self._peer.tell("drain")

    def end(self) -> None:
        """Let it end soon."""
        self._signal(signal.SIGTERM)

    async def wait(self, graceful_seconds: float) -> None:
        """Wait until it has ended; kill it if it does not in time."""
        if self._watching is None:
            return
        done, _ = await asyncio.wait({self._watching}, timeout=graceful_seconds + _KILL_AFTER)
        if not done:
            self._signal(signal.SIGKILL)
            await self._watching

    async def _ask(self, name: str) -> Any:
        if self._peer is None:
            return None
        try:
            return await self._peer.call(name)
        except PeerLost:
            return None

    async def _answer(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Answer the worker."""
        match name:
            case "reserve":
                return await answer_ledger(self._ledger, arguments)
            case "enter":
                return await self._held.enter(arguments)
            case "leave":
                self._held.leave(arguments)
            case "ready":
                self._settle(None)
            case "failed":
                self._settle(StartError(arguments["reason"]))
            case "counts":
                self.last_counts = msgspec.convert(arguments["families"], list[Family])
            case _:
                raise AssertionError(f"a worker asks for {name}, which the parent does not know")
        return None

    async def _watch(self, process: Process, peer: Peer) -> None:
        """Stay with it to its end."""
        await peer.run()
        self._held.end()
        await process.wait()
        self._ended = time.monotonic()
        self._settle(StartError("a worker ended before it served; its lines in the log say why"))
        self.left.set()

    def _settle(self, error: StartError | None) -> None:
        if self._ready.done():
            return
        if error is None:
            self._ready.set_result(None)
        else:
            self._ready.set_exception(error)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
