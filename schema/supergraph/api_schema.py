"""The schema that clients see.

In: a ``Supergraph``. Out: a ``graphql.GraphQLSchema`` and its SDL: without what is @inaccessible,
without join, link and composed directives, with descriptions and deprecations. Validation,
introspection and variables all read this one schema; enum values are their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from graphql import GraphQLError, GraphQLSchema, build_schema, validate_schema

from schema.errors import SupergraphError
from schema.supergraph.model import (
    ArgumentDefinition,
    DirectiveDefinition,
    EnumType,
    FieldDefinition,
    InputObjectType,
    ObjectType,
    Supergraph,
    TypeDefinition,
    UnionType,
)
from schema.supergraph.sdl import SdlPrinter, print_text

__all__ = ["build_api_schema", "render_api_schema"]


def build_api_schema(supergraph: Supergraph) -> GraphQLSchema:
    """Build the client's schema.

    Raises:
        SupergraphError: if what is visible makes no valid GraphQL schema.
    """
    sdl = render_api_schema(supergraph)
    try:
        schema = build_schema(sdl, assume_valid_sdl=True, no_location=True)
        problems = validate_schema(schema)
    except (GraphQLError, TypeError) as error:
        raise SupergraphError(f"The supergraph gives no valid API schema: {error}") from error
    if problems:
        listed = " ".join(problem.message for problem in problems[:5])
        raise SupergraphError(f"The supergraph gives no valid API schema: {listed}")
    return schema


def render_api_schema(supergraph: Supergraph) -> str:
    """Print the client's schema as SDL, types sorted by name."""
    visible = _Visible(supergraph)
    printer = SdlPrinter()
    directives = [
        printer.print_directive_definition(visible.strip_directive(definition))
        for definition in sorted(supergraph.directives.values(), key=lambda d: d.name)
        if not definition.composed
    ]
    types = [printer.print_type(visible.types[name]) for name in sorted(visible.types)]
    return "\n\n".join([_schema(supergraph, visible.types), *directives, *types]) + "\n"


def _schema(supergraph: Supergraph, types: Mapping[str, TypeDefinition]) -> str:
    if supergraph.query_type not in types:
        raise SupergraphError(
            f'The query type "{supergraph.query_type}" has no accessible field.',
            (supergraph.query_type,),
        )
    roots = {
        "query": supergraph.query_type,
        "mutation": supergraph.mutation_type,
        "subscription": supergraph.subscription_type,
    }
    lines = "".join(f"  {kind}: {name}\n" for kind, name in roots.items() if name in types)
    description = f"{print_text(supergraph.description)}\n" if supergraph.description else ""
    return f"{description}schema {{\n{lines}}}"


class _Visible:
    """The types that clients see, each without its hidden members."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._names = {
            name
            for name, definition in supergraph.types.items()
            if definition.joins and not definition.applied.inaccessible
        } | {"Int", "Float", "String", "Boolean", "ID"}
        self.types = self._settle(supergraph)

    def _settle(self, supergraph: Supergraph) -> dict[str, TypeDefinition]:
        # Hiding the last member of a type hides the type, which may hide members of others.
        while True:
            types = {
                name: self._strip(definition)
                for name, definition in supergraph.types.items()
                if name in self._names
            }
            emptied = {name for name, definition in types.items() if _is_empty(definition)}
            if not emptied:
                return types
            self._names -= emptied

    def strip_directive(self, definition: DirectiveDefinition) -> DirectiveDefinition:
        """Give an executable directive without its hidden arguments."""
        shown = tuple(argument for argument in definition.arguments if self._shows(argument))
        return replace(definition, arguments=shown)

    def _strip(self, definition: TypeDefinition) -> TypeDefinition:
        if isinstance(definition, ObjectType):
            return replace(
                definition,
                fields={
                    name: self._strip_field(field)
                    for name, field in definition.fields.items()
                    if not field.applied.inaccessible and field.type.named in self._names
                },
                implements=tuple(j for j in definition.implements if j.interface in self._names),
            )
        if isinstance(definition, UnionType):
            members = tuple(m for m in definition.members if m.member in self._names)
            return replace(definition, members=members)
        if isinstance(definition, EnumType):
            values = {n: v for n, v in definition.values.items() if not v.applied.inaccessible}
            return replace(definition, values=values)
        if isinstance(definition, InputObjectType):
            return replace(
                definition,
                fields={
                    name: field
                    for name, field in definition.fields.items()
                    if not field.applied.inaccessible and field.type.named in self._names
                },
            )
        return definition

    def _strip_field(self, field: FieldDefinition) -> FieldDefinition:
        return replace(field, arguments=tuple(a for a in field.arguments if self._shows(a)))

    def _shows(self, argument: ArgumentDefinition) -> bool:
        return not argument.applied.inaccessible and argument.type.named in self._names


def _is_empty(definition: TypeDefinition) -> bool:
    if isinstance(definition, ObjectType | InputObjectType):
        return not definition.fields
    if isinstance(definition, UnionType):
        return not definition.members
    return isinstance(definition, EnumType) and not definition.values
