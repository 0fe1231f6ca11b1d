"""What the evidence log tells of one operation: no value of a person, no text of a request.

In: what the pipeline knows of an operation when its answer is ready. Out: ``AuditRecord``. A
subject is a keyed hash of what names it: a person's or a family's number (16 digits), a business
(NIB, 13), an officer or a parcel (NIP, NOP: 18), an application; those that the request names, and
those that the answer shows. Where neither has any, what was asked by stands for whom it found: no
operation that shows somebody is without a subject. Fields are coordinates that carry a class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from cache.hash_chain import keyed_hash

__all__ = ["AuditRecord", "find_subjects", "hash_subjects"]

_NAMES = re.compile(
    rb'"([0-9]{16}|[0-9]{13}|[0-9]{18}'
    rb'|[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}/[A-Z0-9-]+/[0-9]{4}/[0-9]+)"'
)
_LITERAL = re.compile(r'"([^"\\\n]+)"')


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
    # Of the entries that it wrote into a source's own history, or found written by an attempt
    # before it.
    seals: Sequence[str] = ()
    person: str = ""  # keyed hash of the NIK of who asked through an app; empty: it named nobody


def find_subjects(text: str, variables: Mapping[str, Any], data: Any) -> set[str]:
    """Collect what names the subjects of an operation; never empty."""
    told = (text.encode(), msgspec.json.encode(variables), msgspec.json.encode(data))
    found = {name.decode() for each in told for name in _NAMES.findall(each)}
    return found or {_question(text, variables)}


def hash_subjects(key: bytes, numbers: Iterable[str]) -> list[str]:
    """Stand keyed hashes in for numbers, in an order that tells nothing."""
    return sorted(keyed_hash(key, number) for number in numbers)


def _question(text: str, variables: Mapping[str, Any]) -> str:
    """Give what was asked by; as one, so that no single value can be told from its hash."""
    asked = [_LITERAL.findall(text), variables]
    return msgspec.json.encode(asked, order="deterministic").decode() if any(asked) else text
