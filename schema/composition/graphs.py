"""The subgraphs' names in a supergraph.

In: the subgraphs. Out: ``Graph`` values with the enum values that stand for them in SDL, and
INVALID_SUBGRAPH_NAME where a name is reserved or used twice. Enum values are the names in upper
case with everything else than letters and digits as ``_``; where two collide, they are numbered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from schema.errors import CompositionError
from schema.subgraph.model import Subgraph, SubgraphSource
from schema.supergraph.model import Graph

__all__ = ["build_graphs", "check_names"]

_RESERVED = "_"


def check_names(sources: Sequence[SubgraphSource]) -> Iterator[CompositionError]:
    """Report names that cannot be used."""
    for name, count in Counter(source.name for source in sources).items():
        if name in ("", _RESERVED):
            yield CompositionError(
                "INVALID_SUBGRAPH_NAME",
                f'A subgraph is called "{name}", which is reserved; rename it.',
                (),
                (name,),
            )
        elif count > 1:
            yield CompositionError(
                "INVALID_SUBGRAPH_NAME",
                f'{count} subgraphs are called "{name}"; names must differ.',
                (),
                (name,),
            )


def build_graphs(subgraphs: Sequence[Subgraph]) -> tuple[Graph, ...]:
    """Give each subgraph its enum value."""
    plain = [_enum_value(subgraph.name) for subgraph in subgraphs]
    counts = Counter(plain)
    seen: Counter[str] = Counter()
    graphs: list[Graph] = []
    for subgraph, value in zip(subgraphs, plain, strict=True):
        seen[value] += 1
        unique = f"{value}_{seen[value]}" if counts[value] > 1 else value
        graphs.append(Graph(subgraph.name, unique, subgraph.url))
    return tuple(graphs)


def _enum_value(name: str) -> str:
    value = re.sub(r"[^A-Z0-9_]", "_", name.upper())
    if value[:1].isdigit():
        value = f"_{value}"
    # A trailing number could be taken for the one that tells colliding names apart.
    return f"{value}_" if re.search(r"_\d+$", value) else value
