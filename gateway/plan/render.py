"""A query plan as text, as JSON, and each of its fetches as the document sent to the subgraph.

In: plan nodes. Out: the field's own notation (``QueryPlan { Sequence { Fetch(service: "a") …``),
the JSON form with the field's keys, and GraphQL text. All three are deterministic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FetchPath,
    FlattenNode,
    KeyRenamer,
    ParallelNode,
    PlanNode,
    QueryPlan,
    Rewrite,
    SequenceNode,
    TypeCondition,
)
from schema.selection import (
    Field,
    Fragment,
    Selection,
    SelectionSet,
    print_condition,
    print_selection_set,
    split_conditions,
)
from schema.type_ref import TypeRef

__all__ = ["plan_to_json", "print_fetch", "print_path", "render_plan"]

_STEP = "  "


def render_plan(plan: QueryPlan) -> str:
    """Print a plan in the field's notation."""
    if plan.node is None:
        return "QueryPlan {}"
    return "\n".join(["QueryPlan {", *_render_node(plan.node, _STEP), "}"])


def plan_to_json(plan: QueryPlan) -> dict[str, Any]:
    """Give a plan as JSON, with the field's keys."""
    return {"kind": "QueryPlan", "node": None if plan.node is None else _node_to_json(plan.node)}


def print_fetch(node: FetchNode, variable_definitions: Mapping[str, TypeRef]) -> str:
    """Print the GraphQL document that the subgraph is sent."""
    declared = [f"${name}: {variable_definitions[name]}" for name in node.variables]
    declared += [f"${each.name}: {each.type}" for each in node.contexts]
    body = print_selection_set(node.selection_set)
    if node.requires is not None:
        declared.insert(0, "$representations: [_Any!]!")
        body = "{ _entities(representations: $representations) " + body + " }"
    return f"{node.kind}({', '.join(declared)}) {body}" if declared else f"{node.kind} {body}"


def print_path(path: FetchPath) -> str:
    """Print a path: ``users.@.pet|[Cat,Dog].name``."""
    text = ""
    for element in path:
        if isinstance(element, TypeCondition):
            text += f"|[{','.join(element.types)}]"
        else:
            text += ("." if text else "") + element
    return text


# --- the notation ----------------------------------------------------------------------------


def _render_node(node: PlanNode, indent: str) -> Iterator[str]:
    match node:
        case FetchNode():
            yield from _render_fetch(node, indent)
        case FlattenNode():
            paths = " and ".join(f'"{print_path(path)}"' for path in node.paths)
            yield from _render_block(f"Flatten(path: {paths})", [node.node], indent)
        case SequenceNode():
            yield from _render_block("Sequence", node.nodes, indent)
        case ParallelNode():
            yield from _render_block("Parallel", node.nodes, indent)
        case ConditionNode():
            yield from _render_condition(node, indent)
        case _:
            assert_never(node)


def _render_block(
    head: str, nodes: tuple[PlanNode, ...] | list[PlanNode] | list[FetchNode], indent: str
) -> Iterator[str]:
    yield f"{indent}{head} {{"
    for node in nodes:
        yield from _render_node(node, indent + _STEP)
    yield f"{indent}}},"


def _render_condition(node: ConditionNode, indent: str) -> Iterator[str]:
    yes, no = node.if_clause, node.else_clause
    if yes is not None and no is not None:
        yield f"{indent}Condition(if: ${node.variable}) {{"
        yield from _render_block("Then", [yes], indent + _STEP)
        yield from _render_block("Else", [no], indent + _STEP)
        yield f"{indent}}},"
    elif yes is not None:
        yield from _render_block(f"Include(if: ${node.variable})", [yes], indent)
    elif no is not None:
        yield from _render_block(f"Skip(if: ${node.variable})", [no], indent)


def _render_fetch(node: FetchNode, indent: str) -> Iterator[str]:
    yield f'{indent}Fetch(service: "{node.subgraph}") {{'
    inner = indent + _STEP
    if node.requires is not None:
        yield f"{inner}{{"
        yield from _render_selections(node.requires, inner + _STEP)
        yield f"{inner}}} =>"
    yield f"{inner}{{"
    yield from _render_selections(node.selection_set, inner + _STEP)
    yield f"{inner}}}"
    for each in node.contexts:
        place = print_path(each.path)
        yield f'{inner}# context: ${each.name} from "{place}" {print_selection_set(each.selection)}'
    for rewrite in (*node.input_rewrites, *node.output_rewrites):
        yield f"{inner}{_render_rewrite(node, rewrite)}"
    yield f"{indent}}},"


def _render_rewrite(node: FetchNode, rewrite: Rewrite) -> str:
    side = "input" if rewrite in node.input_rewrites else "output"
    if isinstance(rewrite, KeyRenamer):
        return f'# {side}: rename "{print_path(rewrite.path)}" to "{rewrite.rename_to}"'
    place = print_path((*rewrite.path, "__typename"))
    return f'# {side}: set "{place}" to "{rewrite.type_name}"'


def _render_selections(selections: SelectionSet, indent: str) -> Iterator[str]:
    for selection in selections:
        head = _head(selection)
        if selection.selections is None:
            yield f"{indent}{head}"
            continue
        yield f"{indent}{head} {{"
        yield from _render_selections(selection.selections, indent + _STEP)
        yield f"{indent}}}"


def _head(selection: Selection) -> str:
    """Print a selection without what is below it."""
    bare: Selection
    if isinstance(selection, Fragment):
        empty = SelectionSet(selection.type_condition)
        bare = Fragment(empty, selection.conditions, selection.directives)
        return print_selection_set(SelectionSet("", (bare,)))[2:-2].removesuffix(" {  }")
    own, outer = split_conditions(selection.conditions)
    bare = Field(
        selection.name, None, selection.arguments, selection.alias, own, selection.directives
    )
    head = print_selection_set(SelectionSet("", (bare,)))[2:-2]
    return head + "".join(print_condition(condition) for condition in outer)


# --- JSON ------------------------------------------------------------------------------------


def _node_to_json(node: PlanNode) -> dict[str, Any]:
    match node:
        case FetchNode():
            return _fetch_to_json(node)
        case FlattenNode():
            flatten: dict[str, Any] = {"kind": "Flatten", "path": _path_to_json(node.path)}
            if node.others:
                flatten["others"] = [_path_to_json(path) for path in node.others]
            return {**flatten, "node": _node_to_json(node.node)}
        case SequenceNode():
            return {"kind": "Sequence", "nodes": [_node_to_json(child) for child in node.nodes]}
        case ParallelNode():
            return {"kind": "Parallel", "nodes": [_node_to_json(child) for child in node.nodes]}
        case ConditionNode():
            condition: dict[str, Any] = {"kind": "Condition", "condition": node.variable}
            if node.if_clause is not None:
                condition["ifClause"] = _node_to_json(node.if_clause)
            if node.else_clause is not None:
                condition["elseClause"] = _node_to_json(node.else_clause)
            return condition
        case _:
            assert_never(node)


def _fetch_to_json(node: FetchNode) -> dict[str, Any]:
    fetch: dict[str, Any] = {
        "kind": "Fetch",
        "id": node.id,
        "serviceName": node.subgraph,
        "operationKind": str(node.kind),
        "variableUsages": list(node.variables),
        "operation": print_selection_set(node.selection_set),
    }
    if node.requires is not None:
        fetch["requires"] = [_selection_to_json(selection) for selection in node.requires]
    if node.contexts:
        fetch["contexts"] = [
            {
                "variable": each.name,
                "type": str(each.type),
                "path": _path_to_json(each.path),
                "selections": [_selection_to_json(selection) for selection in each.selection],
            }
            for each in node.contexts
        ]
    if node.input_rewrites:
        fetch["inputRewrites"] = [_rewrite_to_json(rewrite) for rewrite in node.input_rewrites]
    if node.output_rewrites:
        fetch["outputRewrites"] = [_rewrite_to_json(rewrite) for rewrite in node.output_rewrites]
    return fetch


def _selection_to_json(selection: Selection) -> dict[str, Any]:
    entry: dict[str, Any]
    if isinstance(selection, Fragment):
        entry = {"kind": "InlineFragment", "typeCondition": selection.type_condition}
    else:
        entry = {"kind": "Field", "name": selection.name}
        if selection.alias:
            entry["alias"] = selection.alias
    if selection.selections is not None:
        entry["selections"] = [_selection_to_json(below) for below in selection.selections]
    return entry


def _rewrite_to_json(rewrite: Rewrite) -> dict[str, Any]:
    if isinstance(rewrite, KeyRenamer):
        return {
            "kind": "KeyRenamer",
            "path": _path_to_json(rewrite.path),
            "renameKeyTo": rewrite.rename_to,
        }
    return {
        "kind": "ValueSetter",
        "path": [*_path_to_json(rewrite.path), "__typename"],
        "setValueTo": rewrite.type_name,
    }


def _path_to_json(path: FetchPath) -> list[str]:
    return [
        f"... on {'|'.join(element.types)}" if isinstance(element, TypeCondition) else element
        for element in path
    ]
