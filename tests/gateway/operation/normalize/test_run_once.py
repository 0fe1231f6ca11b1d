"""No mutation runs twice, whatever conditions its field was asked under."""

from __future__ import annotations

import pytest

from tests.testkit.operations import read_operation

HEAD_A = "mutation ($a: Boolean!)"
HEAD = "mutation ($a: Boolean!, $b: Boolean!)"
CALL = 'rename(id: 1, name: "x")'

CASES = {
    "different fields stay": (
        f"{HEAD} {{ x: {CALL} @skip(if: $a) {{ id }} y: {CALL} @include(if: $b) {{ id }} }}",
        '{ x: rename(id: 1, name: "x") @skip(if: $a) { id } '
        'y: rename(id: 1, name: "x") @include(if: $b) { id } }',
    ),
    "the later runs where the earlier did not": (
        f"{HEAD_A} {{ {CALL} @include(if: $a) {{ id }} y: {CALL} {{ id }} {CALL} {{ name }} }}",
        '{ rename(id: 1, name: "x") @include(if: $a) { id name } '
        'y: rename(id: 1, name: "x") { id } '
        'rename(id: 1, name: "x") @skip(if: $a) { name } }',
    ),
    "conditions of the other go inside": (
        f"{HEAD} {{ {CALL} @include(if: $a) {{ id }} {CALL} @include(if: $b) {{ name }} }}",
        '{ rename(id: 1, name: "x") @include(if: $a) { id ... on User @include(if: $b) { name } } '
        'rename(id: 1, name: "x") @skip(if: $a) @include(if: $b) { name } }',
    ),
    "two conditions fail in two ways": (
        f"{HEAD} {{ {CALL} @include(if: $a) @skip(if: $b) {{ id }} {CALL} {{ name }} }}",
        '{ rename(id: 1, name: "x") @include(if: $a) @skip(if: $b) { id name } '
        'rename(id: 1, name: "x") @skip(if: $a) { name } '
        '... @include(if: $b) { rename(id: 1, name: "x") @include(if: $a) { name } } }',
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_fields_of_one_name_exclude_each_other(text: str, expected: str) -> None:
    """In every outcome of the conditions exactly one of them runs, with all selections."""
    assert str(read_operation(text).selection_set) == expected


def test_a_query_is_left_as_it_is() -> None:
    """What has no effect may be asked twice."""
    text = "query ($a: Boolean!) { me @include(if: $a) { id } me { name } }"
    assert str(read_operation(text).selection_set) == "{ me @include(if: $a) { id } me { name } }"
