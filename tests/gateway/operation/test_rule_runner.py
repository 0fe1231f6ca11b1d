"""The rule runner: graphql-core's verdict, fewer steps."""

import pytest
from graphql import parse, specified_rules, validate

from gateway.operation.rule_runner import run_rules
from tests.testkit.operations import SCHEMA

DOCUMENTS = [
    "{ me { id ...F } } fragment F on User { name friends(first: 1) { id } }",
    "{ nothing me { nothing } } fragment F on Nothing { id }",
    "query ($a: Int, $b: Nothing) { count(n: $c, x: 1) @skip }",
    "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F ...H }",
    'query A { count } query A { me } { count(n: "x") }',
    "type A { a: Int } { count }",
    "{ count(color: 1, n: {a: 1}) user(filter: {a: 1}) { id } }",
    "query A ($v: Int) { ...F } query B ($v: String) { ...F } fragment F on Query { count(n: $v) }",
]


@pytest.mark.parametrize("text", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_finds_what_graphql_core_finds(text: str) -> None:
    """All specified rules give the same errors in the same order."""
    document = parse(text)
    expected = [error.message for error in validate(SCHEMA, document)]
    found = run_rules(SCHEMA, document, specified_rules, 100, hide_suggestions=False)
    assert [error.message for error in found] == expected


def test_stops_at_the_number_asked_for() -> None:
    """Exactly as many errors as asked for, and no notice beside them."""
    document = parse("{ a b c d e f g }")
    found = run_rules(SCHEMA, document, specified_rules, 3, hide_suggestions=True)
    assert [error.message[:20] for error in found] == ["Cannot query field '"] * 3
