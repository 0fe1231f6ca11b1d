"""Selections from GraphQL text, typed by an adapter's SDL, for tests of adapters.

In: a selection set as text, the type it is made on, and the SDL's shapes. Out: ``SelectionSet``
as a fetch of the plan would carry it: conditions on variables kept, fragments inline.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    parse,
)

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from adapters.kit.runtime import LocalExecutor
from adapters.kit.shapes import Shapes, read_shapes
from schema.ast_value import value_from_ast
from schema.selection import Argument, Condition, Field, Fragment, SelectionSet

__all__ = ["ask", "ask_entities", "select"]


def select(text: str, type_name: str, shapes: Shapes) -> SelectionSet:
    """Read ``text`` (with braces) as selections on ``type_name``."""
    node = parse(text, no_location=True).definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return _build(node.selection_set, type_name, shapes)


async def ask(
    executor: LocalExecutor,
    text: str,
    variables: dict[str, Any] | None = None,
    *,
    call: CallContext | None = None,
    root: str = "Query",
) -> SubgraphResponse:
    """Run a root fetch."""
    shapes = _shapes_of(executor.definition.sdl)
    return await executor.execute(
        SubgraphRequest(
            executor.definition.name,
            b"",
            select(text, root, shapes),
            call or CallContext(),
            variables or {},
            is_mutation=root == "Mutation",
        )
    )


async def ask_entities(
    executor: LocalExecutor,
    text: str,
    representations: Sequence[dict[str, Any]],
    variables: dict[str, Any] | None = None,
    *,
    call: CallContext | None = None,
) -> SubgraphResponse:
    """Run an entity fetch; ``text`` holds fragments on entity types."""
    shapes = _shapes_of(executor.definition.sdl)
    return await executor.execute(
        SubgraphRequest(
            executor.definition.name,
            b"",
            select(text, "_Entity", shapes),
            call or CallContext(),
            variables or {},
            representations=representations,
        )
    )


_shapes_of = cache(read_shapes)  # the same few adapters are asked over and over


def _build(node: SelectionSetNode, type_name: str, shapes: Shapes) -> SelectionSet:
    items: list[Field | Fragment] = []
    for item in node.selections:
        conditions = tuple(_condition(d) for d in item.directives or ())
        if isinstance(item, FieldNode):
            items.append(_field(item, type_name, shapes, conditions))
        elif isinstance(item, InlineFragmentNode):
            target = item.type_condition.name.value if item.type_condition else type_name
            items.append(Fragment(_build(item.selection_set, target, shapes), conditions))
    return SelectionSet(type_name, tuple(items))


def _field(
    node: FieldNode, type_name: str, shapes: Shapes, conditions: tuple[Condition, ...]
) -> Field:
    name = node.name.value
    below = None
    if node.selection_set is not None:
        below = _build(node.selection_set, shapes.types[type_name].fields[name].type.named, shapes)
    return Field(
        name,
        below,
        tuple(Argument(a.name.value, value_from_ast(a.value)) for a in node.arguments or ()),
        node.alias.value if node.alias else None,
        conditions,
    )


def _condition(node: DirectiveNode) -> Condition:
    assert node.arguments
    value = node.arguments[0].value
    assert isinstance(value, VariableNode)
    return Condition(value.name.value, node.name.value == "include")
