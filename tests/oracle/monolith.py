"""The truth: the API schema executed as if one server had every object.

In: an API schema, objects, an operation. Out: graphql-core's result, and the mutation fields in
the order they ran.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema, execute_sync, parse

from tests.oracle.objects import Objects, Thing

__all__ = ["Monolith"]


class Monolith:
    """One server with everything."""

    def __init__(self, api: GraphQLSchema, objects: Objects) -> None:
        self._api = api
        self._objects = objects
        self.mutations: list[str] = []

    def answer(self, text: str, variables: Mapping[str, Any]) -> ExecutionResult:
        """Execute a valid operation."""
        self.mutations = []
        return execute_sync(
            self._api,
            parse(text),
            variable_values=dict(variables),
            field_resolver=self._resolve,
            type_resolver=lambda thing, *_: thing.type_name,
        )

    def _resolve(self, thing: Thing | None, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        if thing is None:
            thing = Thing(info.parent_type.name, 0)
        if thing.type_name == "Mutation":
            self.mutations.append(f"{info.field_name} {sorted(given.items())}")
        return self._objects.value(thing, info.field_name, given)
