"""Whether a document fits the API schema.

In: a document within the limits, and the API schema. Out: nothing, or ``ValidationFailed`` with at
most ``max_errors`` problems. The rules are graphql-core's, except where its own cost more than a
request may (overlapping fields: ``merge_check``) or repeat literals (values).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from graphql import (
    ASTValidationRule,
    DeferStreamDirectiveLabel,
    DeferStreamDirectiveOnRootField,
    DeferStreamDirectiveOnValidOperationsRule,
    DocumentNode,
    FloatValueNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    ListValueNode,
    NoSchemaIntrospectionCustomRule,
    ObjectValueNode,
    OverlappingFieldsCanBeMergedRule,
    SingleFieldSubscriptionsRule,
    StreamDirectiveOnListField,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VisitorAction,
    specified_rules,
)
from graphql.language import SKIP
from graphql.utilities.validate_input_value import validate_input_literal

from gateway.errors import ValidationFailed
from gateway.operation.client_text import build_problem, hide_literal
from gateway.operation.limits import OperationLimits
from gateway.operation.merge_check import find_merge_conflicts
from gateway.operation.rule_runner import run_rules
from gateway.operation.secrets import SECRET_SCALAR, SecretsByVariable

__all__ = ["validate_document"]


class _LiteralsOfCorrectType(ValuesOfCorrectTypeRule):
    """graphql-core's rule, whose messages do not repeat the literal."""

    def is_valid_value_node(
        self, node: ValueNode, input_type: GraphQLInputType | None
    ) -> VisitorAction:
        """Check one literal; its parts are checked with it."""
        for number in _infinite_numbers(node):
            self.report_error(GraphQLError("A number literal is too large for a Float.", number))
        if input_type:
            validate_input_literal(
                node, input_type, self._report, hide_suggestions=self.context.hide_suggestions
            )
        return SKIP

    def _report(self, error: GraphQLError, _path: list[str | int]) -> None:
        self.report_error(GraphQLError(hide_literal(error.message), error.nodes))


def _infinite_numbers(node: ValueNode) -> Iterator[FloatValueNode]:
    """Find the literals like ``1e400``: no JSON value has this size, in no position."""
    if isinstance(node, FloatValueNode):
        if math.isinf(float(node.value)):
            yield node
    elif isinstance(node, ListValueNode):
        for item in node.values:
            yield from _infinite_numbers(item)
    elif isinstance(node, ObjectValueNode):
        for field in node.fields:
            yield from _infinite_numbers(field.value)


# Merging has its own check. Subscriptions are refused by ``normalize.select``, and @defer and
# @stream are no directives of the API schema: the rules about their use have nothing to say.
_LEFT_OUT = {
    OverlappingFieldsCanBeMergedRule,
    SingleFieldSubscriptionsRule,
    DeferStreamDirectiveLabel,
    DeferStreamDirectiveOnRootField,
    DeferStreamDirectiveOnValidOperationsRule,
    StreamDirectiveOnListField,
}

_RULES: tuple[type[ASTValidationRule], ...] = tuple(
    _LiteralsOfCorrectType if rule is ValuesOfCorrectTypeRule else rule
    for rule in specified_rules
    if rule not in _LEFT_OUT
)

_MAX_ERRORS = OperationLimits().errors


def validate_document(
    document: DocumentNode,
    api_schema: GraphQLSchema,
    *,
    introspection: bool = True,
    suggest: bool = True,
    max_errors: int = _MAX_ERRORS,
) -> None:
    """Validate ``document``; without ``introspection``, ``__schema`` and ``__type`` are refused.

    Without ``suggest`` the texts name nothing of the schema that the document does not name.

    Raises:
        ValidationFailed: with at most ``max_errors`` problems.
    """
    rules = _RULES if introspection else (*_RULES, NoSchemaIntrospectionCustomRule)
    if SECRET_SCALAR in api_schema.type_map:
        rules = (*rules, SecretsByVariable)
    errors = run_rules(
        api_schema,
        document,
        rules,
        max_errors,
        hide_suggestions=not (suggest and introspection),
    )
    errors = errors or find_merge_conflicts(api_schema, document, max_errors)
    if errors:
        raise ValidationFailed(*(build_problem(error) for error in errors[:max_errors]))
