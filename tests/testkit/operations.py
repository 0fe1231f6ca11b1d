"""One client's schema for tests of operations, and the way from text to operation."""

from __future__ import annotations

from graphql import GraphQLSchema, build_schema

from gateway.operation.limits import OperationLimits, check_limits
from gateway.operation.model import Operation
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.validate import validate_document

__all__ = ["SCHEMA", "read_operation"]

SCHEMA: GraphQLSchema = build_schema(
    """
    directive @trace(depth: Int) on FIELD | INLINE_FRAGMENT | FRAGMENT_SPREAD
    type Query {
      me: User
      user(id: ID!, filter: Filter): User
      users(ids: [ID!], first: Int = 10): [User!]
      node: Node
      found: Found
      count(n: Int, ratio: Float, color: Color, at: Date): Int
      pick(choice: Choice): Int
    }
    type Mutation { rename(id: ID!, name: String!): User }
    type Subscription { renamed: User }
    interface Node { id: ID! }
    interface Named { name: String }
    type User implements Node & Named {
      id: ID!
      name: String
      age: Int!
      friends(first: Int): [User]
      best: User
      node: Node
      found: Found
    }
    type Admin implements Node & Named { id: ID! name: String level: Int user: User age: String }
    type Place implements Node { id: ID! area: Float best: Place }
    union Found = User | Admin | Place
    enum Color { RED GREEN }
    scalar Date
    input Filter { name: String tags: [String!] size: Int! = 3 needed: Int! inner: Filter }
    input Choice @oneOf { a: Int b: String }
    """
)


def read_operation(text: str, name: str | None = None) -> Operation:
    """Parse, limit, validate and normalize, as the pipeline does."""
    limits = OperationLimits()
    document = parse_document(text, max_tokens=limits.tokens)
    check_limits(document, limits)
    validate_document(document, SCHEMA)
    return normalize_document(document, name, SCHEMA)
