"""One of several processes that serve the same address, from inside.

In: ``WorkerOrder`` as the process's argument, two inherited sockets. Out: a served gateway whose
quotas and places the parent counts. It ends on SIGTERM, when the parent tells it to drain, and when
the parent is gone. SIGHUP is the parent's business.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import msgspec

from cache.ledger_socket import SocketLedger
from cache.peer import Peer
from gateway.app import Gateway, build_app, clock_of, open_gateway, run_forever
from gateway.graph_choice import StartError
from gateway.server.log import configure_logging
from gateway.server.serving import Server, build_server
from gateway.server.settings import build_edge_settings
from gateway.upstreams import Shared, build_http_client
from gateway.workers.counts import read_families
from gateway.workers.order import WorkerOrder
from gateway.workers.places import SocketPlaces

__all__ = ["main"]


def main() -> None:
    """Run one worker."""
    order = msgspec.json.decode(sys.argv[1], type=WorkerOrder)
    configure_logging(order.log_format, level=order.log_level)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    run_forever(_work(order))


async def _work(order: WorkerOrder) -> None:
    inside = _Inside()
    streams = await asyncio.open_connection(sock=socket.socket(fileno=order.channel))
    peer = Peer(*streams, inside.answer)
    listening = asyncio.ensure_future(peer.run())
    listening.add_done_callback(lambda _: inside.stop())
    try:
        await _serve(order, peer, inside)
    except StartError as error:
        peer.tell("failed", reason=str(error))
    finally:
        await peer.drain()
        peer.close()
        await listening


async def _serve(order: WorkerOrder, peer: Peer, inside: _Inside) -> None:
    config = order.graph.read()
    shared = Shared(
        build_http_client(config, order.workers),
        SocketLedger(peer),
        clock_of(config),
        SocketPlaces(peer),
        order.workers,
    )
    edge = build_edge_settings(config.limits)
    async with AsyncExitStack() as stack:
        gateway, pipeline = await open_gateway(stack, order.graph.read, config, shared)
        inside.server = build_server(
            build_app(gateway, pipeline, config, edge), edge, on_ready=lambda _: peer.tell("ready")
        )
        inside.gateway = gateway
        if peer.is_lost:
            return
        await inside.server.serve(sockets=[socket.socket(fileno=order.listener)])
        peer.tell("counts", families=msgspec.to_builtins(inside.counts()))


class _Inside:
    """What the parent may ask of a worker."""

    def __init__(self) -> None:
        self.gateway: Gateway | None = None
        self.server: Server | None = None

    async def answer(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Answer the parent."""
        match name:
            case "counts":
                return self.counts()
            case "sources":
                return await self.gateway.tell_sources() if self.gateway else {}
            case "drain":
                if self.server is not None:
                    await self.server.drain()
            case _:
                raise AssertionError(f"the parent asks for {name}, which no worker knows")
        return None

    def counts(self) -> list[Any]:
        """Give all counts."""
        return list(read_families(self.gateway.collect_metrics())) if self.gateway else []

    def stop(self) -> None:
        """Stop serving: the parent is gone, or has closed the channel."""
        if self.server is not None:
            self.server.should_exit = True


if __name__ == "__main__":
    main()
