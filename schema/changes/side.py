"""One side of a comparison.

In: SDL, of a supergraph or of a client's schema. Out: the schema that clients see, beside the
supergraph that it was made from where that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    SchemaDefinitionNode,
    build_ast_schema,
    parse,
)

from schema.errors import SupergraphError
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.load import load_supergraph
from schema.supergraph.model import Supergraph

__all__ = ["ComparedSchema"]


@dataclass(frozen=True, slots=True)
class ComparedSchema:
    """One side; ``supergraph`` is None if only the client's schema is known."""

    api: GraphQLSchema
    supergraph: Supergraph | None = None

    @classmethod
    def of(cls, supergraph: Supergraph) -> Self:
        """Take a supergraph; raises ``SupergraphError`` if clients would see no valid schema."""
        return cls(build_api_schema(supergraph), supergraph)

    @classmethod
    def read(cls, sdl: str) -> Self:
        """Read SDL; raises ``SupergraphError`` if it is neither form."""
        try:
            document = parse(sdl)
            if _is_supergraph(document):
                return cls.of(load_supergraph(sdl))
            schema = build_ast_schema(document)
        except (GraphQLError, TypeError) as error:
            raise SupergraphError(str(error)) from error
        if schema.query_type is None:
            raise SupergraphError("it has no query type")
        return cls(schema)


def _is_supergraph(document: DocumentNode) -> bool:
    """Tell a supergraph: its schema element carries directives, and it defines them."""
    definitions = document.definitions
    return any(isinstance(node, DirectiveDefinitionNode) for node in definitions) and any(
        isinstance(node, SchemaDefinitionNode) and node.directives for node in definitions
    )
