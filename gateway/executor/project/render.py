"""How an answer is projected, for ``simpul project``: fields in order, per runtime type.

In: a ``ProjectionProgram``, the variables that conditions ask, the API schema. Out: a tree as JSON
values, and its text. Compiles nothing that a request would not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLSchema, is_abstract_type

from gateway.executor.project.shapes import (
    FieldShape,
    LeafShape,
    ListShape,
    ObjectShape,
    OutputShape,
    ProjectionProgram,
)

__all__ = ["projection_to_json", "render_projection"]


def projection_to_json(
    program: ProjectionProgram, variables: Mapping[str, Any], schema: GraphQLSchema
) -> dict[str, Any]:
    """Give what ``data`` holds: per object its possible types, per type its fields in order."""
    return _object(program.root(variables), schema)


def render_projection(
    program: ProjectionProgram, variables: Mapping[str, Any], schema: GraphQLSchema
) -> str:
    """Print one field a line: response name, coordinate, and what may be null."""
    return "\n".join(_lines(projection_to_json(program, variables, schema), 0))


def _object(shape: ObjectShape, schema: GraphQLSchema) -> dict[str, Any]:
    declared = schema.type_map.get(shape.type_name)
    names = (
        [each.name for each in schema.get_possible_types(declared)]
        if is_abstract_type(declared)
        else [shape.type_name]
    )
    return {
        "types": {
            name: [_field(field, schema) for field in shape.fields_of(name)] for name in names
        }
    }


def _field(field: FieldShape, schema: GraphQLSchema) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": field.response_name, "coordinate": field.coordinate}
    if field.is_denied:
        shown["denied"] = True
    return shown | _output(field.output, schema)


def _output(output: OutputShape, schema: GraphQLSchema) -> dict[str, Any]:
    mark = "!" if output.non_null else ""
    if isinstance(output, LeafShape):
        return {"shape": f"leaf{mark}"}
    if isinstance(output, ListShape):
        inner = _output(output.item, schema)
        return {**inner, "shape": f"[{inner['shape']}]{mark}"}
    return {"shape": f"object{mark}"} | _object(output, schema)


def _lines(tree: Mapping[str, Any], depth: int) -> Iterator[str]:
    types = tree.get("types", {})
    for name, fields in types.items():
        indent = "  " * depth
        if len(types) > 1:
            yield f"{indent}on {name}"
            indent += "  "
        for field in fields:
            denied = " denied" if field.get("denied") else ""
            yield f"{indent}{field['name']}: {field['shape']} ({field['coordinate']}){denied}"
            yield from _lines(field, len(indent) // 2 + 1)
