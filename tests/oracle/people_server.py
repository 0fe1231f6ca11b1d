"""The adapter of the kit's own tests, served alone in a process of its own.

In: nothing. Out: ``READY url`` on stdout, then answers until it is terminated. Its people have NIKs
beyond 2^53: whoever reads them as floating numbers on the way gives one person for another.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

from gateway.app import run_forever, serve_gateway
from gateway.config.model import Config, SubgraphSettings
from gateway.standalone import AloneExecutor
from gateway.upstreams import OpenedGraph, Shared, Upstreams
from schema.composition.composer import compose_alone
from schema.subgraph.model import SubgraphSource
from tests.testkit.people_adapter import SDL, Table, build

__all__ = ["LINKED_SDL", "NIKS"]

NIKS = ("9471010101900001", "9471010101900002", "9471010101900003")  # of Papua; 2^53 is 9.007e15
LINKED_SDL = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", '
    'import: ["@key" "@requires" "@external"])\n'
    + SDL.replace("type Subscription { kabar: Surat }\n", "").replace(
        '@requires(fields: "nama lahir")', ""
    )
)


async def _open(config: Config, shared: Shared) -> OpenedGraph:
    people = {nik: {"nama": f"nama {nik[-1]}", "umur": int(nik[-1])} for nik in NIKS}
    composed = compose_alone(SubgraphSource("orang", "", LINKED_SDL))
    executor = AloneExecutor(build(Table(people=people)), LINKED_SDL)
    return OpenedGraph(composed, Upstreams({"orang": executor}, {}, AsyncExitStack()))


def main() -> None:
    """Serve until the process is told to end."""
    config = Config(subgraphs={"orang": SubgraphSettings(adapter="orang")})
    run_forever(
        serve_gateway(
            lambda: config,
            host="127.0.0.1",
            port=0,
            on_ready=lambda url: print(f"READY {url}/graphql", flush=True),
            open_graph=_open,
        )
    )


if __name__ == "__main__":
    main()
