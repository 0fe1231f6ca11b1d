"""Is the schema valid GraphQL?

In: a complete document (``document.py``). Out: INVALID_GRAPHQL findings: the specification's own
rules by graphql-core, except that a subgraph needs no query type, and the values of directive
arguments and defaults, which graphql-core does not look at in schemas.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    InputValueDefinitionNode,
    Node,
    TypeNode,
    Undefined,
    build_ast_schema,
    is_input_type,
    type_from_ast,
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
        findings.report(_CODE, error.message)


def _value_errors(
    document: DocumentNode, schema: GraphQLSchema, unchecked: frozenset[str]
) -> Iterator[GraphQLError]:
    for node in _walk(document):
        if isinstance(node, InputValueDefinitionNode):
            yield from _default_errors(node, schema)
        elif isinstance(node, ConstDirectiveNode):
            yield from _argument_errors(node, schema, unchecked)


def _default_errors(
    node: InputValueDefinitionNode, schema: GraphQLSchema
) -> Iterator[GraphQLError]:
    if node.default_value is None:
        return
    type_ = _input_type(schema, node.type)
    if type_ is not None and value_from_ast(node.default_value, type_) is Undefined:
        yield GraphQLError(
            f'The default of "{node.name.value}" is no value of type "{type_}"; correct it.'
        )


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


def _input_type(schema: GraphQLSchema, node: TypeNode) -> GraphQLInputType | None:
    type_ = type_from_ast(schema, node)
    return type_ if is_input_type(type_) else None


def _walk(node: Node) -> Iterator[Node]:
    """Visit every node but those inside directive definitions' bodies and values."""
    yield node
    if isinstance(node, DirectiveDefinitionNode):
        return
    for key in ("definitions", "directives", "fields", "arguments", "values"):
        for child in getattr(node, key, None) or ():
            if isinstance(child, Node):
                yield from _walk(child)
