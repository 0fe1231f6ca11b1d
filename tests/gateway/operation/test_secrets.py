"""Secrets: never in the text of an operation, and in nothing that is kept of its variables."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema

from gateway.errors import ValidationFailed
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.secrets import find_secrets, without_secrets
from gateway.operation.validate import validate_document

SCHEMA = build_schema(
    """
    scalar Rahasia
    type Query {
      a: Int
      tanda(frasa: Rahasia, nomor: String, banyak: [Rahasia], masukan: Masukan): Int
    }
    input Masukan { frasa: Rahasia nomor: String dalam: [Masukan] }
    """
)
SECRET = "9876543210123456"

IN_TEXT = {
    "a text": f'{{ tanda(frasa: "{SECRET}") }}',
    "a block": f'{{ tanda(frasa: """{SECRET}""") }}',
    "a number": f"{{ tanda(frasa: {SECRET}) }}",
    "a name": "{ tanda(frasa: RAHASIA) }",
    "a list": f'{{ tanda(frasa: ["{SECRET}"]) }}',
    "an object": f'{{ tanda(frasa: {{a: "{SECRET}"}}) }}',
    "one of many": f'query ($f: Rahasia) {{ tanda(banyak: [$f, "{SECRET}"]) }}',
    "a field of an input": f'{{ tanda(masukan: {{frasa: "{SECRET}"}}) }}',
    "deep in an input": f'{{ tanda(masukan: {{dalam: [{{frasa: "{SECRET}"}}]}}) }}',
    "a default": f'query ($f: Rahasia = "{SECRET}") {{ tanda(frasa: $f) }}',
    "a default of an input": (
        f'query ($m: Masukan = {{frasa: "{SECRET}"}}) {{ tanda(masukan: $m) }}'
    ),
    "another operation": f'query A {{ a }} query B {{ tanda(frasa: "{SECRET}") }}',
    "a fragment": f'{{ ...F }} fragment F on Query {{ tanda(frasa: "{SECRET}") }}',
}

ALLOWED = {
    "a variable": "query ($f: Rahasia!) { tanda(frasa: $f) }",
    "null": "{ tanda(frasa: null, masukan: {frasa: null}) }",
    "variables in an input": 'query ($f: Rahasia) { tanda(masukan: {frasa: $f, nomor: "1"}) }',
    "another argument": '{ tanda(nomor: "1", masukan: {nomor: "2"}) }',
}


@pytest.mark.parametrize("text", IN_TEXT.values(), ids=IN_TEXT)
def test_a_secret_in_the_text_is_refused(text: str) -> None:
    """With what to do, and without the secret."""
    with pytest.raises(ValidationFailed) as refused:
        validate_document(parse_document(text, max_tokens=500), SCHEMA)
    told = "\n".join(problem.message for problem in refused.value.problems)
    assert "send it as a variable" in told
    assert SECRET not in told


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_a_variable_may_hold_a_secret(text: str) -> None:
    """And everything else may stand in the text."""
    validate_document(parse_document(text, max_tokens=500), SCHEMA)


@pytest.mark.parametrize(
    ("declared", "given", "kept"),
    [
        ("$v: Rahasia", SECRET, None),
        ("$v: [Rahasia]", [SECRET], None),
        ("$v: Masukan", {"frasa": SECRET, "nomor": "1"}, {"nomor": "1"}),
        (
            "$v: Masukan",
            {"dalam": [{"frasa": SECRET, "dalam": {"frasa": SECRET}}, 7]},
            {"dalam": [{"dalam": {}}, 7]},
        ),
        ("$v: Masukan", "of another shape", "of another shape"),
        ("$v: String", "1", "1"),
    ],
    ids=["itself", "list", "input", "deep", "wrong-shape", "none"],
)
def test_what_is_kept_of_variables_has_no_secret(declared: str, given: Any, kept: Any) -> None:
    """By type, at any depth; other values stay as they were sent."""
    name = {"Rahasia": "frasa", "[Rahasia]": "banyak", "String": "nomor"}.get(
        declared.removeprefix("$v: "), "masukan"
    )
    document = parse_document(f"query ({declared}) {{ tanda({name}: $v) }}", max_tokens=500)
    operation = normalize_document(document, None, SCHEMA)
    secrets = find_secrets(operation, SCHEMA)
    left = without_secrets({"v": given, "x": 1}, secrets)
    assert left == ({"x": 1} if kept is None else {"v": kept, "x": 1})


def test_a_graph_without_secrets_costs_nothing() -> None:
    """No variable is looked at."""
    schema = build_schema("type Query { a(b: String): Int }")
    document = parse_document("query ($b: String) { a(b: $b) }", max_tokens=500)
    operation = normalize_document(document, None, schema)
    assert find_secrets(operation, schema) == {}
