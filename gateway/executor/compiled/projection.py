"""Compiles a root shape into functions that make the answer of whole data.

In: the shapes that ``complete`` walks. Out: ``Project``: from merged data to the answer, equal to
what ``complete`` makes where it finds nothing to tell; else it raises ``Deviation``. One function
per object shape and runtime type; the types behind an interface or union when they are first met.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from graphql import GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString

from gateway.executor.compiled.source import Deviation, NotCovered, build_function
from gateway.executor.project.leaf import UNREADABLE, Coercion, find_coercion
from gateway.executor.project.shapes import (
    TYPENAME_SHAPE,
    FieldShape,
    LeafShape,
    ListShape,
    ObjectShape,
    OutputShape,
)

__all__ = ["Project", "compile_projection"]

Project: TypeAlias = Callable[[Any], dict[str, Any]]

# What a value needs to be itself in the answer; anything else is decided by the coercion.
_AS_IT_IS: dict[Coercion, str] = {
    find_coercion(GraphQLString): "type({0}) is str",
    find_coercion(GraphQLID): "type({0}) is str",
    find_coercion(GraphQLInt): "type({0}) is int and -2147483648 <= {0} <= 2147483647",
    find_coercion(GraphQLFloat): "type({0}) is float and -1e308 < {0} < 1e308",
    find_coercion(GraphQLBoolean): "type({0}) is bool",
}


def compile_projection(root: ObjectShape) -> Project:
    """Generate the functions of one operation; raises ``NotCovered`` where a field is denied."""
    return _compile_type(root, root.type_name)


def _compile_type(shape: ObjectShape, runtime: str) -> Project:
    """Generate the function for objects of one runtime type."""
    names: dict[str, Any] = {}
    lines = ["def project(o):", " if type(o) is not dict: raise Deviation"]
    entries = []
    for number, field in enumerate(shape.fields_of(runtime)):
        if field.output is TYPENAME_SHAPE:
            if field.typename is None:
                raise NotCovered
            entries.append(f"{field.response_name!r}: {field.typename!r}")
            continue
        if field.is_denied:
            raise NotCovered
        value = f"v{number}"
        lines.append(f" {value} = o.get({field.response_name!r})")
        entries.append(f"{field.response_name!r}: {_expression(field, number, names)}")
    lines.append(f" return {{{', '.join(entries)}}}")
    return build_function("project", lines, names)


def _expression(field: FieldShape, number: int, names: dict[str, Any]) -> str:
    return _output(field.output, f"v{number}", f"{number}", names)


def _output(output: OutputShape, value: str, suffix: str, names: dict[str, Any]) -> str:
    """Give the expression that answers ``value``; what it calls goes into ``names``."""
    if isinstance(output, LeafShape):
        return _leaf(output, value, suffix, names)
    if isinstance(output, ListShape):
        item = f"i{suffix}"
        inner = _output(output.item, item, f"{suffix}_", names)
        made = f"[{inner} for {item} in {value}] if type({value}) is list else "
        return f"({made}{_otherwise(output, value)})"
    function = f"p{suffix}"
    names[function] = _project_abstract(output) if output.is_abstract else _project_object(output)
    if output.non_null:
        return f"{function}({value})"
    return f"(None if {value} is None else {function}({value}))"


def _leaf(leaf: LeafShape, value: str, suffix: str, names: dict[str, Any]) -> str:
    names[f"c{suffix}"] = _strict(leaf)
    as_it_is = _AS_IT_IS.get(leaf.coerce)
    call = f"c{suffix}({value})"
    if as_it_is is None:
        return call
    return f"({value} if {as_it_is.format(value)} else {call})"


def _strict(leaf: LeafShape) -> Coercion:
    """Coerce, and deviate for what the reference would tell of."""
    coerce, non_null = leaf.coerce, leaf.non_null

    def answer(value: Any) -> Any:
        result = None if value is None else coerce(value)
        if result is UNREADABLE or (result is None and non_null):
            raise Deviation
        return result

    return answer


def _otherwise(output: ListShape, value: str) -> str:
    if output.non_null:
        return f"deviate({value})"
    return f"(None if {value} is None else deviate({value}))"


def _project_object(shape: ObjectShape) -> Project:
    return _compile_type(shape, shape.type_name)


def _project_abstract(shape: ObjectShape) -> Project:
    """Dispatch on the runtime type; a type that is not plainly visible deviates."""
    known: dict[str, Project] = {}

    def project(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise Deviation
        runtime = value.get("__typename")
        if type(runtime) is not str:
            raise Deviation
        function = known.get(runtime)
        if function is None:
            function = known[runtime] = _compile_visible(shape, value, runtime)
        return function(value)

    return project


def _compile_visible(shape: ObjectShape, value: dict[str, Any], runtime: str) -> Project:
    if shape.runtime_of(value) != runtime:
        raise Deviation
    try:
        return _compile_type(shape, runtime)
    except NotCovered:
        raise Deviation from None
