"""Texts for clients: cut, and without literals."""

import pytest
from graphql import GraphQLError

from gateway.operation.client_text import build_problem, hide_literal


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            'Int cannot represent non-integer value: "x: y"',
            "Int cannot represent non-integer value.",
        ),
        (
            "Expected value of type 'F' to be an object, found: {a: 1}.",
            "Expected value of type 'F' to be an object.",
        ),
        (
            "Expected value of type 'F' not to include unknown field 'x'. Did you mean 'y'? "
            "Found: {x: 1}.",
            "Expected value of type 'F' not to include unknown field 'x'. Did you mean 'y'?",
        ),
        (
            "Value 'BLUE' does not exist in 'Color' enum.",
            "Value 'BLUE' does not exist in 'Color' enum.",
        ),
    ],
)
def test_hides_the_literal_of_a_message(message: str, shown: str) -> None:
    """What stands after the colon was written by the client and stays there."""
    assert hide_literal(message) == shown


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "Syntax Error: Expected Name, found String 'a b'.",
            "Syntax Error: Expected Name, found String.",
        ),
        ("Syntax Error: Unexpected Int '12'.", "Syntax Error: Unexpected Int."),
        ("Syntax Error: Unexpected Name 'a'.", 'Syntax Error: Unexpected Name "a".'),
        ("Cannot query field 'a'.", 'Cannot query field "a".'),
    ],
)
def test_quotes_names_and_drops_literals(message: str, shown: str) -> None:
    """Names come back in double quotes, tokens that hold values do not."""
    assert build_problem(GraphQLError(message)).message == shown


def test_cuts_long_names_and_long_texts() -> None:
    """No text is longer than its cap, however long the names."""
    message = f"Fields '{'a' * 1000}' and '{'b' * 1000}' conflict. {'c' * 1000}"
    assert len(build_problem(GraphQLError(message)).message) <= 401
