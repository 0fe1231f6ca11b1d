"""`python -m demo proxy HOST:PORT`: a TCP proxy that can fail; modes are read from stdin."""

import argparse
import asyncio
import sys

from demo.faults.tcp_proxy import ProxyMode, TcpProxy

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("target", help="HOST:PORT of the server behind it")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")


def run(options: argparse.Namespace) -> int:
    """Serve until stdin ends."""
    host, _, port = options.target.rpartition(":")
    asyncio.run(_serve(TcpProxy(host or "127.0.0.1", int(port), options.port)))
    return 0


async def _serve(proxy: TcpProxy) -> None:
    await proxy.start()
    print(f"READY 127.0.0.1:{proxy.port}", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            await proxy.switch(ProxyMode(line.strip()))
        except ValueError:
            print(f"modes are {', '.join(ProxyMode)}", flush=True)
        else:
            print(f"MODE {proxy.mode}", flush=True)
    await proxy.close()
