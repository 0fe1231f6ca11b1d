"""Brings the evidence to the disk every second, beside the answers.

In: an open ``AuditLog``. Out: a context in which it is flushed, in a thread, as long as it lasts.
A disk that refuses is told in the log each time, and does not stop what serves: the records are
with the system, and no answer leaves without one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from gateway.audit.log import AuditLog

__all__ = ["flushing"]

logger = logging.getLogger("simpul.audit")

# What a power cut may take of the evidence, in seconds. Ten would spare nothing that is felt; a
# tenth would keep a slow disk busy with nothing else.
_SECONDS = 1.0


@asynccontextmanager
async def flushing(
    log: AuditLog, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[None]:
    """Flush ``log`` every second until the context ends."""

    async def flush_on() -> None:
        while True:
            await sleep(_SECONDS)
            try:
                await asyncio.to_thread(log.flush)
            except OSError as error:
                logger.error("the evidence is not on the disk: %s", error.strerror)

    async with asyncio.TaskGroup() as group:
        flushes = group.create_task(flush_on())
        try:
            yield
        finally:
            flushes.cancel()
