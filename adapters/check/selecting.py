"""Selections from GraphQL text, typed by an adapter's SDL, as a fetch of the plan carries them.

In: a selection set as text, the type it is made on, and the SDL's shapes. Out: ``SelectionSet``:
conditions on variables kept, fragments inline. For samples and tests; the gateway's own way to a
selection goes through validation and planning.
"""

from __future__ import annotations

from graphql import (
    DirectiveNode,
    FieldNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    parse,
)

from adapters.kit.shapes import Shapes
from schema.ast_value import value_from_ast
from schema.selection import Argument, Condition, Field, Fragment, SelectionSet

__all__ = ["select"]


def select(text: str, type_name: str, shapes: Shapes) -> SelectionSet:
    """Read ``text`` (with braces) as selections on ``type_name``."""
    node = parse(text, no_location=True).definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return _build(node.selection_set, type_name, shapes)


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
