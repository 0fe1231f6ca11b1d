"""Generates what a fetch below the root asks.

In: the fetch and its places. Out: ``Ask``, from the gathered objects to the distinct
representations, in the order of the paths, and for each place the index of every object's
representation. A null in a key deviates: why it is null is for the reference
to say. Objects that are the query root again have no key: they are asked for as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import msgspec

from adapters.contract import Representation
from gateway.executor.compiled.parting import compile_parting
from gateway.executor.compiled.paths import Reached
from gateway.executor.compiled.place_tree import PlaceTree
from gateway.executor.compiled.places import Place
from gateway.executor.compiled.records import Records
from gateway.executor.compiled.representation import NAMES, write_representation
from gateway.executor.compiled.source import NotCovered, build_function
from gateway.executor.compiled.walks import compile_walk
from gateway.executor.rewrites import apply_rewrites
from gateway.plan.nodes import FetchNode
from schema.selection import Fragment, SelectionSet

__all__ = ["Ask", "Asked", "AskedInParts", "compile_ask"]


class Asked(msgspec.Struct, frozen=True, gc=False):
    """``indices[p][n]`` says which of ``items`` is that of the n-th object of the p-th path.

    It is -1 for an object of a type that the path leaves out.
    """

    items: list[Representation]
    indices: list[list[int]]
    ends: tuple[int, ...]  # how many items there were after each path; () where that says nothing


class AskedInParts(Asked, frozen=True, gc=False):
    """What is asked under several sets of contextual arguments."""

    parts: list[tuple[dict[str, Any], int]]  # the values, and how many of ``items`` are next


Ask: TypeAlias = Callable[[list[list[Any]]], Asked]
"""From the gathered objects; raises ``Deviation`` where an object has no key."""


def compile_ask(
    fetch: FetchNode, paths: Sequence[Reached], tree: PlaceTree, records: Records
) -> Ask:
    """Generate the function of one entity fetch; raises ``NotCovered``."""
    if fetch.requires is None:
        return _compile_ask_for_root(paths, records)
    if fetch.keys is None:
        raise NotCovered
    if not fetch.contexts:
        return _compile_ask(fetch, paths, tree, records)
    part = compile_parting(fetch.contexts, paths, tree, records)
    ask = _compile_ask(fetch, paths, tree, records)

    def ask_in_contexts(gathered: list[list[Any]]) -> Asked:
        parted = part(gathered)
        owners: list[int] = []
        return _in_parts(ask(gathered, parted.groups, owners), owners, parted.values)

    return ask_in_contexts


def _compile_ask(
    fetch: FetchNode, paths: Sequence[Reached], tree: PlaceTree, records: Records
) -> Callable[..., Asked]:
    """Generate an ``Ask``; with contexts it takes groups too, and notes the group of each item."""
    assert fetch.requires is not None, "checked by the caller"
    head = "def ask(gathered, groups, owners):" if fetch.contexts else "def ask(gathered):"
    known = dict.fromkeys(_index(place, fetch) for reached in paths for place in reached.places)
    lines = [head, " items = []", *(f" {each} = {{}}" for each in known)]
    names: dict[str, Any] = {**NAMES, "Asked": Asked}
    rewrites = fetch.input_rewrites
    if rewrites:
        names["rewrite"] = lambda representation: apply_rewrites(representation, rewrites)
    for position, reached in enumerate(paths):
        lines.append(f" p{position} = []")
        if fetch.contexts:
            pairs = f"zip(gathered[{reached.list_number}], groups[{position}])"
            lines.append(f" for o, c in {pairs}:")
        else:
            lines += _find_lines(position, reached, records, names)
            lines.append(f" for o in gathered[{reached.list_number}]:")
        for branch, place in enumerate(reached.places):
            if not reached.is_one_kind:
                names[f"C{place.number}"] = records.of(place)
                lines.append(f"  {'elif' if branch else 'if'} type(o) is C{place.number}:")
            _check_typename(place, fetch.requires)
            told, representation = write_representation(place, fetch, tree, records, names)
            told += ["   k = c, k"] if fetch.contexts else []
            index = _index(place, fetch)
            lines += [*told, f"   i = {index}.get(k)", "   if i is None:"]
            lines += [f"    i = {index}[k] = len(items)", f"    items.append({representation})"]
            lines += ["    owners.append(c)"] if fetch.contexts else []
            lines.append(f"   p{position}.append(i)")
        if not reached.is_one_kind:
            lines.append(f"  else: p{position}.append(-1)")
        lines.append(f" e{position} = len(items)")
    indices = ", ".join(f"p{position}" for position in range(len(paths)))
    ends = "".join(f"e{position}," for position in range(len(paths)))
    lines.append(f" return Asked(items, [{indices}], ({ends}))")
    return build_function("ask", lines, names)


def _in_parts(
    asked: Asked, owners: Sequence[int], values: Sequence[dict[str, Any]]
) -> AskedInParts:
    """Order representations by their groups, and so their indices."""
    order = sorted(range(len(owners)), key=owners.__getitem__)
    place_of = {old: new for new, old in enumerate(order)} | {-1: -1}
    return AskedInParts(
        [asked.items[old] for old in order],
        [[place_of[old] for old in indices] for indices in asked.indices],
        (),
        [(values[group], owners.count(group)) for group in sorted(set(owners))],
    )


def _compile_ask_for_root(paths: Sequence[Reached], records: Records) -> Ask:
    """Generate an ``Ask`` with one empty representation, which is never sent, if there is any."""
    lines = ["def ask(gathered):"]
    names: dict[str, Any] = {"Asked": Asked}
    for position, reached in enumerate(paths):
        lines += _find_lines(position, reached, records, names)
        names[f"K{position}"] = frozenset(map(records.of, reached.places))
        lines.append(f" p{position} = [0 if type(o) in K{position} else -1")
        lines.append(f"  for o in gathered[{reached.list_number}]]")
    indices = ", ".join(f"p{position}" for position in range(len(paths)))
    is_any = " or ".join(f"0 in p{position}" for position in range(len(paths)))
    lines.append(f" return Asked([{{}}] if {is_any} else [], [{indices}], ())")
    return build_function("ask", lines, names)


def _find_lines(
    position: int, reached: Reached, records: Records, names: dict[str, Any]
) -> Iterator[str]:
    """Generate the walk to objects that are not listed as they come."""
    if not reached.is_one_position:
        names[f"walk{position}"] = compile_walk(reached, records)
        yield f" gathered[{reached.list_number}] = walk{position}(gathered[0][0])"


def _index(place: Place, fetch: FetchNode) -> str:
    """Name the numbers of what is known; only a rewrite makes objects of two types equal."""
    return "index" if fetch.input_rewrites else f"index_{place.type_name}"


def _check_typename(place: Place, requires: SelectionSet) -> None:
    """Refuse places whose type the data does not tell, unless there is only one."""
    field = place.fields.get("__typename")
    if field is not None and place.origin in field.givers:
        return
    conditions = {each.type_condition for each in requires if isinstance(each, Fragment)}
    if conditions != {place.type_name}:
        raise NotCovered
