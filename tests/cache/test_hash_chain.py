"""A chain verifies as it was written, and in no other way."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cache.hash_chain import START, Head, Link, append, keyed_hash, verify

KEY = b"k" * 32
BODIES = st.lists(st.binary(max_size=20), min_size=1, max_size=8)


def chain(bodies: list[bytes], key: bytes = KEY) -> list[Link]:
    """Seal bodies one after another."""
    links: list[Link] = []
    head = START
    for body in bodies:
        links.append(append(key, head, body))
        head = Head(links[-1].number, links[-1].seal)
    return links


@pytest.mark.property
@given(BODIES)
def test_a_chain_verifies_as_it_was_written(bodies: list[bytes]) -> None:
    """Whole and in order, up to its own head; also in two halves."""
    links = chain(bodies)
    verdict = verify(KEY, links)
    assert verdict.is_whole
    assert verdict.head == Head(len(bodies), links[-1].seal)
    half = verify(KEY, links[:1])
    assert verify(KEY, links[1:], half.head).head == verdict.head


@pytest.mark.property
@given(BODIES, st.data())
def test_any_edit_shows(bodies: list[bytes], data: st.DataObject) -> None:
    """Changing, dropping, doubling or moving a link breaks the chain, or its head."""
    links = chain(bodies)
    place = data.draw(st.integers(0, len(links) - 1))
    edited = [*links]
    match data.draw(st.sampled_from(["body", "seal", "number", "drop", "double", "move"])):
        case "body":
            edited[place] = edited[place]._replace(body=data.draw(st.binary(max_size=20)))
        case "seal":
            edited[place] = edited[place]._replace(seal=data.draw(st.sampled_from("abc")) * 64)
        case "number":
            edited[place] = edited[place]._replace(number=data.draw(st.integers(0, 9)))
        case "drop":
            del edited[place]
        case "double":
            edited.insert(place, edited[place])
        case "move":
            edited.insert(data.draw(st.integers(0, len(links) - 1)), edited.pop(place))
    assume(edited != links)
    verdict = verify(KEY, edited)
    assert not verdict.is_whole or verdict.head != Head(len(links), links[-1].seal)


def test_the_first_wrong_link_is_named() -> None:
    """Where it broke and what is wrong is said."""
    links = chain([b"a", b"b", b"c"])
    changed = verify(KEY, [links[0], links[1]._replace(body=b"x"), links[2]])
    assert (changed.broken_at, changed.reason) == (2, "link 2 was changed")
    missing = verify(KEY, [links[0], links[2]])
    assert (missing.broken_at, missing.reason) == (2, "link 2 is missing or out of order")


def test_who_does_not_hold_the_key_cannot_forge() -> None:
    """A chain that was sealed again with another key does not verify."""
    assert not verify(KEY, chain([b"a"], b"x" * 32)).is_whole


def test_a_keyed_hash_tells_only_equality() -> None:
    """Equal values are equal under one key, and differ under another."""
    assert keyed_hash(KEY, "a") == keyed_hash(KEY, "a")
    assert len({keyed_hash(KEY, "a"), keyed_hash(KEY, "b"), keyed_hash(b"x" * 32, "a")}) == 3
