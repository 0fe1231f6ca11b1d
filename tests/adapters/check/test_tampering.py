"""What is done to rows on their way to an adapter."""

from __future__ import annotations

from typing import Any, NamedTuple

from adapters.check.tampering import Tamper, change_texts, is_date, is_free_text


def test_rows_are_found_wherever_they_lie() -> None:
    """A list of objects is rows, at the top or within JSON; nothing is changed in place."""
    tamper = Tamper(lambda rows: rows[::-1])
    answer = {"data": [{"a": 1}, {"a": 2}], "links": {"next": None}, "tags": ["x", "y"]}
    changed = tamper(answer)
    assert changed == answer | {"data": [{"a": 2}, {"a": 1}]}
    assert answer["data"] == [{"a": 1}, {"a": 2}]
    assert tamper([{"a": 1}]) == [{"a": 1}]
    assert tamper.seen == 1  # one row cannot be turned round


def test_texts_are_told_apart() -> None:
    """Dates as registers write them, and words rather than numbers and codes."""
    assert all(map(is_date, ("2025-01-31", "31-01-2025", "1/2/2025")))
    assert not any(map(is_date, ("3171024107809001", "001/SKD/2025", "")))
    assert is_free_text("JL. REKAAN")
    assert not any(map(is_free_text, ("001/SKD/2025", "SKD", "12 34")))
    change = change_texts(is_date, lambda text: "?")
    assert change([{"a": "2025-01-31", "b": "x", "c": 1}]) == [{"a": "?", "b": "x", "c": 1}]


def test_rows_within_the_named_parts_of_an_answer() -> None:
    """A source that gives more than the value hides no rows from the checks."""

    class Told(NamedTuple):
        value: Any
        link: str | None

    tamper = Tamper(lambda rows: rows[::-1])
    told = tamper(Told({"data": [{"a": 1}, {"a": 2}]}, "/next"))
    assert told == Told({"data": [{"a": 2}, {"a": 1}]}, "/next")
    assert tamper.seen == 1
