"""Is the schema valid GraphQL?

In: a complete document (``document.py``). Out: INVALID_GRAPHQL findings: the specification's own
rules by graphql-core, except that a subgraph needs no query type, and the values of directive
arguments, which graphql-core does not look at in schemas.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    Undefined,
    build_ast_schema,
    validate_schema,
    value_from_ast,
)
from graphql.validation.validate import validate_sdl

from schema.subgraph.document import CompleteDocument
from schema.subgraph.findings import Findings

__all__ = ["check_graphql"]

_CODE = "INVALID_GRAPHQL"
_MISSING_QUERY = "Query root type must be provided."


def check_graphql(
    document: CompleteDocument, unchecked: frozenset[str], findings: Findings
) -> None:
    """Report everything that makes the document no valid schema.

    Args:
        document: the subgraph's document.
        unchecked: scalars whose values other rules judge (field sets).
        findings: where to report.
    """
    whole = document.whole
    errors = validate_sdl(whole)
    if not errors:
        schema = build_ast_schema(whole, assume_valid_sdl=True)
        errors = [e for e in validate_schema(schema) if e.message != _MISSING_QUERY]
        errors += list(_value_errors(document.own, schema, unchecked))
    for error in errors:
        message = error.message
        findings.report(_CODE, message if message.endswith(".") else f"{message}.")


def _value_errors(
    document: DocumentNode, schema: GraphQLSchema, unchecked: frozenset[str]
) -> Iterator[GraphQLError]:
    for node in _walk(document):
        if isinstance(node, ConstDirectiveNode):
            yield from _argument_errors(node, schema, unchecked)


def _argument_errors(
    node: ConstDirectiveNode, schema: GraphQLSchema, unchecked: frozenset[str]
) -> Iterator[GraphQLError]:
    definition = schema.get_directive(node.name.value)
    if definition is None:
        return
    for argument in node.arguments or ():
        type_ = definition.args[argument.name.value].type
        if str(type_).strip("[]!") in unchecked:
            continue
        if value_from_ast(argument.value, type_) is Undefined:
            yield GraphQLError(
                f'The argument "{argument.name.value}" of "@{node.name.value}" '
                f'is no value of type "{type_}"; correct it.'
            )


def _walk(node: Node) -> Iterator[Node]:
    """Visit every node but those inside directive definitions' bodies and values."""
    yield node
    if isinstance(node, DirectiveDefinitionNode):
        return
    for key in ("definitions", "directives", "fields", "arguments", "values"):
        for child in getattr(node, key, None) or ():
            if isinstance(child, Node):
                yield from _walk(child)
