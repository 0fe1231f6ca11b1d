"""Generated federations of any size, and operations over them.

In: how many types, and in how many subgraphs. Out: subgraphs in which every entity has a home and
lives in two more subgraphs, refers to others, and has inputs, an enum and an interface beside it;
and operations by size. The same sizes give the same text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schema.subgraph.model import SubgraphSource

__all__ = ["SIZES", "Size", "generate_operations", "generate_subgraphs"]

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: '
    '["@key", "@external", "@requires", "@shareable"])\n'
    "interface Named { name: String }\n"
)
_GUESTS = 2  # subgraphs beside its home that know an entity


@dataclass(frozen=True, slots=True)
class Size:
    """How large a federation is."""

    types: int
    subgraphs: int

    def __str__(self) -> str:
        """Print as words."""
        return f"{self.types:,} types in {self.subgraphs} subgraphs"


SIZES = (Size(10, 3), Size(100, 10), Size(1_000, 30))


def generate_subgraphs(size: Size) -> list[SubgraphSource]:
    """Give the subgraphs of a federation of that size."""
    return [
        SubgraphSource(f"s{place}", f"http://s{place}.example/", "".join(_lines(size, place)))
        for place in range(size.subgraphs)
    ]


def generate_operations(size: Size) -> dict[str, str]:
    """Give a small, a medium and a wide operation."""
    step = size.subgraphs  # entities that far apart have the same home
    medium = "{ t0 { id name next { id name extra1 derived next { extra1 extra2 } } } }"
    wide = " ".join(
        f"t{number} {{ name extra1 extra2 derived next {{ name extra1 }} }}"
        for number in range(0, size.types, max(1, step // 3))[:20]
    )
    return {"small": "{ t0 { id name } }", "medium": medium, "wide": f"{{ {wide} }}"}


def _lines(size: Size, place: int) -> Iterator[str]:
    yield _LINK
    yield "type Query {\n"
    for number in range(place, size.types, size.subgraphs):
        yield f"  t{number}(filter: F{number}, kind: K{number}): T{number}\n"
    yield f"  ping{place}: Boolean\n}}\n"
    for number in range(size.types):
        distance = (place - number) % size.subgraphs
        if distance == 0:
            yield _home(size, number)
        elif distance <= _GUESTS:
            yield _guest(number, distance)


def _home(size: Size, number: int) -> str:
    following = (number + size.subgraphs) % size.types
    # The next entity's home is this subgraph too only if the ring closes: else it is a stub here.
    is_here = following % size.subgraphs == number % size.subgraphs
    stub = "" if is_here else "  nextId: ID\n"
    next_field = f"  next: T{following}\n" if is_here else f"  next: T{number}\n"
    return (
        f'type T{number} implements Named @key(fields: "id") {{\n'
        f"  id: ID!\n  name: String\n  amount: Int\n  rate: Float\n  open: Boolean\n"
        f"  kind: K{number}\n{next_field}{stub}}}\n"
        f"enum K{number} {{ A B C }}\n"
        f"input F{number} {{ text: String, kind: K{number}, least: Int = 1 }}\n"
    )


def _guest(number: int, distance: int) -> str:
    derived = (
        '  amount: Int @external\n  derived: Int @requires(fields: "amount")\n'
        if distance == 1
        else ""
    )
    return (
        f'type T{number} @key(fields: "id") {{\n'
        f"  id: ID!\n  extra{distance}: String\n  list{distance}: [String!]\n{derived}}}\n"
    )
