"""Make entity fetches of one level to one subgraph one request.

In: a fetch graph. Out: the same graph where two such groups, at whatever paths, are one with both
paths, if they are wanted under the same conditions and if every type that both bring is brought
and asked in the same way: an object takes its fragment by its type alone. Hence a path that may
lead to other types than its own group brings is narrowed to these.
"""

from __future__ import annotations

from gateway.plan.nodes import TypeCondition
from gateway.planner.fetch_graph import FetchGraph, FetchGroup, Representation
from gateway.planner.shapes import have_same_shapes

__all__ = ["merge_levels"]


def merge_levels(graph: FetchGraph) -> bool:
    """Merge what can be merged; tell whether anything was."""
    levels = graph.levels()
    kept: dict[tuple[int, str], list[FetchGroup]] = {}
    changed = False
    for group in tuple(graph.groups.values()):
        if group.is_root:
            continue
        known = kept.setdefault((levels[group.id], group.subgraph), [])
        fitting = next((other for other in known if _can_merge(other, group)), None)
        if fitting is None:
            known.append(group)
        else:
            _merge(graph, fitting, group)
            changed = True
    return changed


def _can_merge(into: FetchGroup, group: FetchGroup) -> bool:
    return (
        into.condition == group.condition
        and not (into.contexts or group.contexts)  # their values are found from the one path
        and not into.output_rewrites
        and not group.output_rewrites
        and _bring_alike(into, group)
        and _ask_alike(into, group)
    )


def _bring_alike(into: FetchGroup, group: FetchGroup) -> bool:
    first, second = into.representations, group.representations
    if any(rep.is_abstract for rep in (*first.values(), *second.values())):
        # An object takes every fragment that holds for it, so its type and its interface's meet.
        return first.keys() == second.keys() and _are_same(into, group)
    return _are_same(into, group)


def _are_same(into: FetchGroup, group: FetchGroup) -> bool:
    return all(
        _is_same_representation(into.representations[name], brought)
        for name, brought in group.representations.items()
        if name in into.representations
    )


def _is_same_representation(first: Representation, second: Representation) -> bool:
    return (
        first.as_type == second.as_type
        and first.names == second.names
        and first.selections.keys() == second.selections.keys()
        and first.key.keys() == second.key.keys()
    )


def _ask_alike(into: FetchGroup, group: FetchGroup) -> bool:
    """Tell whether no object is asked more than before, and the document stays valid."""
    if into.entities.keys() & group.entities.keys() or (
        into.representations.keys() & group.representations.keys()
    ):
        return (
            into.representations.keys() == group.representations.keys()
            and into.entities.keys() == group.entities.keys()
            and all(_text(into, name) == _text(group, name) for name in group.entities)
        )
    return have_same_shapes([*into.entities.values(), *group.entities.values()])


def _text(group: FetchGroup, name: str) -> str:
    return str(group.entities[name].build(group.condition))


def _narrow(group: FetchGroup) -> None:
    """Keep objects of other types out: they would take fragments that were not meant for them."""
    types: set[str] = set()
    for brought in group.representations.values():
        types.update((brought.type_name, *brought.object_types))
    condition = TypeCondition(tuple(sorted(types)))
    group.paths = [
        (*path, condition) if path in group.mixed_paths else path for path in group.paths
    ]
    group.mixed_paths.clear()


def _merge(graph: FetchGraph, into: FetchGroup, group: FetchGroup) -> None:
    if into.representations.keys() != group.representations.keys():
        _narrow(into)
        _narrow(group)
    into.paths.extend(path for path in group.paths if path not in into.paths)
    into.mixed_paths.update(group.mixed_paths)
    into.representations = {**into.representations, **group.representations}
    into.entities = {**into.entities, **group.entities}
    into.renames.update(group.renames)
    into.parents.update(group.parents)
    into.purposes.update(group.purposes)
    graph.replace(group, into)
