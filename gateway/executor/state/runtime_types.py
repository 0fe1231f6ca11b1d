"""Answers what a ``__typename`` means: is it an object, and does a type condition cover it?

In: the API schema and the abstract types that only the plan names (an inaccessible interface that
an @interfaceObject subgraph answers for). Out: predicates over type names. Made once per operation;
graphql-core keeps the possible types.
"""

from __future__ import annotations

from graphql import (
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
)

__all__ = ["RuntimeTypes"]


class RuntimeTypes:
    """What the executor asks about types at run time."""

    def __init__(
        self, schema: GraphQLSchema, hidden_abstract: frozenset[str] = frozenset()
    ) -> None:
        self._schema = schema
        self._hidden_abstract = hidden_abstract

    def is_object(self, name: object) -> bool:
        """Tell whether ``name`` is an object type that the client may see."""
        return isinstance(name, str) and isinstance(
            self._schema.type_map.get(name), GraphQLObjectType
        )

    def is_abstract(self, name: object) -> bool:
        """Tell whether ``name`` is an interface or union, and so no entity's real type."""
        if not isinstance(name, str):
            return False
        found = self._schema.type_map.get(name)
        if found is None:
            return name in self._hidden_abstract
        return isinstance(found, GraphQLInterfaceType | GraphQLUnionType)

    def applies(self, type_condition: str, runtime: object) -> bool:
        """Tell whether a fragment on ``type_condition`` selects on an object of ``runtime``.

        ``runtime`` may be an interface's name: the object then came from an @interfaceObject
        subgraph and only conditions on that interface or a wider one hold. A type that the client
        may not see matches every interface: what is hidden can still be joined on.
        """
        if type_condition == runtime:
            return True
        if not self.is_abstract(type_condition):
            return False
        condition = self._schema.type_map.get(type_condition)
        # An upstream may give anything for a type name.
        found = self._schema.type_map.get(runtime) if isinstance(runtime, str) else None
        if condition is None or found is None:
            return True
        if not isinstance(condition, GraphQLInterfaceType | GraphQLUnionType):
            return False
        if not isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            return False
        return self._schema.is_sub_type(condition, found)

    def is_required(self, type_name: str, field_name: str) -> bool:
        """Tell whether the API schema declares the field non-null."""
        found = self._schema.type_map.get(type_name)
        if not isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            return False
        field = found.fields.get(field_name)
        return field is not None and isinstance(field.type, GraphQLNonNull)
