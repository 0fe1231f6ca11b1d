"""Coercion of variables: what fits, what does not, and what the text never repeats."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.errors import BadUserInput
from gateway.operation.model import VariableDefinition
from gateway.operation.variables import coerce_variables
from schema.selection import ListValue, Literal, Value
from schema.supergraph.model import TypeRef
from tests.testkit.operations import SCHEMA


def type_ref(text: str) -> TypeRef:
    """Read ``[Int!]!``."""
    if text.endswith("!"):
        inner = type_ref(text[:-1])
        return TypeRef(inner.name, inner.of, True)
    return TypeRef(of=type_ref(text[1:-1])) if text.startswith("[") else TypeRef(text)


def coerce(type_text: str, raw: dict[str, Any], default: Value | None = None) -> dict[str, Any]:
    """Coerce the one variable ``v``."""
    definition = VariableDefinition("v", type_ref(type_text), default)
    return coerce_variables((definition,), raw, SCHEMA)


FITS = {
    "Int": ("Int", 3, 3),
    "Int as an integral float": ("Int", 3.0, 3),
    "the largest Int": ("Int", 2**31 - 1, 2**31 - 1),
    "Float": ("Float", 1.5, 1.5),
    "Float as an integer": ("Float", 3, 3),
    "String": ("String", "a", "a"),
    "Boolean": ("Boolean!", False, False),
    "ID": ("ID", "a", "a"),
    "ID as a number": ("ID!", 12, "12"),
    "null": ("Int", None, None),
    "enum": ("Color", "RED", "RED"),
    "custom scalar": ("Date", {"any": [1, None]}, {"any": [1, None]}),
    "list": ("[Int!]!", [1, 2], [1, 2]),
    "one for a list": ("[Int!]!", 1, [1]),
    "one for a list of lists": ("[[Int]]", 1, [[1]]),
    "null in a list": ("[Int]", [1, None], [1, None]),
    "input object": ("Filter", {"needed": 1}, {"needed": 1}),
    "nested input object": (
        "Filter",
        {"needed": 1, "tags": "a", "inner": {"needed": 2.0}},
        {"needed": 1, "tags": ["a"], "inner": {"needed": 2}},
    ),
    "oneOf": ("Choice", {"b": "x"}, {"b": "x"}),
}

MISFITS = {
    "text for an Int": ("Int", "3", '"Int"'),
    "a fraction for an Int": ("Int", 3.5, '"Int"'),
    "Boolean for an Int": ("Int", True, '"Int"'),
    "too large an Int": ("Int", 2**31, '"Int"'),
    "too small an Int": ("Int", -(2**31) - 1, '"Int"'),
    "text for a Float": ("Float", "1.5", '"Float"'),
    "an infinite Float": ("Float", float("inf"), '"Float"'),
    "an integer beyond Float": ("Float", 10**400, '"Float"'),
    "Boolean for a Float": ("Float", True, '"Float"'),
    "number for a String": ("String", 3, '"String"'),
    "number for a Boolean": ("Boolean", 1, '"Boolean"'),
    "Boolean for an ID": ("ID", True, '"ID"'),
    "fraction for an ID": ("ID", 1.5, '"ID"'),
    "null for a non-null": ("Int!", None, '"Int!"'),
    "null in a list": ("[Int!]", [1, None], '"v[1]"'),
    "unknown enum value": ("Color", "BLUE", '"Color"'),
    "number for an enum": ("Color", 1, '"Color"'),
    "list for an object": ("Filter", [1], '"Filter"'),
    "unknown input field": ("Filter", {"needed": 1, "x": 1}, '"x"'),
    "missing input field": ("Filter", {"name": "a"}, '"needed"'),
    "wrong input field": ("Filter", {"needed": 1, "tags": ["a", 2]}, '"v.tags[1]"'),
    "wrong nested field": (
        "[Filter]",
        [{"needed": 1, "inner": {"needed": "x"}}],
        '"v[0].inner.needed"',
    ),
    "two fields of a oneOf": ("Choice", {"a": 1, "b": "x"}, '"Choice"'),
    "null in a oneOf": ("Choice", {"a": None}, '"Choice"'),
    "no field of a oneOf": ("Choice", {}, '"Choice"'),
}


@pytest.mark.parametrize(("type_text", "raw", "expected"), FITS.values(), ids=FITS.keys())
def test_takes_what_fits(type_text: str, raw: Any, expected: Any) -> None:
    """Input coercion follows the specification."""
    values = coerce(type_text, {"v": raw})
    assert values == {"v": expected}
    assert type(values["v"]) is type(expected)


@pytest.mark.parametrize(("type_text", "raw", "where"), MISFITS.values(), ids=MISFITS.keys())
def test_refuses_what_does_not_fit(type_text: str, raw: Any, where: str) -> None:
    """Each misfit names variable, place and expected type."""
    with pytest.raises(BadUserInput) as caught:
        coerce(type_text, {"v": raw})
    entry = caught.value.render()[0]
    assert caught.value.status == 422
    assert entry["extensions"]["code"] == "BAD_USER_INPUT"
    assert '"$v"' in entry["message"]
    assert where in entry["message"]


def test_absent_is_not_null() -> None:
    """A nullable variable that was not given stays absent."""
    assert coerce("Int", {}) == {}
    assert coerce("Int", {"v": None}) == {"v": None}


def test_defaults_fill_in_for_absent_variables_only() -> None:
    """A null given is a null, default or not; a default is coerced as well."""
    assert coerce("Int", {}, Literal("3")) == {"v": 3}
    assert coerce("Int", {"v": None}, Literal("3")) == {"v": None}
    assert coerce("Int!", {}, Literal("3")) == {"v": 3}
    assert coerce("ID", {}, Literal("3")) == {"v": "3"}
    assert coerce("[Color]", {}, Literal("RED")) == {"v": ["RED"]}
    assert coerce("[Int]", {}, ListValue((Literal("1"), Literal("null")))) == {"v": [1, None]}


def test_a_required_variable_must_be_given() -> None:
    """Missing is told apart from null."""
    with pytest.raises(BadUserInput) as caught:
        coerce("Int!", {})
    assert "was not given" in str(caught.value)


def test_ignores_variables_that_are_not_declared() -> None:
    """Clients send one object for many operations."""
    assert coerce("Int", {"v": 1, "other": object()}) == {"v": 1}


def test_tells_at_most_five_problems() -> None:
    """Each variable gives one problem, and five are enough."""
    definitions = [VariableDefinition(f"v{i}", type_ref("Int!")) for i in range(20)]
    with pytest.raises(BadUserInput) as caught:
        coerce_variables(definitions, {}, SCHEMA)
    assert [entry["message"][:14] for entry in caught.value.render()] == [
        f'Variable "$v{i}"' for i in range(5)
    ]


@pytest.mark.parametrize(
    ("type_text", "raw"),
    [
        ("Int", "3171029990010001"),
        ("Int", 3171029990010001),
        ("Color", "3171029990010001"),
        ("Filter", {"needed": "3171029990010001"}),
        ("Filter", {"3171029990010001": 1}),
        ("Filter", "3171029990010001"),
        ("[Boolean]", ["3171029990010001"]),
        ("Choice", {"a": 1, "b": "3171029990010001"}),
    ],
)
def test_never_repeats_a_value(type_text: str, raw: Any) -> None:
    """A value may be a person's number: error texts end in logs."""
    with pytest.raises(BadUserInput) as caught:
        coerce(type_text, {"v": raw})
    assert "317102999" not in str(caught.value.render())


def test_cuts_long_names() -> None:
    """An input field's name of a megabyte does not come back."""
    with pytest.raises(BadUserInput) as caught:
        coerce("Filter", {"v": {"needed": 1, "x" * 1_000_000: 1}})
    assert len(str(caught.value.render())) < 600


def test_deep_input_is_refused_and_does_not_crash() -> None:
    """A type that holds itself may be nested, but not without end."""
    value: dict[str, Any] = {"needed": 1}
    for _ in range(5_000):
        value = {"needed": 1, "inner": value}
    with pytest.raises(BadUserInput) as caught:
        coerce("Filter", {"v": value})
    assert "nested too deeply" in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_renamed_variable_is_read_by_the_clients_name() -> None:
    """Its value travels under the new name; a complaint names the client's."""
    definition = VariableDefinition(
        "representations_", type_ref("Int!"), given_as="representations"
    )
    assert coerce_variables([definition], {"representations": 7}, SCHEMA) == {"representations_": 7}
    with pytest.raises(BadUserInput) as caught:
        coerce_variables([definition], {"representations_": 7}, SCHEMA)
    assert '"$representations"' in caught.value.render()[0]["message"]
