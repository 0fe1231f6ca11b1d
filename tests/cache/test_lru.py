"""The most recently used objects, within a count and a weight."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cache.lru import LRU


def test_the_least_recently_used_leaves_first() -> None:
    """Reading is use; asking whether it is kept is not."""
    gone: list[str] = []
    kept = LRU[str, int](2, evicted=lambda key, _: gone.append(key))
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    assert "b" in kept
    kept.put("c", 3)
    assert gone == ["b"]
    assert kept.get("b") is None


def test_what_was_read_since_the_last_change_leaves_behind_what_was_not() -> None:
    """A second reading between two changes costs nothing, and counts no less."""
    gone: list[str] = []
    kept = LRU[str, int](3, evicted=lambda key, _: gone.append(key))
    for key in "abc":
        kept.put(key, 1)
    for key in "aab":
        assert kept.get(key) == 1
    kept.put("d", 1)
    assert kept.get("a") == 1
    kept.put("e", 1)
    assert gone == ["c", "b"]


def test_what_is_too_heavy_is_not_kept() -> None:
    """It does not push the others out either, but it replaces its own older value."""
    kept = LRU[str, int](9, weight=10)
    kept.put("a", 1, weight=6)
    kept.put("b", 2, weight=11)
    assert (len(kept), kept.weight) == (1, 6)
    kept.put("a", 3, weight=11)
    assert kept.get("a") is None


def test_clear_lets_go_of_everything() -> None:
    """Each object is told off once."""
    gone: list[str] = []
    kept = LRU[str, int](9, evicted=lambda key, _: gone.append(key))
    kept.put("a", 1)
    kept.put("b", 1)
    kept.clear()
    assert (gone, len(kept), kept.weight) == (["a", "b"], 0, 0)


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 6), st.booleans())),
    st.integers(1, 6),
    st.integers(1, 12),
)
def test_stays_within_both_bounds(
    steps: list[tuple[int, int, bool]], entries: int, weight: int
) -> None:
    """Count and weight hold after every step, and the weight is the sum of what is kept."""
    weights: dict[int, int] = {}
    kept = LRU[int, int](entries, weight, evicted=lambda key, _: weights.pop(key, None))
    for key, heavy, reads in steps:
        if reads:
            kept.get(key)
            continue
        kept.put(key, key, heavy)
        if key in kept:
            weights[key] = heavy
        assert len(kept) <= entries
        assert kept.weight == sum(weights.values()) <= weight
