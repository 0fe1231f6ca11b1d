"""Parsing: what is refused, with which code, and what its text never repeats."""

import pytest

from gateway.errors import ClientError, OperationTooLarge, ParseFailed
from gateway.operation.parse import parse_document

REFUSED = {
    "nothing": "",
    "blanks": " \n ",
    "a comment": "# a",
    "open brace": "{",
    "empty selection": "{}",
    "empty selection below": "{ me {} }",
    "empty selection of a fragment": "{ ...F } fragment F on User {}",
    "empty arguments": "{ me() }",
    "empty variables": "query () { me }",
    "two names": "{ a b: }",
    "unterminated string": '{ a(b: "c) }',
    "a number with a leading zero": "{ a(b: 012) }",
    "a variable in a default": "query ($a: Int = $b) { a }",
    "an unknown keyword": "update { a }",
    "garbage after": "{ a } }",
    "a control character": "{ a \x07 }",
    "null as a name": "{ a(b: {: 1}) }",
    "on as a fragment name": "fragment on on User { id }",
}


def parse(text: str) -> None:
    """Parse with the default limit."""
    parse_document(text, max_tokens=15_000)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_refuses_what_is_no_document(text: str) -> None:
    """Each is a 400 with its code and its place."""
    with pytest.raises(ParseFailed) as caught:
        parse(text)
    entry = caught.value.render()[0]
    assert caught.value.status == 400
    assert entry["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert entry["locations"][0]["line"] >= 1


def test_counts_tokens_in_the_lexer() -> None:
    """One token more than allowed is too many; exactly as many are not."""
    parse_document("{ a b }", max_tokens=4)
    with pytest.raises(OperationTooLarge) as caught:
        parse_document("{ a b c }", max_tokens=4)
    assert caught.value.render()[0]["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert caught.value.status == 422


@pytest.mark.parametrize(
    "text",
    ["{ " + "a " * 200_000 + "}", "#\n" * 200_000 + "{ a }", "{a" * 300, "{a(b:" + "[" * 5_000],
    ids=["fields", "comments", "depth", "list depth"],
)
def test_bombs_are_too_large(text: str) -> None:
    """What is over a limit of the parser is refused as too large, before it is read whole."""
    with pytest.raises(OperationTooLarge):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        '{ a "3171029990010001" }',
        '{ a """3171029990010001""" }',
        "{ a 3171029990010001 }",
        '{ a(nik: "3171029990010001" "3171029990010001") "3171029990010001" }',
        "{ a(nik: 3171029990010001.) }",
    ],
)
def test_never_repeats_a_literal(text: str) -> None:
    """A literal may be a person's number: error texts end in logs."""
    with pytest.raises(ClientError) as caught:
        parse(text)
    assert "317102999" not in str(caught.value.render())


def test_cuts_what_it_repeats() -> None:
    """Half a megabyte of input does not come back."""
    with pytest.raises(ParseFailed) as caught:
        parse("{ a } " + "x" * 500_000)
    assert len(str(caught.value.render())) < 600
