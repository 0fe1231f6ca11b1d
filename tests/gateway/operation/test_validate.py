"""Validation: every rule refuses, in time, without repeating literals."""

import contextlib

import pytest

from gateway.errors import ClientError, ValidationFailed
from gateway.operation.parse import parse_document
from gateway.operation.validate import validate_document
from tests.testkit.operations import SCHEMA, read_operation
from tests.testkit.work import count_calls

INVALID = {
    "unknown field": ("{ nothing }", '"nothing"'),
    "unknown field below": ("{ me { nothing } }", '"User"'),
    "a field of one member": ("{ found { id } }", '"Found"'),
    "leaf with selections": ("{ count { id } }", '"count"'),
    "object without selections": ("{ me }", '"me"'),
    "unknown argument": ("{ me(a: 1) { id } }", '"a"'),
    "argument given twice": ("{ count(n: 1, n: 2) }", '"n"'),
    "argument missing": ("{ user { id } }", '"Query.user(id:)"'),
    "argument null": ("{ user(id: null) { id } }", '"ID!"'),
    "wrong kind": ('{ count(n: "1") }', "Int"),
    "too large an Int": ("{ count(n: 2147483648) }", "Int"),
    "a Float for an Int": ("{ count(n: 1.0) }", "Int"),
    "an infinite Float": ("{ count(ratio: 1e400) }", "Float"),
    "unknown enum value": ("{ count(color: BLUE) }", '"Color"'),
    "a string for an enum": ('{ count(color: "RED") }', '"Color"'),
    "unknown input field": ("{ user(id: 1, filter: {needed: 1, x: 1}) { id } }", '"x"'),
    "missing input field": ("{ user(id: 1, filter: {}) { id } }", '"needed"'),
    "input field twice": ("{ user(id: 1, filter: {needed: 1, needed: 2}) { id } }", '"needed"'),
    "two fields of a oneOf": ('{ pick(choice: {a: 1, b: "x"}) }', '"Choice"'),
    "null in a oneOf": ("{ pick(choice: {a: null}) }", '"Choice"'),
    "unknown directive": ("{ me @nothing { id } }", '"@nothing"'),
    "defer": ("{ ... @defer { me { id } } }", '"@defer"'),
    "stream": ("{ users @stream { id } }", '"@stream"'),
    "directive in a wrong place": ("query @skip(if: true) { count }", '"@skip"'),
    "directive twice": ("{ count @skip(if: true) @skip(if: true) }", '"@skip"'),
    "condition without argument": ("{ count @skip }", '"@skip(if:)"'),
    "unknown fragment": ("{ ...F }", '"F"'),
    "unused fragment": ("{ count } fragment F on User { id }", '"F"'),
    "fragment twice": (
        "{ ...F } fragment F on Query { count } fragment F on Query { count }",
        '"F"',
    ),
    "fragment on a leaf": ("{ ...F } fragment F on Int { id }", '"Int"'),
    "fragment on nothing": ("{ ...F } fragment F on Nothing { id }", '"Nothing"'),
    "impossible fragment": ("{ me { ... on Place { id } } }", '"Place"'),
    "fragment cycle": ("{ ...F } fragment F on Query { count ...F }", '"F"'),
    "unused variable": ("query ($a: Int) { count }", '"$a"'),
    "undeclared variable": ("{ count(n: $a) }", '"$a"'),
    "undeclared variable in a fragment": (
        "{ ...F } fragment F on Query { count(n: $a) }",
        '"$a"',
    ),
    "variable twice": ("query ($a: Int, $a: Int) { count(n: $a) }", '"$a"'),
    "variable of output type": ("query ($a: User) { count(n: $a) }", '"User"'),
    "variable of unknown type": ("query ($a: X) { count(n: $a) }", '"X"'),
    "variable in a wrong place": ("query ($a: String) { count(n: $a) }", '"$a"'),
    "nullable variable": ("query ($a: ID) { user(id: $a) { id } }", '"$a"'),
    "wrong default": ('query ($a: Int = "x") { count(n: $a) }', "Int"),
    "two anonymous operations": ("{ count } { count }", "operation"),
    "one name twice": ("query A { count } query A { count }", '"A"'),
    "type definition": ("type A { a: Int }", '"A"'),
    "conflicting fields": ("{ me { a: id a: name } }", '"a"'),
}


def validate(text: str, *, introspection: bool = True, suggest: bool = True) -> None:
    """Parse and validate."""
    document = parse_document(text, max_tokens=15_000)
    validate_document(document, SCHEMA, introspection=introspection, suggest=suggest)


@pytest.mark.parametrize(("text", "where"), INVALID.values(), ids=INVALID.keys())
def test_refuses_what_does_not_fit(text: str, where: str) -> None:
    """Each rule of the specification refuses, with code, status and place."""
    with pytest.raises(ValidationFailed) as caught:
        validate(text)
    entry = caught.value.render()[0]
    assert caught.value.status == 422
    assert entry["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert where in entry["message"]
    assert entry["locations"]


@pytest.mark.parametrize(
    "text",
    [
        "{ __typename }",
        '{ __schema { types { name } } __type(name: "User") { name } }',
        "query ($a: Boolean!) { me @skip(if: $a) { id } }",
        "{ count(at: {any: [thing]}) }",
        "{ count(ratio: 1) user(id: 12) { id } users(ids: 3) { id } }",
        '{ pick(choice: {b: "x"}) }',
    ],
)
def test_lets_pass_what_fits(text: str) -> None:
    """Introspection, custom scalars and input coercion are valid."""
    validate(text)


def test_stops_after_five_errors() -> None:
    """A thousand faults are five problems."""
    with pytest.raises(ValidationFailed) as caught:
        validate("{ " + " ".join(f"x{i}" for i in range(1_000)) + " }")
    assert len(caught.value.render()) == 5


@pytest.mark.parametrize(
    "text", ["{ __schema { types { name } } }", '{ __type(name: "A") { name } }']
)
def test_introspection_can_be_refused(text: str) -> None:
    """Off means that neither the schema nor its names come back."""
    with pytest.raises(ValidationFailed):
        validate(text, introspection=False)
    validate("{ __typename me { __typename } }", introspection=False)


def test_suggests_names_only_where_asked() -> None:
    """Without suggestions a text names nothing that the document does not."""
    with pytest.raises(ValidationFailed) as caught:
        validate("{ coumt }")
    assert '"count"' in str(caught.value.render())
    for options in ({"suggest": False}, {"introspection": False}):
        with pytest.raises(ValidationFailed) as caught:
            validate("{ coumt me(frist: 1) { nmae } }", **options)
        text = str(caught.value.render())
        assert "Did you mean" not in text
        assert '"count"' not in text


@pytest.mark.parametrize(
    "text",
    [
        '{ count(n: "3171029990010001") }',
        "{ count(n: 3171029990010001) }",
        '{ count(color: "3171029990010001") }',
        '{ user(id: {nik: "3171029990010001"}) { id } }',
        '{ user(id: 1, filter: {name: "3171029990010001"}) { id } }',
        '{ user(id: 1, filter: {needed: "3171029990010001"}) { id } }',
        '{ user(id: 1, filter: {x: "3171029990010001", needed: 1}) { id } }',
        '{ user(id: 1, filter: "3171029990010001") { id } }',
        '{ count @skip(if: "3171029990010001") }',
        'query ($a: Int = "3171029990010001") { count(n: $a) }',
        '{ user(id: "3171029990010001") { id } user(id: "3171029990010002") { id } }',
        '{ pick(choice: {a: 3171029990010001, b: "x"}) }',
    ],
)
def test_never_repeats_a_literal(text: str) -> None:
    """A literal may be a person's number: error texts end in logs."""
    with pytest.raises(ClientError) as caught:
        validate(text)
    assert "317102999" not in str(caught.value.render())


def test_cuts_what_it_repeats() -> None:
    """A name of half a megabyte does not come back."""
    with pytest.raises(ValidationFailed) as caught:
        validate("{ " + "x" * 500_000 + " }")
    assert len(str(caught.value.render())) < 600


BOMBS = {
    "one field a thousand times": "{ me { " + "best { id } " * 1_000 + "} }",
    "other arguments": "{ me { "
    + " ".join(f"friends(first: {i}) {{ id }}" for i in range(1_000))
    + "} }",
    "fragments that conflict": "{ me { ...A ...B } } "
    + " ".join(
        f"fragment {name} on User {{ " + " ".join(f"a{i}: {field}" for i in range(1_000)) + " }"
        for name, field in (("A", "id"), ("B", "name"))
    ),
    "unused variables": "query (" + " ".join(f"$v{i}: Int" for i in range(3_000)) + ") { count }",
    "undeclared variables": "{ me { "
    + " ".join(f"f{i}: friends(first: $v{i}) {{ id }}" for i in range(1_000))
    + "} }",
    "a long list": "{ users(ids: [" + "1 " * 100_000 + "]) { id } }",
    "a long wrong list": "{ users(ids: [" + "{a: 1} " * 900 + "]) { id } }",
    "many lists": "{ me { "
    + " ".join(f"f{i}: friends(first: [{'1 ' * 400}]) {{ id }}" for i in range(30))
    + "} }",
    "unknown names": "{ " + " ".join(f"unknown{i}" for i in range(2_000)) + " }",
    "fragments in a row": "{ ...F0 } "
    + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(500))
    + " fragment F500 on Query { count }",
    "fragments in a circle": "{ ...F0 } "
    + " ".join(f"fragment F{i} on Query {{ ...F{(i + 1) % 500} }}" for i in range(500)),
    "many operations": " ".join(f"query Q{i} {{ count }}" for i in range(2_000)),
    "operations over one fragment": " ".join(f"query Q{i} {{ ...F }}" for i in range(500))
    + " fragment F on Query { "
    + " ".join(f"f{i}: count" for i in range(30))
    + " }",
    "directives": "{ " + "count @skip(if: true) @include(if: true) " * 1_000 + "}",
    "possible spreads": "{ found { " + "... on Node { ... on Found { __typename } } " * 400 + "} }",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_no_document_stalls_the_loop(text: str) -> None:
    """From text to verdict in at most about a tenth of a second's calls, whatever is sent."""

    def read() -> None:
        with contextlib.suppress(ClientError):
            read_operation(text)

    assert count_calls(read) < 1_200_000
