"""One way through the query graph, from a root to a node or leaf, and the fetches it needs.

In: extended step by step by ``moves.py``. Out: compared by ``best.py``, merged by ``path_tree.py``.

A path is a linked list that shares its beginnings. The fetches it needs are the bits of ``needs``:
the fetch it stands in, those before, and those that gather keys and @requires inputs. A fetch is
identified by where its objects are, which subgraph it asks, and its round: 0, or one more than the
last fetch to the same subgraph for the same objects that it depends on. Hence the price of a set
of paths is the number of bits of the union, and a path whose bits are all taken is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gateway.plan.nodes import KeyRenamer
from gateway.planner.slot import Slot
from schema.query_graph.graph import KeyEdge, Node
from schema.selection import Condition, Field, Selection
from schema.type_ref import TypeRef

__all__ = [
    "Cast",
    "ContextValue",
    "Enter",
    "FetchKey",
    "FetchTable",
    "Gathered",
    "GraphPath",
    "Select",
    "Step",
    "print_step",
]


class FetchKey(NamedTuple):
    """What makes two fetches one."""

    slot: int
    subgraph: str
    round: int


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """A field set found in reach: what to select, and how the representation reads it."""

    representation: tuple[Selection, ...]  # by response names of the merged data
    renames: tuple[KeyRenamer, ...]  # from internal aliases to the field set's names
    leaves: tuple[GraphPath, ...]
    needs: int


@dataclass(frozen=True, slots=True, eq=False)
class ContextValue:
    """A contextual argument found: a variable, and the object above that gives its value."""

    argument: str
    variable: str
    type: TypeRef
    origin: GraphPath  # where the objects are that set the context
    gathered: Gathered


@dataclass(frozen=True, slots=True, eq=False)
class Enter:
    """Begin a fetch: at a root if ``edge`` is None, else for the entities at the path before."""

    key: FetchKey
    edge: KeyEdge | None = None
    inputs: tuple[Gathered, ...] = ()  # the key, then the @requires field set if there is one
    contexts: tuple[ContextValue, ...] = ()  # arguments of its fields that objects above give


@dataclass(frozen=True, slots=True, eq=False)
class Select:
    """Select a field; ``field`` has no selections of its own and carries its conditions."""

    field: Field
    type: TypeRef  # in this subgraph


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """An inline fragment."""

    type_name: str


Step: TypeAlias = "Enter | Select | Cast"


@dataclass(slots=True, eq=False)
class GraphPath:
    """A path; compared by identity. Not frozen: it is made often."""

    parent: GraphPath | None
    step: Step
    node: Node | None  # None at a leaf
    slot: Slot  # where the objects of ``node`` are; of the parent's for a leaf
    types: tuple[str, ...] | None  # only these object types are meant here; None: all
    fetch: int  # the bit of the fetch that it stands in
    needs: int  # the bits of all fetches
    conditions: tuple[Condition, ...]  # all that were passed since the root

    def steps(self) -> tuple[Step, ...]:
        """List the steps from the root."""
        found: list[Step] = []
        path: GraphPath | None = self
        while path is not None:
            found.append(path.step)
            path = path.parent
        return tuple(reversed(found))

    def __str__(self) -> str:
        """Print the way: ``products: topProducts > [inventory by upc] inStock``."""
        return " > ".join(print_step(step) for step in self.steps())


class FetchTable:
    """Gives every fetch its bit, and knows how late it can begin."""

    def __init__(self) -> None:
        self._bits: dict[FetchKey, int] = {}
        self._keys: list[FetchKey] = []
        self._depths: list[int] = []

    def add(self, key: FetchKey, needs: int) -> int:
        """Give the bit of a fetch that depends on ``needs``."""
        bit = self._bits.get(key)
        depth = self.depth(needs) + 1
        if bit is None:
            bit = self._bits[key] = 1 << len(self._keys)
            self._keys.append(key)
            self._depths.append(depth)
        else:
            index = bit.bit_length() - 1
            self._depths[index] = min(self._depths[index], depth)
        return bit

    def depth(self, needs: int) -> int:
        """Count the sequential steps that a set of fetches takes."""
        return max((self._depths[i] for i in _indexes(needs)), default=0)

    def next_round(self, slot: Slot, subgraph: str, needs: int) -> int:
        """Give the round of a fetch that depends on ``needs``."""
        rounds = [
            key.round + 1
            for key in (self._keys[i] for i in _indexes(needs))
            if key.slot == slot.id and key.subgraph == subgraph
        ]
        return max(rounds, default=0)


def _indexes(needs: int) -> list[int]:
    found = []
    while needs:
        lowest = needs & -needs
        found.append(lowest.bit_length() - 1)
        needs ^= lowest
    return found


def print_step(step: Step) -> str:
    """Print one step: a field, ``... on T``, ``[subgraph by key]``."""
    if isinstance(step, Select):
        alias = f"{step.field.alias}: " if step.field.alias else ""
        return f"{alias}{step.field.name}"
    if isinstance(step, Cast):
        return f"... on {step.type_name}"
    if step.edge is None:
        return f"[{step.key.subgraph}]"
    inputs = [" ".join(map(_print_input, gathered.representation)) for gathered in step.inputs]
    requires = f" requires {inputs[1]}" if len(inputs) > 1 else ""
    return f"[{step.key.subgraph} by {inputs[0]}{requires}]"


def _print_input(selection: Selection) -> str:
    if isinstance(selection, Field):
        below = "" if selection.selections is None else f" {selection.selections}"
        return f"{selection.response_name}{below}"
    return f"... on {selection.type_condition} {selection.selections}"
