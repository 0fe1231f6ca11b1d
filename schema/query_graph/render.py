"""The query graph for people: Mermaid, DOT, text and JSON.

In: a ``QueryGraph``. Out: text, deterministic, in the graph's own order. Leaves are listed inside
their node, so that what is drawn are the ways between composite types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from schema.query_graph.graph import FieldEdge, KeyEdge, Node, NodeKind, QueryGraph
from schema.selection import SelectionSet

__all__ = [
    "query_graph_to_json",
    "render_query_graph",
    "render_query_graph_dot",
    "render_query_graph_mermaid",
]


_DOT_BREAK = r"\n"  # DOT's own escape for a line break in a label


class _Arrow(NamedTuple):
    source: str
    target: str
    label: str
    is_jump: bool


def render_query_graph(graph: QueryGraph) -> str:
    """Print as text: one block per node, one line per edge."""
    lines: list[str] = []
    for node in graph.nodes:
        lines.append(f"{node} ({node.kind})")
        lines.extend(f"  {_describe(graph, edge)}" for edge in graph.fields[node.id].values())
        lines.extend(
            f"  ... on {name} -> {graph.nodes[edge.target]}"
            for name, edge in graph.downcasts[node.id].items()
        )
        lines.extend(f"  entered by {_key(edge)}" for edge in _entries_to(graph, node))
    return "\n".join(lines)


def render_query_graph_mermaid(graph: QueryGraph) -> str:
    """Print as a Mermaid flow chart, one box per subgraph."""
    lines = ["flowchart LR"]
    for subgraph in graph.supergraph.graphs:
        lines.append(f'  subgraph {_quoted_name(subgraph.name)}["{subgraph.name}"]')
        lines.extend(
            f'    n{node.id}["{"<br/>".join(_node_lines(graph, node))}"]'
            for node in graph.nodes
            if node.subgraph == subgraph.name
        )
        lines.append("  end")
    for arrow in _arrows(graph):
        line = "-.->" if arrow.is_jump else "-->"
        lines.append(f'  {arrow.source} {line}|"{arrow.label}"| {arrow.target}')
    return "\n".join(lines)


def render_query_graph_dot(graph: QueryGraph) -> str:
    """Print as DOT, one cluster per subgraph."""
    lines = ["digraph supergraph {", "  rankdir=LR;", "  node [shape=box];"]
    for number, subgraph in enumerate(graph.supergraph.graphs):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f'    label="{subgraph.name}";')
        lines.extend(
            f'    n{node.id} [label="{_DOT_BREAK.join(_node_lines(graph, node))}"];'
            for node in graph.nodes
            if node.subgraph == subgraph.name
        )
        lines.append("  }")
    for arrow in _arrows(graph):
        style = ", style=dashed" if arrow.is_jump else ""
        lines.append(f'  {arrow.source} -> {arrow.target} [label="{arrow.label}"{style}];')
    return "\n".join([*lines, "}"])


def query_graph_to_json(graph: QueryGraph) -> dict[str, Any]:
    """Give nodes and edges as a JSON value; nodes are named as they print."""
    return {
        "roots": {
            name: [str(graph.nodes[edge.target]) for edge in edges]
            for name, edges in graph.roots.items()
        },
        "nodes": [_node_to_json(graph, node) for node in graph.nodes],
    }


def _node_to_json(graph: QueryGraph, node: Node) -> dict[str, Any]:
    return {
        "name": str(node),
        "type": node.type_name,
        "subgraph": node.subgraph,
        "kind": str(node.kind),
        "copy": node.copy,
        "fields": [_field_to_json(graph, edge) for edge in graph.fields[node.id].values()],
        "downcasts": {
            name: str(graph.nodes[edge.target]) for name, edge in graph.downcasts[node.id].items()
        },
        "keys": [_inner(edge.key) for edge in _entries_to(graph, node)],
    }


def _field_to_json(graph: QueryGraph, edge: FieldEdge) -> dict[str, Any]:
    entry: dict[str, Any] = {"field": edge.name, "type": str(edge.type)}
    if edge.target is not None:
        entry["target"] = str(graph.nodes[edge.target])
    if edge.requires is not None:
        entry["requires"] = _inner(edge.requires)
    if edge.is_provided:
        entry["provided"] = True
    if edge.label is not None:
        entry["label"] = {"name": edge.label.label, "active": edge.label.active}
    return entry


def _describe(graph: QueryGraph, edge: FieldEdge) -> str:
    target = "" if edge.target is None else f" -> {graph.nodes[edge.target]}"
    return f"{_label(edge)}: {edge.type}{target}"


def _label(edge: FieldEdge) -> str:
    text = edge.name
    if edge.is_provided:
        text += " (provided)"
    if edge.requires is not None:
        text += f" (requires {_inner(edge.requires)})"
    if edge.label is not None:
        text += f" ({'with' if edge.label.active else 'without'} label {edge.label.label})"
    return text


def _node_lines(graph: QueryGraph, node: Node) -> list[str]:
    kind = "" if node.kind is NodeKind.OBJECT else f" ({node.kind})"
    leaves = [_label(edge) for edge in graph.fields[node.id].values() if edge.target is None]
    return [f"{node.type_name}{f'#{node.copy}' if node.copy else ''}{kind}", *leaves]


def _arrows(graph: QueryGraph) -> Iterator[_Arrow]:
    for node in graph.nodes:
        for edge in graph.fields[node.id].values():
            if edge.target is not None:
                yield _Arrow(f"n{node.id}", f"n{edge.target}", _label(edge), False)
        for name, downcast in graph.downcasts[node.id].items():
            yield _Arrow(f"n{node.id}", f"n{downcast.target}", f"... on {name}", False)
    for name, edges in graph.keys.items():
        for source in (node for node in graph.nodes if node.type_name == name and not node.copy):
            for key in edges:
                if key.target != source.id:
                    yield _Arrow(f"n{source.id}", f"n{key.target}", _key(key), True)


def _entries_to(graph: QueryGraph, node: Node) -> list[KeyEdge]:
    return [edge for edge in graph.keys.get(node.type_name, ()) if edge.target == node.id]


def _key(edge: KeyEdge) -> str:
    return f"key {_inner(edge.key)}"


def _inner(selections: SelectionSet) -> str:
    return str(selections)[2:-2]


def _quoted_name(name: str) -> str:
    return "s_" + "".join(c if c.isalnum() else "_" for c in name)
