"""Limits: each is enforced, counted as if expanded, and cheap to check."""

import pytest

from gateway.errors import OperationTooLarge
from gateway.operation.limits import OperationLimits, check_limits
from gateway.operation.parse import parse_document
from tests.testkit.work import count_calls

SMALL = OperationLimits(
    tokens=10_000,
    depth=4,
    fields=10,
    directives=2,
    fragment_visits=5,
    root_aliases=3,
    variables=2,
    operations=3,
    list_items=3,
)


def check(text: str, limits: OperationLimits = SMALL) -> None:
    """Parse and check."""
    check_limits(parse_document(text, max_tokens=limits.tokens), limits)


WITHIN = {
    "depth": "{ a { b { c { d } } } }",
    "depth through a fragment": "{ a { ...F } } fragment F on T { b { c { d } } }",
    "fields": "{ a { " + "x " * 9 + "} }",
    "fields of a fragment": "{ ...F ...F } fragment F on T { a b c d e }",
    "directives": "{ a @x @y }",
    "visits": "{ ...F ...F ...F ...F ...F } fragment F on T { a }",
    "aliases": "{ x: a y: a z: a b c }",
    "one alias again and again": "{ a a a a a }",
    "variables": "query ($a: Int, $b: Int) { a }",
    "list items": "{ a(b: [1, 2, 3]) }",
    "operations": "query A { a } query B { a } query C { a }",
    "a cycle": "{ ...F } fragment F on T { a ...F }",
    "a cycle over two": "{ ...F } fragment F on T { ...G } fragment G on T { a ...F }",
    "an unknown fragment": "{ ...F }",
}

OVER = {
    "depth": ("{ a { b { c { d { e } } } } }", "deeper than 4"),
    "depth through fragments": (
        "{ a { ...F } } fragment F on T { b { ...G } } fragment G on T { c { d { e } } }",
        "deeper than 4",
    ),
    "depth through inline fragments": ("{ a { ... { b { ... on T { c { d { e } } } } } } }", "4"),
    "fields": ("{ a { " + "x " * 10 + "} }", "more than 10 fields"),
    "fields of a fragment": (
        "{ ...F ...F ...F } fragment F on T { a b c d }",
        "more than 10 fields",
    ),
    "directives on a field": ("{ a @x @y @z }", "directives"),
    "directives on a spread": ("{ ...F @x @y @z } fragment F on T { a }", "directives"),
    "directives on an inline fragment": ("{ ... @x @y @z { a } }", "directives"),
    "directives on an operation": ("query @x @y @z { a }", "directives"),
    "directives on a fragment": ("{ a } fragment F on T @x @y @z { a }", "directives"),
    "directives on a variable": ("query ($a: Int @x @y @z) { a }", "directives"),
    "visits": ("{ " + "...F " * 6 + "} fragment F on T { a }", "visits"),
    "inline visits": ("{ " + "... { a } " * 6 + "}", "visits"),
    "aliases": ("{ w: a x: a y: a z: a }", "names"),
    "aliases through fragments": (
        "{ ...F ... { y: a } z: a } fragment F on Query { a x: a ...F }",
        "names",
    ),
    "variables": ("query ($a: Int, $b: Int, $c: Int) { a }", "variables"),
    "list items": ("{ a(b: [1, 2, 3, 4]) }", "list literal"),
    "list items in an object": ("{ a(b: {c: [[1, 2, 3, 4]]}) }", "list literal"),
    "list items of a directive": ("{ a @x(b: [1, 2, 3, 4]) }", "list literal"),
    "list items of a default": ("query ($a: [Int] = [1, 2, 3, 4]) { a }", "list literal"),
    "operations": ("query A { a } query B { a } query C { a } query D { a }", "operations"),
    "nesting of fragments": (
        "{ ...F0 }"
        + "".join(f" fragment F{i} on T {{ ...F{i + 1} }}" for i in range(300))
        + " fragment F300 on T { a }",
        "nested deeper",
    ),
    "the second operation": ("query A { a } query B { a { b { c { d { e } } } } }", "deeper"),
}


@pytest.mark.parametrize("text", WITHIN.values(), ids=WITHIN.keys())
def test_allows_what_is_within(text: str) -> None:
    """Exactly at the limit is allowed; cycles and unknown fragments are validation's business."""
    check(text)


@pytest.mark.parametrize(("text", "what"), OVER.values(), ids=OVER.keys())
def test_refuses_what_is_over(text: str, what: str) -> None:
    """One more than the limit is refused with code and place."""
    with pytest.raises(OperationTooLarge) as caught:
        check(text)
    entry = caught.value.render()[0]
    assert what in entry["message"]
    assert entry["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert "locations" in entry or "nested" in what


def test_the_defaults_are_those_users_expect() -> None:
    """The documented numbers."""
    limits = OperationLimits()
    assert (limits.tokens, limits.depth, limits.fields) == (15_000, 30, 2_048)
    assert (limits.directives, limits.fragment_visits, limits.root_aliases) == (4, 1_000, 30)
    assert limits.errors == 5


def test_tells_at_most_five_problems() -> None:
    """A document that breaks a limit everywhere gets a short answer."""
    with pytest.raises(OperationTooLarge) as caught:
        check("{ " + "a @x @y @z " * 100 + "}")
    assert len(caught.value.render()) == 5


def test_a_fragment_bomb_is_weighed_without_expanding_it() -> None:
    """25 levels that double are 33 million fields: refused at once."""
    levels = "".join(
        f"fragment F{i} on T {{ a {{ ...F{i + 1} }} b {{ ...F{i + 1} }} }} " for i in range(25)
    )

    def weigh() -> None:
        with pytest.raises(OperationTooLarge, match="more than 2048 fields"):
            check(f"{{ ...F0 }} {levels} fragment F25 on T {{ id }}", OperationLimits())

    assert count_calls(weigh) < 30_000
