"""The history of all applications: one chain, sealed in the transaction that makes each change.

In: an ``Entry`` and the transaction of the change. Out: the seal, by which others may name the
entry; and, for any reader, whether the whole chain still verifies. Entries are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from adapters.loket.store.tables import chain_head, history
from cache.hash_chain import START, Head, Link, Verdict, append, verify

__all__ = [
    "Entry",
    "add_entry",
    "entries_of",
    "moment",
    "read_moment",
    "seals_after",
    "verify_history",
    "verify_part",
]

_BATCH = 1_000  # links read at once while the chain is verified


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of one application."""

    application: str
    step: str
    before: str | None  # state; None: there was none
    after: str
    version: int  # of the application, after the step
    caller: str
    role: str
    officer: str | None  # NIP; None: no officer
    at: str  # moment
    reason: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)  # counts, codes, hashes


_ENTRY = msgspec.json.Decoder(Entry)
_HEAD = select(chain_head.c.urut, chain_head.c.segel).where(chain_head.c.id == 1).with_for_update()
_MOVE_HEAD = (
    update(chain_head)
    .where(chain_head.c.id == 1)
    .values(urut=bindparam("number"), segel=bindparam("seal"))
)
_ADD = insert(history)
_ENTRIES = (
    select(history.c.permohonan, history.c.isi, history.c.segel)
    .where(history.c.permohonan.in_(bindparam("of", expanding=True)))
    .order_by(history.c.urut)
)
_END = select(chain_head.c.urut, chain_head.c.segel)
_LINKS = (
    select(history)
    .where(history.c.urut > bindparam("after"))
    .order_by(history.c.urut)
    .limit(bindparam("most"))
)
_ENTRIES_OF_STEPS = _ENTRIES.where(history.c.langkah.in_(bindparam("steps", expanding=True)))


def moment(when: datetime) -> str:
    """Write a moment as the store keeps it."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def read_moment(text: str) -> datetime:
    """Read a moment as the store keeps it."""
    return datetime.fromisoformat(text)


def add_entry(tx: Connection, key: bytes, entry: Entry) -> str:
    """Seal ``entry`` as the chain's next link and give its seal; others wait until ``tx`` ends."""
    body = msgspec.json.encode(entry, order="sorted")
    # The head is locked as it is read, so that two transactions never seal after the same one.
    head = tx.execute(_HEAD).one()
    link = append(key, Head(head.urut, head.segel), body)
    tx.execute(_MOVE_HEAD, {"number": link.number, "seal": link.seal})
    values = {
        "urut": link.number,
        "segel": link.seal,
        "isi": body,
        "permohonan": entry.application,
        "langkah": entry.step,
        "pada": entry.at,
    }
    tx.execute(_ADD, values)
    return link.seal


def entries_of(
    tx: Connection, applications: Sequence[str], steps: Sequence[str] | None = None
) -> dict[str, list[tuple[Entry, str]]]:
    """Give the entries of these applications with their seals, in the order of the chain.

    ``steps``: of these steps only; None: all.
    """
    found: dict[str, list[tuple[Entry, str]]] = {each: [] for each in applications}
    if not found:
        return found
    asked: dict[str, Any] = {"of": [*found]}
    if steps is None:
        rows = tx.execute(_ENTRIES, asked)
    else:
        rows = tx.execute(_ENTRIES_OF_STEPS, {**asked, "steps": [*steps]})
    for row in rows:
        found[row.permohonan].append((_ENTRY.decode(row.isi), row.segel))
    return found


def seals_after(
    tx: Connection, application: str, version: int, steps: Sequence[str]
) -> tuple[str, ...]:
    """Give the seals of what was written next after ``version``: of ``steps``, in their order."""
    entries = entries_of(tx, [application])[application]
    later = iter([each for each in entries if each[0].version > version])
    found: list[str] = []
    entry, seal = next(later, (None, ""))
    for step in steps:
        if entry is not None and entry.step == step:
            found.append(seal)
            entry, seal = next(later, (None, ""))
    return tuple(found)


def verify_history(tx: Connection, key: bytes) -> Verdict:
    """Verify the whole chain, the columns beside it, and that its end was not cut off."""
    verdict, is_end = Verdict(START), False
    while verdict.is_whole and not is_end:
        verdict, is_end = verify_part(tx, key, verdict.head)
    return verdict


def verify_part(tx: Connection, key: bytes, head: Head) -> tuple[Verdict, bool]:
    """Verify the next links after ``head``, and tell whether they were the last.

    A part is one transaction's work: a history of years is not read in one.
    """
    rows = tx.execute(_LINKS, {"after": head.number, "most": _BATCH}).all()
    links = [Link(row.urut, row.segel, row.isi if _agrees(row) else b"") for row in rows]
    verdict = verify(key, links, head)
    if not verdict.is_whole or len(rows) == _BATCH:
        return verdict, False
    kept = tx.execute(_END).one()
    if Head(kept.urut, kept.segel) != verdict.head:
        return Verdict(verdict.head, verdict.head.number + 1, "the last links are missing"), True
    return verdict, True


def _agrees(row: Any) -> bool:
    """Tell whether the columns by which entries are found say what the sealed body says."""
    try:
        entry = _ENTRY.decode(row.isi)
    except msgspec.DecodeError:
        return False
    return (entry.application, entry.step, entry.at) == (row.permohonan, row.langkah, row.pada)
