"""Why a field cannot be reached: the failing query, and what each subgraph lacks.

In: the path walked and the field that failed. Out: the text of a SATISFIABILITY_ERROR. Its first
half is the shortest query that nobody can answer; its second goes through the subgraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schema.composition.satisfiability.reach import Nodes, Reach
from schema.field_set import render_field_set
from schema.query_graph.graph import Node

__all__ = ["explain", "print_path"]


def explain(reach: Reach, path: Sequence[str], type_name: str, field: str, reached: Nodes) -> str:
    """Write the message about one unreachable field; ``path`` ends with it."""
    reasons = list(dict.fromkeys(_reasons(reach, type_name, field, reached)))
    listed = "".join(f"\n- {reason}" for reason in reasons)
    return (
        f"The query\n{print_path(path)}\ncannot be answered by the subgraphs:{listed}\n"
        f'Let a subgraph that can be reached resolve "{type_name}.{field}", or add a @key.'
    )


def print_path(path: Sequence[str]) -> str:
    """Print a path as a query: its last part innermost."""
    opened = [f"{'  ' * depth}{part} {{" for depth, part in enumerate(("", *path[:-1]))]
    opened[0] = "{"
    innermost = f"{'  ' * len(path)}{path[-1]}"
    closed = [f"{'  ' * depth}}}" for depth in reversed(range(len(path)))]
    return "\n".join([*opened, innermost, *closed])


def _reasons(reach: Reach, type_name: str, field: str, reached: Nodes) -> Iterator[str]:
    here = sorted({reach.graph.nodes[node].subgraph for node in reached})
    names = ", ".join(f'"{name}"' for name in here) or "anywhere"
    for node in sorted(reached):
        at = reach.graph.nodes[node]
        if field not in reach.graph.fields[node]:
            yield f'subgraph "{at.subgraph}" does not resolve "{at.type_name}.{field}"'
        elif reach.graph.fields[node][field].requires is None:
            yield (
                f'subgraph "{at.subgraph}" resolves "{at.type_name}.{field}", and no object on '
                "the way sets the context that its arguments are filled from"
            )
        else:
            yield (
                f'subgraph "{at.subgraph}" resolves "{at.type_name}.{field}", and what its '
                f"@requires asks for cannot be gathered from {names}"
            )
    for holder in _holders(reach, type_name, field):
        if holder.id not in reached:
            yield from _entry_reasons(reach, type_name, field, holder, names)


def _holders(reach: Reach, type_name: str, field: str) -> Iterator[Node]:
    owners = (type_name, *reach.graph.interfaces.get(type_name, ()))
    for node in reach.graph.nodes:
        if node.copy == 0 and node.type_name in owners and field in reach.graph.fields[node.id]:
            yield node


def _entry_reasons(
    reach: Reach, type_name: str, field: str, node: Node, names: str
) -> Iterator[str]:
    keys = [e for e in reach.graph.entries(type_name) if e.subgraph == node.subgraph]
    if not keys:
        yield (
            f'subgraph "{node.subgraph}" resolves "{node.type_name}.{field}" and has no resolvable '
            f'@key on "{node.type_name}" to be entered by'
        )
    for edge in keys:
        yield (
            f'subgraph "{node.subgraph}" resolves "{node.type_name}.{field}", and the fields of '
            f'its @key "{render_field_set(edge.key)}" cannot be gathered from {names}'
        )
