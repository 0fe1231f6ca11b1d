"""What the evidence log tells of one operation: no value of a person, no text of a request.

In: what the pipeline knows of an operation when its answer is ready. Out: ``AuditRecord``. A person
is a subject by a keyed hash of a number of 16 digits (NIK or NomorKK): those that the request
names, and those that the answer shows. Fields are coordinates, of those that carry a class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cache.hash_chain import keyed_hash

__all__ = ["AuditRecord", "find_subjects", "hash_subjects"]

_NUMBER = re.compile(rb'"([0-9]{16})"')


class AuditRecord(msgspec.Struct, frozen=True):
    """One operation."""

    at: str  # RFC 3339
    operation: str  # id: joins answer, log and audit
    document: str  # hash of the text; empty where none was read
    kind: str  # query, mutation, or empty
    depth: int  # 1: an adapter asked it, within another operation
    caller: str
    agency: str
    roles: Sequence[str]
    purpose: str
    case: str  # keyed hash of what the caller named; empty: nothing
    fields: Sequence[str]  # classed coordinates that were granted
    denied: Sequence[str]  # classed coordinates that were not
    subjects: Sequence[str]  # keyed hashes, sorted
    status: int
    codes: Sequence[str]  # of errors, sorted


def find_subjects(text: str, variables: Mapping[str, Any], data: Any) -> set[str]:
    """Collect the persons' numbers that a request names and that its answer shows."""
    told = (text.encode(), msgspec.json.encode(variables), msgspec.json.encode(data))
    return {found.decode() for found in _numbers(told)}


def hash_subjects(key: bytes, numbers: Iterable[str]) -> list[str]:
    """Stand keyed hashes in for numbers, in an order that tells nothing."""
    return sorted(keyed_hash(key, number) for number in numbers)


def _numbers(texts: Iterable[bytes]) -> Iterator[bytes]:
    for text in texts:
        yield from _NUMBER.findall(text)
