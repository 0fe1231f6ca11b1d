"""Normalization changes no answer: graphql-core's executor gives the same bytes after it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import (
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)
from graphql.type import GraphQLAbstractType
from hypothesis import Phase, assume, example, given, settings
from hypothesis import strategies as st

from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.print import print_operation

SCHEMA: GraphQLSchema = build_schema(
    """
    type Query { any: I all: [I] found: [U] s: S }
    interface I { id: ID one: I }
    interface J { id: ID }
    type S implements I & J { id: ID one: I own: S }
    type T implements I & J { id: ID one: I other: U }
    type W implements I { id: ID one: I }
    union U = S | T | W
    """
)

NO_SHRINKING = (Phase.explicit, Phase.generate)  # minutes for documents of this size

ORDER = ("S", "T", "W")


def resolve_field(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Answer with objects that know their type; each step goes to the next type."""
    depth = source["depth"] + 1 if isinstance(source, dict) else 0
    name = info.field_name
    if name == "id":
        return f"{info.parent_type.name}{depth}"
    if name in ("all", "found"):
        return [{"type": each, "depth": depth} for each in ORDER]
    return {"type": "S" if name in ("s", "own") else ORDER[depth % 3], "depth": depth}


def resolve_type(value: Any, info: GraphQLResolveInfo, abstract: GraphQLAbstractType) -> str:
    """Tell an object's type."""
    return str(value["type"])


VARIABLES = "query ($a: Boolean!, $b: Boolean!)"

FIELDS = {
    "Query": ("any", "all", "found", "s"),
    "I": ("id", "one"),
    "J": ("id",),
    "S": ("id", "one", "own"),
    "T": ("id", "one", "other"),
    "W": ("id", "one"),
    "U": (),
}
TYPE_OF = {"any": "I", "all": "I", "found": "U", "s": "S", "one": "I", "own": "S", "other": "U"}
CONDITIONS = (
    "",
    "",
    "@include(if: $a)",
    "@skip(if: $a)",
    "@skip(if: $b)",
    "@include(if: true)",
    "@skip(if: true)",
    "@include(if: $a) @skip(if: $b)",
)


@st.composite
def selection_sets(draw: st.DrawFn, type_name: str, depth: int) -> str:
    """Generate a selection set on a type, with fragments and conditions."""
    parts = ["__typename"] if draw(st.booleans()) or not FIELDS[type_name] else []
    for _ in range(draw(st.integers(1, 4))):
        condition = draw(st.sampled_from(CONDITIONS))
        kind = draw(st.sampled_from(["field", "field", "narrow", "same", "spread"]))
        if kind == "field" and FIELDS[type_name]:
            name = draw(st.sampled_from(FIELDS[type_name]))
            alias = draw(st.sampled_from(["", "x: ", "y: "]))
            inner = ""
            if name != "id":
                if depth == 0:
                    continue
                inner = f"{{ {draw(selection_sets(TYPE_OF[name], depth - 1))} }}"
            parts.append(f"{alias}{name} {condition} {inner}")
        elif kind == "spread" and type_name != "Query":
            parts.append(f"...P {condition}")
        elif depth > 0:
            names = [type_name] if kind == "same" or type_name == "Query" else list(FIELDS)[1:]
            on = draw(st.sampled_from(names))
            parts.append(f"... on {on} {condition} {{ {draw(selection_sets(on, depth - 1))} }}")
    return " ".join(parts) or "__typename"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Generate a document with one operation and one fragment."""
    text = f"{VARIABLES} {{ {draw(selection_sets('Query', 3))} }}"
    if "...P" in text:
        fragment = draw(selection_sets("I", 1)).replace("...P", "id")
        text += f" fragment P on I {{ {fragment} }}"
    return text


def answer(text: str, variables: dict[str, bool]) -> str:
    """Execute and give the bytes of the answer: order counts."""
    result = execute_sync(
        SCHEMA,
        parse(text),
        variable_values=variables,
        field_resolver=resolve_field,
        type_resolver=resolve_type,
    )
    assert result.errors is None
    return json.dumps(result.data)


@pytest.mark.property
@settings(max_examples=settings.default.max_examples // 4, phases=NO_SHRINKING)
@given(documents(), st.booleans(), st.booleans())
@example(
    f"{VARIABLES} {{ any {{ one {{ id }} ... on S {{ one {{ x: id }} }} one {{ y: id }} }} }}",
    True,
    True,
)
@example(
    f"{VARIABLES} {{ any {{ one {{ id }} ... on S {{ y: id }} one {{ y: id }} }} }}", True, True
)
def test_answers_stay_the_same_in_the_same_order(text: str, first: bool, second: bool) -> None:
    """Whatever is merged, flattened or dropped, no answer and no order changes."""
    document = parse(text)
    unused = "is never used"
    assume(not [e for e in validate(SCHEMA, document) if unused not in e.message])
    printed = print_operation(normalize_document(document, None, SCHEMA))
    variables = {"a": first, "b": second}
    assert answer(printed, variables) == answer(text, variables)
