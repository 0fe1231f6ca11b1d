"""An inbox whose process is killed around the commit of a push: what a crash leaves behind.

In: ``python -m tests.testkit.dying_inbox URL POINT``, a push on stdin. Out: SIGKILL at the named
point (``before`` or ``after`` the commit that stores the push), so never an acknowledgement.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from tests.testkit.inboxes import SECRET_HEADERS, open_inbox

__all__ = ["main"]


def main(url: str, point: str) -> None:
    """Take one push, and die."""
    asyncio.run(_take(url, point, sys.stdin.buffer.read()))


async def _take(url: str, point: str, body: bytes) -> None:
    async with open_inbox(url) as inbox:
        is_written: list[bool] = []

        def about_to_write(_: Any, __: Any, statement: str, *___: Any) -> None:
            if statement.startswith("INSERT INTO push "):
                is_written.append(True)

        def die(*_: Any) -> None:
            if is_written:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", about_to_write)
        event.listen(*((Engine, "commit") if point == "before" else (Pool, "checkin")), die)
        await inbox.receive(body, SECRET_HEADERS)


if __name__ == "__main__":
    main(*sys.argv[1:])
