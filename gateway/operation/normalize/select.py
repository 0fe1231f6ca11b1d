"""Which operation of a document runs.

In: a document and the request's ``operationName``. Out: one operation's node, or a client error
that names the operations there are (https://spec.graphql.org/September2025/#GetOperation()).
"""

from __future__ import annotations

from graphql import DocumentNode, OperationDefinitionNode, OperationType

from gateway.errors import BadUserInput, Location, Problem, ValidationFailed, quote

__all__ = ["select_operation"]


def select_operation(document: DocumentNode, operation_name: str | None) -> OperationDefinitionNode:
    """Find the operation; an empty name is the same as none.

    Raises:
        BadUserInput: if the name is missing, ambiguous or unknown.
        ValidationFailed: if the operation is a subscription.
    """
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if not operations:
        raise BadUserInput("The document holds no operation, only fragments.")
    operation = _find(operations, operation_name)
    if operation.operation is OperationType.SUBSCRIPTION:
        raise ValidationFailed(
            Problem("Subscriptions are not supported by this gateway.", _location(operation))
        )
    return operation


def _find(operations: list[OperationDefinitionNode], name: str | None) -> OperationDefinitionNode:
    if not name:
        if len(operations) > 1:
            raise BadUserInput(
                "The document holds several operations; say which to run in operationName."
            )
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    # Not quoted: the name is whatever a client sent, and may be a person's.
    raise BadUserInput(
        f"The document holds no operation of that operationName; it has {_list_names(operations)}."
    )


def _list_names(operations: list[OperationDefinitionNode]) -> str:
    names = [quote(each.name.value) for each in operations if each.name is not None]
    return ", ".join(names[:5]) if names else "one without a name"


def _location(operation: OperationDefinitionNode) -> tuple[Location, ...]:
    if operation.loc is None:
        return ()
    token = operation.loc.start_token
    return (Location(token.line, token.column),)
