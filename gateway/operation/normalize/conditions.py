"""@skip and @include as conditions on variables.

In: a selection's directives, and the conditions that hold around it. Out: the conditions that are
still open, or None where the selection can never be included. Constants are resolved here, so no
later stage meets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphql import BooleanValueNode, DirectiveNode, VariableNode

from schema.ast_value import value_from_ast
from schema.selection import Argument, Condition, Directive

__all__ = ["combine_conditions", "read_conditions", "read_directives"]

_CONDITIONAL = {"include": True, "skip": False}


def read_conditions(nodes: Sequence[DirectiveNode] | None) -> tuple[Condition, ...] | None:
    """Read @skip and @include; None: the selection is never included."""
    conditions: list[Condition] = []
    for node in nodes or ():
        expected = _CONDITIONAL.get(node.name.value)
        if expected is None:
            continue
        value = (node.arguments or ())[0].value
        if isinstance(value, VariableNode):
            conditions.append(Condition(value.name.value, expected))
        elif isinstance(value, BooleanValueNode) and value.value is not expected:
            return None
    return tuple(conditions)


def read_directives(nodes: Sequence[DirectiveNode] | None) -> tuple[Directive, ...]:
    """Read all other directives."""
    return tuple(
        Directive(
            node.name.value,
            tuple(Argument(a.name.value, value_from_ast(a.value)) for a in node.arguments or ()),
        )
        for node in nodes or ()
        if node.name.value not in _CONDITIONAL
    )


def combine_conditions(
    known: frozenset[Condition], *added: Iterable[Condition]
) -> tuple[Condition, ...] | None:
    """Join conditions, leaving out what is ``known`` to hold; None: they contradict each other."""
    open_conditions: dict[Condition, None] = {}
    for condition in (condition for conditions in added for condition in conditions):
        opposite = Condition(condition.variable, not condition.expected)
        if opposite in known or opposite in open_conditions:
            return None
        if condition not in known:
            open_conditions[condition] = None
    return tuple(open_conditions)
