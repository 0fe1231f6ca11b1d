"""The shared selection sets: printing, evaluation, variables."""

import pytest
from graphql import parse

from schema.ast_value import value_from_ast
from schema.selection import (
    Argument,
    Condition,
    Directive,
    Field,
    Fragment,
    ListValue,
    Literal,
    ObjectValue,
    SelectionSet,
    Value,
    Variable,
    evaluate,
    print_value,
    variables_of,
)

SELECTION = SelectionSet(
    "Query",
    (
        Field(
            "user",
            SelectionSet(
                "User",
                (
                    Field("id", conditions=(Condition("withId", True), Condition("noId", False))),
                    Fragment(
                        SelectionSet("Admin", (Field("level"),)), conditions=(Condition("a", True),)
                    ),
                ),
            ),
            arguments=(Argument("where", ObjectValue((("ids", ListValue((Variable("id"),))),))),),
            alias="me",
            directives=(Directive("trace", (Argument("depth", Variable("depth")),)),),
        ),
    ),
)


def test_prints_as_graphql_text() -> None:
    """The text is the selection as a client would write it, and graphql-core reads it."""
    text = str(SELECTION)
    assert text == (
        "{ me: user(where: {ids: [$id]}) @trace(depth: $depth) "
        "{ id @include(if: $withId) @skip(if: $noId) "
        "... on Admin @include(if: $a) { level } } }"
    )
    parse(text)


def test_prints_further_conditions_around_the_selection() -> None:
    """Neither directive may stand twice at one place, so the second needs a fragment."""
    conditions = (Condition("a", True), Condition("b", False), Condition("c", True))
    selections = SelectionSet(
        "Query",
        (
            Field("id", conditions=conditions),
            Fragment(SelectionSet("User", (Field("name"),)), conditions=conditions[::2]),
        ),
    )
    assert str(selections) == (
        "{ ... @include(if: $c) { id @include(if: $a) @skip(if: $b) } "
        "... @include(if: $c) { ... on User @include(if: $a) { name } } }"
    )


def test_lists_the_variables_in_order_of_first_use() -> None:
    """Conditions, directives and nested argument values all count."""
    assert variables_of(SELECTION) == ("depth", "id", "withId", "noId", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("-1.5e3", -1500.0),
        ('"a\\u00e9\\n"', "aé\n"),
        ("true", True),
        ("null", None),
        ("RED", "RED"),
        ('[1, [$x], {a: "b", c: $x}]', [1, [7], {"a": "b", "c": 7}]),
        ("{a: $missing, b: 1}", {"b": 1}),
        ("[$missing]", [None]),
    ],
)
def test_evaluates_to_json_values(text: str, expected: object) -> None:
    """A literal's JSON value is what GraphQL says; absent variables leave object fields out."""
    value = value_of(text)
    result = evaluate(value, {"x": 7})
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize("text", ["1", "1.0", '"a"', "RED", "[1, 2]", "{a: {b: [null]}}", "$v"])
def test_prints_values_as_written(text: str) -> None:
    """Printing a value gives its canonical text."""
    assert print_value(value_of(text)) == text


def test_literals_keep_their_kind_apart() -> None:
    """``1``, ``1.0`` and ``true`` are three different values."""
    assert len({Literal("1"), Literal("1.0"), Literal("true")}) == 3


def value_of(text: str) -> Value:
    """Read one value of an argument."""
    definition = parse(f"{{ f(a: {text}) }}").definitions[0]
    argument = definition.selection_set.selections[0].arguments[0]  # type: ignore[attr-defined]  # a query
    return value_from_ast(argument.value)
