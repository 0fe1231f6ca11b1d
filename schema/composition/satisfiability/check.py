"""SATISFIABILITY_ERROR: every field of the API schema is reachable wherever it can be selected.

In: the supergraph. Out: an error for each field that some path cannot reach, with the shortest
such query. Idea: breadth first over *places*. A place is a type of the API schema with the set of
nodes of the query graph at which the object may be found, whichever subgraph answered the field
before; two paths that lead to the same place need to be judged once, and one that leads to a
place with more nodes than a sound one is sound too. What contexts were set on the way belongs to
a place where arguments are filled from contexts, and where fields move under labels the states
of those that were walked through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from schema.composition.context import CompositionContext
from schema.composition.satisfiability.contexts import (
    ContextNames,
    Contexts,
    is_filled,
    read_contexts,
)
from schema.composition.satisfiability.explain import explain
from schema.composition.satisfiability.reach import Nodes, Reach
from schema.coordinates import coordinate
from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import FieldEdge, NodeKind
from schema.supergraph.model import FieldDefinition, ObjectType, Supergraph, UnionType

__all__ = ["check_satisfiability"]

# Each place costs a walk over its type's fields. Schemas of a thousand types in thirty subgraphs
# stay below ten thousand places; one that passes the limit has types shared in so many different
# combinations that its author should know.
_MAX_PLACES = 200_000

Labels = frozenset[tuple[str, bool]]
"""States of progressive overrides: label, and whether it is on."""


@dataclass(frozen=True, slots=True)
class _Place:
    """An object of the API schema, the nodes it may be found at, and how it was come by."""

    type_name: str
    nodes: Nodes
    path: tuple[str, ...] = field(default=(), compare=False)
    contexts: ContextNames = frozenset()  # set by the objects above
    labels: Labels = frozenset()  # of the progressive overrides walked through, and their states


class _Walk:
    """The places to judge, and those that need no judging any more."""

    def __init__(self, contexts: Contexts) -> None:
        self.contexts = contexts
        self.queue: deque[_Place] = deque()
        self.count = 0
        self._seen: dict[str, list[tuple[Nodes, ContextNames, Labels]]] = {}

    def add(self, place: _Place) -> None:
        """Queue a place unless a smaller or equal one of its type was queued before."""
        seen = self._seen.setdefault(place.type_name, [])
        if any(
            nodes <= place.nodes and given <= place.contexts and labels <= place.labels
            for nodes, given, labels in seen
        ):
            return
        seen.append((place.nodes, place.contexts, place.labels))
        self.count += 1
        self.queue.append(place)


def check_satisfiability(
    context: CompositionContext, supergraph: Supergraph, *, max_places: int = _MAX_PLACES
) -> None:
    """Report every field that cannot be reached from everywhere."""
    reach = Reach(build_query_graph(supergraph))
    walk = _Walk(read_contexts(reach.graph))
    failed: set[tuple[str, str]] = set()
    for place in _roots(reach, supergraph):
        walk.add(place)
    while walk.queue:
        place = walk.queue.popleft()
        for name, reached, path in _check_place(reach, supergraph, place, walk):
            if (place.type_name, name) not in failed:
                failed.add((place.type_name, name))
                _report(context, reach, place.type_name, name, (reached, path))
        if walk.count > max_places:
            _report_limit(context, place, max_places)
            return


def _roots(reach: Reach, supergraph: Supergraph) -> Iterator[_Place]:
    for name in (supergraph.query_type, supergraph.mutation_type, supergraph.subscription_type):
        edges = reach.graph.roots.get(name, ()) if name is not None else ()
        if name is not None and edges:
            yield _Place(name, frozenset(edge.target for edge in edges))


Failure = tuple[str, Nodes, tuple[str, ...]]  # field, nodes reached, path


def _check_place(
    reach: Reach, supergraph: Supergraph, place: _Place, walk: _Walk
) -> Iterator[Failure]:
    definition = supergraph.types[place.type_name]
    if isinstance(definition, UnionType) or type(definition) is not ObjectType:
        yield from _check_abstract(reach, supergraph, place, walk)
        return
    reached = reach.closure(place.type_name, place.nodes)
    below = walk.contexts.below(place.type_name, place.contexts)
    for name, child in definition.fields.items():
        if child.applied.inaccessible or _is_hidden(supergraph, child):
            continue
        path = (*place.path, name)
        edges = tuple(
            edge
            for edge in reach.edges(place.type_name, reached, name)
            if is_filled(edge, place.contexts)
        )
        for labels, usable in _states(edges, place.labels):
            if not usable:
                yield name, reached, path
            targets = frozenset(edge.target for edge in usable if edge.target is not None)
            if targets:
                walk.add(_Place(child.type.named, targets, path, below, labels))


def _check_abstract(
    reach: Reach, supergraph: Supergraph, place: _Place, walk: _Walk
) -> Iterator[Failure]:
    """Split an abstract place into the object types that it may be."""
    reached = reach.closure(place.type_name, place.nodes)
    below = walk.contexts.below(place.type_name, place.contexts)
    hides_types = any(
        reach.graph.nodes[node].kind is NodeKind.INTERFACE_OBJECT for node in place.nodes
    )
    possible = (
        supergraph.possible_types(place.type_name)
        if hides_types
        else reach.object_types(place.nodes)
    )
    for name in possible:
        if name not in supergraph.types or supergraph.types[name].applied.inaccessible:
            continue
        narrowed = reach.narrow(reached, name)
        path = (*place.path, f"... on {name}")
        if hides_types and not _is_told(reach, narrowed):
            yield "__typename", reached, (*path, "__typename")
        elif narrowed:
            walk.add(_Place(name, narrowed, path, below, place.labels))


def _is_told(reach: Reach, nodes: Nodes) -> bool:
    """Tell whether some subgraph knows the object's real type."""
    return any(reach.graph.nodes[node].kind is not NodeKind.INTERFACE_OBJECT for node in nodes)


def _states(
    edges: tuple[FieldEdge, ...], labels: Labels
) -> Iterator[tuple[Labels, tuple[FieldEdge, ...]]]:
    """Give the ways that are left in each state of the labels that decide between them.

    A label that was walked through before has its state; any other may be on or off.
    """
    known = dict(labels)
    open_labels = dict.fromkeys(
        edge.label.label
        for edge in edges
        if edge.label is not None and edge.label.label not in known
    )
    for states in product((True, False), repeat=len(open_labels)):
        decided = known | dict(zip(open_labels, states, strict=True))
        usable = tuple(
            edge
            for edge in edges
            if edge.label is None or decided[edge.label.label] is edge.label.active
        )
        yield frozenset(decided.items()), usable


def _is_hidden(supergraph: Supergraph, child: FieldDefinition) -> bool:
    definition = supergraph.types.get(child.type.named)
    return definition is not None and definition.applied.inaccessible


def _report(
    context: CompositionContext,
    reach: Reach,
    type_name: str,
    name: str,
    found: tuple[Nodes, tuple[str, ...]],
) -> None:
    reached, path = found
    context.report(
        "SATISFIABILITY_ERROR",
        explain(reach, path, type_name, name, reached),
        [type_name if name == "__typename" else coordinate(type_name, name)],
        sorted({reach.graph.nodes[node].subgraph for node in reached}),
    )


def _report_limit(context: CompositionContext, place: _Place, max_places: int) -> None:
    context.report(
        "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED",
        f'More than {max_places} places must be looked at, the last at "{place.type_name}"; '
        "share fewer types between fewer subgraphs.",
        [place.type_name],
        [],
    )
