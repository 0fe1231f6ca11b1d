"""Compiles one operation under one outcome of its conditions.

In: a plan's nodes, the places of its answer, the documents of its fetches. Out: a
``RecordProgram``; raises ``NotCovered`` where a part has a form that is not compiled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import GraphQLNonNull

from gateway.executor.compiled.denials import Denials, find_denials
from gateway.executor.compiled.fetches import (
    FetchProgram,
    compile_entity_fetch,
    compile_root_fetch,
)
from gateway.executor.compiled.gathering import Finish, compile_finish
from gateway.executor.compiled.introspecting import Introspected, compile_introspection
from gateway.executor.compiled.order import Leaf, build_order, fetch_of
from gateway.executor.compiled.paths import Reached, find_reached
from gateway.executor.compiled.place_tree import PlaceTree
from gateway.executor.compiled.places import Place
from gateway.executor.compiled.records import Records
from gateway.executor.compiled.schedule import Schedule, build_schedule
from gateway.executor.compiled.source import NotCovered
from gateway.executor.introspection import IntrospectionPart
from gateway.plan.nodes import FetchNode, FlattenNode, PlanNode

__all__ = ["RecordProgram", "compile_program"]


@dataclass(frozen=True, slots=True)
class RecordProgram:
    """The fast path of one operation under one outcome of its conditions."""

    root: type[msgspec.Struct]
    fetches: Mapping[int, FetchProgram]  # by id
    documents: Mapping[int, bytes]  # by fetch id
    schedule: Schedule
    list_count: int  # of gathered objects
    class_count: int  # generated classes and decoders, which are what a program weighs
    introspected: tuple[Introspected, ...]
    finish: Finish | None
    denials: Denials | None


def compile_program(
    node: PlanNode | None,
    tree: PlaceTree,
    variables: Mapping[str, Any],
    documents: Mapping[int, bytes],
    introspection: Sequence[IntrospectionPart] = (),
) -> RecordProgram:
    """Place every fetch, then make records, then what fills them."""
    order = build_order(node, variables)
    tree.unordered = frozenset(order.unordered())
    leaves = list(order.merged())
    places = [_place(each, tree) for each in leaves]
    _check_given(tree.places)
    records = Records()
    denials = find_denials(tree.root, records)
    if denials is None:
        tree.note_repeats()
    programs: dict[int, FetchProgram] = {}
    for each, found in zip(leaves, places, strict=True):
        if isinstance(each, FlattenNode):
            programs[each.node.id] = compile_entity_fetch(each.node, found, tree, records)
        else:
            programs[each.id] = compile_root_fetch(each, tree.root, records)
    return RecordProgram(
        root=records.of(tree.root),
        fetches=programs,
        documents=documents,
        schedule=build_schedule(order, programs),
        list_count=tree.list_count,
        class_count=records.count + 2 * len(programs),
        introspected=compile_introspection(introspection, tree, records),
        finish=compile_finish(tree.places, records),
        denials=denials,
    )


def _place(leaf: Leaf, tree: PlaceTree) -> tuple[Reached, ...]:
    fetch = fetch_of(leaf)
    if fetch.contexts and not (isinstance(leaf, FlattenNode) and fetch.requires is not None):
        raise NotCovered
    if isinstance(leaf, FetchNode) and fetch.requires is not None:
        raise NotCovered  # an entity fetch at the root
    if isinstance(leaf, FlattenNode):
        _check_contexts(leaf)
        paths = (find_reached(tree.root, path) for path in dict.fromkeys(leaf.paths))
        return tree.add_flat_fetch(fetch, paths)
    tree.add_root_fetch(fetch)
    return ()


def _check_contexts(leaf: FlattenNode) -> None:
    """Refuse arguments of which the giver does not stand above every object."""
    for context in leaf.node.contexts:
        if any(path[: len(context.path)] != context.path for path in leaf.paths):
            raise NotCovered


def _check_given(places: list[Place]) -> None:
    """Refuse what no fetch gives, where that is more than a null."""
    for place in places:
        for each in place.fields.values():
            is_given = each.givers or each.denied is not None
            if not is_given and isinstance(each.type, GraphQLNonNull):
                if not place.is_tagged:
                    raise NotCovered
                place.lacks_fields = True
