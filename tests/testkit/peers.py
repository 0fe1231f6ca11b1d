"""Two peers joined by a socket, as a parent and its worker are."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cache.peer import AnswerPeer, Peer

__all__ = ["answer_nothing", "joined_peers"]


async def answer_nothing(name: str, arguments: object) -> None:
    """Answer null to everything."""


@asynccontextmanager
async def joined_peers(
    ours: AnswerPeer = answer_nothing, theirs: AnswerPeer = answer_nothing
) -> AsyncIterator[tuple[Peer, Peer]]:
    """Join two running peers; the first answers by ``ours``."""
    first, second = socket.socketpair()
    peers = [
        Peer(*await asyncio.open_connection(sock=end), answer)
        for end, answer in ((first, ours), (second, theirs))
    ]
    tasks = [asyncio.ensure_future(peer.run()) for peer in peers]
    try:
        yield peers[0], peers[1]
    finally:
        for peer in peers:
            peer.close()
        await asyncio.gather(*tasks)
