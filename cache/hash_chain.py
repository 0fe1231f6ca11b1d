"""A chain of records in which every change, gap and reordering shows: append and verify.

In: a secret key, the head so far, and a record's bytes. Out: a ``Link`` whose seal covers the
record, its number and the seal before it; and a ``Verdict`` on any sequence of links. Pure: where
links are kept, and what their bytes mean, is their keeper's.

The seal is keyed (HMAC-SHA256), so that who can write to the place of the links, and does not hold
the key, cannot forge a chain that verifies. What a chain alone cannot show is that its last links
were cut off: its keeper compares ``Verdict.head`` with a head kept elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["START", "Head", "Link", "Verdict", "append", "keyed_hash", "verify"]


class Head(NamedTuple):
    """The end of a chain: how many links it has, and the last one's seal."""

    number: int
    seal: str  # 64 hexadecimal digits


START = Head(0, "0" * 64)
"""The head of a chain without links."""


class Link(NamedTuple):
    """One sealed record; numbers count up from 1."""

    number: int
    seal: str
    body: bytes


class Verdict(NamedTuple):
    """What verifying found."""

    head: Head  # of the last link that verified
    broken_at: int | None = None  # the number that the first wrong link should have; None: whole
    reason: str = ""  # empty where the chain is whole

    @property
    def is_whole(self) -> bool:
        """Tell whether every link verified."""
        return self.broken_at is None


def append(key: bytes, head: Head, body: bytes) -> Link:
    """Seal ``body`` as the next link after ``head``."""
    number = head.number + 1
    return Link(number, _seal(key, head.seal, number, body), body)


def verify(key: bytes, links: Iterable[Link], head: Head = START) -> Verdict:
    """Check ``links`` in the order given, as they follow ``head``; stops at the first wrong one."""
    for link in links:
        expected = head.number + 1
        if link.number != expected:
            return Verdict(head, expected, f"link {expected} is missing or out of order")
        sealed = _seal(key, head.seal, expected, link.body)
        if not hmac.compare_digest(link.seal.encode(), sealed.encode()):  # any text, not ASCII only
            return Verdict(head, expected, f"link {expected} was changed")
        head = Head(expected, link.seal)
    return Verdict(head)


def keyed_hash(key: bytes, text: str) -> str:
    """Stand in for a value that must not be kept: equal values are equal, nothing else is told."""
    return hmac.new(key, b"value\0" + text.encode(), hashlib.sha256).hexdigest()


def _seal(key: bytes, previous: str, number: int, body: bytes) -> str:
    covered = b"link\0" + bytes.fromhex(previous) + number.to_bytes(8, "big") + body
    return hmac.new(key, covered, hashlib.sha256).hexdigest()
