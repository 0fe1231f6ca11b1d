"""The merge rule: graphql-core's verdict in every case, and never its time."""

import pytest
from graphql import (
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    build_schema,
    parse,
    validate,
)
from hypothesis import given
from hypothesis import strategies as st

from gateway.operation.merge_check import find_merge_conflicts
from tests.testkit.operations import SCHEMA
from tests.testkit.work import count_calls


def conflicts(text: str, schema: GraphQLSchema = SCHEMA) -> list[str]:
    """Give the texts of all conflicts."""
    return [error.message for error in find_merge_conflicts(schema, parse(text), 5)]


MERGE = {
    "the same field twice": "{ me { id id } }",
    "the same arguments in another order": (
        "{ user(id: 1, filter: {needed: 1, name: null}) { id }"
        " user(filter: {name: null, needed: 1}, id: 1) { id } }"
    ),
    "different aliases": "{ a: users(first: 1) { id } b: users(first: 2) { id } }",
    "different object types, same shape": (
        "{ found { ... on User { x: name } ... on Admin { x: age } } }"
    ),
    "different object types, different arguments": (
        "{ found { ... on User { b: friends(first: 1) { id } }"
        " ... on User { c: friends(first: 2) { id } } } }"
    ),
    "nested on different types": (
        "{ found { ... on User { best { a: id } } ... on Place { best { a: id } } } }"
    ),
    "a cycle of types": "{ me { best { best { id } } best { best { name } } } }",
}

CONFLICT = {
    "two fields": ("{ me { a: id a: name } }", "different types"),
    "two fields of one type": ("{ me { a: name a: found { __typename } } }", "different types"),
    "two leaves of one type": ("{ node { ... on Named { x: name } ... on Admin { x: age } } }", ""),
    "an alias over a field": ("{ me { id: name } node { id } me { id } }", '"id"'),
    "arguments": ("{ users(first: 1) { id } users(first: 2) { id } }", "arguments"),
    "an argument missing": ("{ users(first: 1) { id } users { id } }", "arguments"),
    "a variable and a literal": (
        'query ($a: ID!) { user(id: $a) { id } user(id: "a") { id } }',
        "arguments",
    ),
    "a literal's kind": ('{ user(id: 1) { id } user(id: "1") { id } }', "arguments"),
    "nullability on different types": (
        "{ found { ... on User { age } ... on Admin { age } } }",
        "different types",
    ),
    "deep below": ("{ me { best { a: id } } me { best { a: name } } }", "different types"),
    "through fragments": (
        "{ me { ...A ...B } } fragment A on User { best { friends(first: 1) { id } } }"
        " fragment B on User { best { friends(first: 2) { id } } }",
        "arguments",
    ),
    "shapes below different object types": (
        "{ found { ... on User { best { a: name } } ... on Place { best { a: area } } } }",
        "different types",
    ),
    "an interface's field against an object's": (
        "{ node { x: id ... on User { x: age } } }",
        "different types",
    ),
}


@pytest.mark.parametrize("text", MERGE.values(), ids=MERGE.keys())
def test_lets_pass_what_merges(text: str) -> None:
    """Fields that never meet, or are the same, are no conflict."""
    assert conflicts(text) == []
    assert validate(SCHEMA, parse(text), [OverlappingFieldsCanBeMergedRule]) == []


@pytest.mark.parametrize(("text", "reason"), CONFLICT.values(), ids=CONFLICT.keys())
def test_finds_what_does_not(text: str, reason: str) -> None:
    """Each conflict is told with both places and the reason."""
    found = find_merge_conflicts(SCHEMA, parse(text), 5)
    assert found
    assert reason.replace('"', "'") in found[0].message
    assert len(found[0].locations or ()) == 2
    assert validate(SCHEMA, parse(text), [OverlappingFieldsCanBeMergedRule])


def test_stops_after_the_errors_asked_for() -> None:
    """A thousand conflicts are five errors."""
    text = "{ me { " + "".join(f"a{i}: id a{i}: name " for i in range(1_000)) + "} }"
    assert len(conflicts(text)) <= 5


def selections(depth: int) -> st.SearchStrategy[str]:
    """Generate selections on any type of the schema below; most are valid on all."""
    names = st.sampled_from(["x", "y"])
    leaf = st.builds("{}: {}".format, names, st.sampled_from(["a", "b", "f(n: 1)", "f(n: 2)"]))
    spread = st.sampled_from(["...P", "...Q"])
    if depth == 0:
        return st.lists(leaf | spread, min_size=1, max_size=3).map(" ".join)
    inner = selections(depth - 1)
    nested = st.builds(
        "{}: {} {{ {} }}".format, names, st.sampled_from(["one", "all", "any"]), inner
    )
    typed = st.builds("... on {} {{ {} }}".format, st.sampled_from(["I", "S", "T"]), inner)
    return st.lists(leaf | spread | nested | typed, min_size=1, max_size=4).map(" ".join)


TYPES = build_schema(
    """
    type Query { any: I }
    interface I { a: Int b: String f(n: Int): Int one: I all: [I] any: I }
    type S implements I { a: Int b: String f(n: Int): Int one: S all: [S!]! any: I }
    type T implements I { a: Int! b: String f(n: Int): Int one: T all: [S] any: T }
    """
)


@pytest.mark.property
@given(selections(3), selections(1), st.sampled_from(["I", "S"]), st.sampled_from(["I", "T"]))
def test_agrees_with_graphql_core(text: str, inner: str, first: str, second: str) -> None:
    """For any document, the verdict is graphql-core's."""
    plain = inner.replace("...P", "a").replace("...Q", "b")
    used = f"{{ any {{ {text} }} }}"
    if "...P" in used:
        used += f" fragment P on {first} {{ {plain} ...Q }}"
    if "...Q" in used:
        used += f" fragment Q on {second} {{ {plain} }}"
    document = parse(used)
    expected = validate(TYPES, document, [OverlappingFieldsCanBeMergedRule])
    found = find_merge_conflicts(TYPES, document, 5)
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    "inner",
    [
        "best { id } " * 1_000,
        " ".join(f"friends(first: {i}) {{ id }}" for i in range(1_000)),
        "... on User { best { ... on User { best { id } } } } " * 300,
        "x: best { y: best { z: best { id name } } } " * 500,
    ],
    ids=["one field", "other arguments", "fragments", "deep"],
)
def test_a_thousand_overlapping_fields_take_no_time(inner: str) -> None:
    """The specification's algorithm compares half a million pairs here."""
    document = parse(f"{{ me {{ {inner} }} }}")
    assert count_calls(lambda: find_merge_conflicts(SCHEMA, document, 5)) < 150_000


def test_shared_fragments_are_walked_once_per_level() -> None:
    """Fragments that nest over 20 levels, each twice, do not double the work per level."""
    levels = "".join(
        f"fragment F{i} on User {{ best {{ ...F{i + 1} }} best {{ ...F{i + 1} }} }} "
        for i in range(20)
    )
    document = parse(f"{{ me {{ ...F0 }} }} {levels} fragment F20 on User {{ id }}")
    found: list[object] = []
    calls = count_calls(lambda: found.extend(find_merge_conflicts(SCHEMA, document, 5)))
    assert (found, calls < 10_000) == ([], True)
