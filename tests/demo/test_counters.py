"""Counters tell calls, peaks and rows per method."""

from demo.counters import Counters


def test_peaks_are_kept_per_method_and_over_all() -> None:
    """The most that were open at once is remembered after they ended."""
    counters = Counters()
    for method in ("a", "a", "b"):
        counters.enter(method)
    for method in ("a", "b", "a"):
        counters.leave(method)
    counters.enter("a")
    assert counters.as_json() == {
        "calls": {"a": 3, "b": 1},
        "total": 4,
        "open": 1,
        "max_parallel": 3,
        "max_parallel_by_method": {"a": 2, "b": 1},
        "rows": {},
    }


def test_reset_keeps_what_is_open() -> None:
    """A call in flight over a reset neither counts as new nor goes below zero."""
    counters = Counters()
    counters.enter("a")
    counters.sent("a", 5)
    counters.reset()
    assert counters.as_json()["max_parallel"] == 1
    counters.leave("a")
    counters.enter("a")
    assert counters.as_json()["calls"] == {"a": 1}
    assert counters.as_json()["max_parallel"] == 1
    assert counters.as_json()["rows"] == {}
