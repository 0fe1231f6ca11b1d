"""One process of a crash run: serves clients until it dies, or until nobody wants anything.

In: the clients as they stand, and a death. Out: one line on a pipe for each answer, written when it
has left; and an end by SIGKILL, or by status 0.
"""

from __future__ import annotations

import asyncio
import gc
import os
import traceback
from collections.abc import Iterator, Sequence

import msgspec

from tests.crash.counter import Place, Served, open_served
from tests.crash.lives import Client, Told, query_of
from tests.crash.points import Death, Doomed

__all__ = ["fork_worker", "read_told"]

_AT_ONCE = 3  # clients that are served at a time


def fork_worker(place: Place, clients: Sequence[Client], name: str, death: Death | None) -> int:
    """Start a process, and give the pipe on which it tells; the caller waits for its end."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return reading
    status = 1
    try:
        os.close(reading)
        gc.disable()  # it would copy the parent's pages, object by object
        asyncio.run(_serve(place, clients, name, death, writing))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)  # whatever the parent had open is not the child's to close


def read_told(pipe: int) -> Iterator[Told]:
    """Read until the process has ended; a line is whole, as the pipe takes it at once."""
    with os.fdopen(pipe, "rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=Told)


async def _serve(
    place: Place, clients: Sequence[Client], name: str, death: Death | None, pipe: int
) -> None:
    waiting = iter(clients)
    async with open_served(place, Doomed(death)) as served:

        async def serve_next() -> None:
            for client in waiting:
                await _live(served, client, name, pipe)

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(serve_next())


async def _live(served: Served, client: Client, name: str, pipe: int) -> None:
    """Lead a client to the end of its life."""
    while (move := client.move) is not None:
        attempt = f"{client.name}/{client.place}/{name}"
        answer = await served.ask(move.caller, query_of(move), client.variables(move), attempt)
        found, refused = answer["permohonan"] or {}, answer["penolakan"]
        told = Told(
            client.name,
            client.place,
            attempt,
            found.get("nomor"),
            found.get("versi", 0),
            found.get("sidikDraf"),
            refused["kode"] if refused else None,
        )
        os.write(pipe, msgspec.json.encode(told) + b"\n")
        client.hear(told)
