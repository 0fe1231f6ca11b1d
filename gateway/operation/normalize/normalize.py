"""The passes of normalization, in order.

In: a document valid for the API schema, and the name of the operation to run. Out: an
``Operation`` with the invariants of ``gateway/operation/model.py``. Arguments keep what the client
wrote: defaults of arguments are the subgraphs' business.
"""

from __future__ import annotations

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode

from gateway.operation.model import Operation, OperationKind, VariableDefinition
from gateway.operation.normalize.reserved_name import RESERVED, free_reserved_name
from gateway.operation.normalize.run_once import run_once
from gateway.operation.normalize.select import select_operation
from gateway.operation.normalize.selections import normalize_selections
from schema.ast_value import value_from_ast
from schema.supergraph.type_node import build_type_ref

__all__ = ["normalize_document"]


def normalize_document(
    document: DocumentNode, operation_name: str | None, api_schema: GraphQLSchema
) -> Operation:
    """Normalize the operation named ``operation_name``, or the only one.

    Raises:
        BadUserInput: if no operation, or more than one, is meant.
        ValidationFailed: if a subscription is meant.
    """
    document, renamed = free_reserved_name(document)
    definition = select_operation(document, operation_name)
    kind = OperationKind(definition.operation.value)
    selection_set = normalize_selections(definition, document, api_schema)
    return Operation(
        kind=kind,
        selection_set=run_once(selection_set) if kind is OperationKind.MUTATION else selection_set,
        variables=_build_variables(definition, renamed),
        name=definition.name.value if definition.name else None,
    )


def _build_variables(
    definition: OperationDefinitionNode, renamed: str | None
) -> tuple[VariableDefinition, ...]:
    return tuple(
        VariableDefinition(
            node.variable.name.value,
            build_type_ref(node.type),
            value_from_ast(node.default_value) if node.default_value else None,
            RESERVED if node.variable.name.value == renamed else None,
        )
        for node in definition.variable_definitions or ()
    )
