"""The history of all applications: one chain, sealed in the transaction that makes each change.

In: an ``Entry`` and the transaction of the change. Out: the seal, by which others may name the
entry; and, for any reader, whether the whole chain still verifies. Entries are only ever added.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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


def moment(when: datetime) -> str:
    """Write a moment as the store keeps it."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def read_moment(text: str) -> datetime:
    """Read a moment as the store keeps it."""
    return datetime.fromisoformat(text)


async def add_entry(tx: AsyncConnection, key: bytes, entry: Entry) -> str:
    """Seal ``entry`` as the chain's next link and give its seal; others wait until ``tx`` ends."""
    body = msgspec.json.encode(asdict(entry), order="deterministic")
    held = update(chain_head).where(chain_head.c.id == 1)
    # Changing the row locks it, so that two transactions never seal after the same head.
    number = await tx.scalar(held.values(urut=chain_head.c.urut + 1).returning(chain_head.c.urut))
    previous = await tx.scalar(select(chain_head.c.segel).where(chain_head.c.id == 1))
    assert number is not None, "the migration made the head"
    link = append(key, Head(number - 1, str(previous)), body)
    await tx.execute(held.values(segel=link.seal))
    await tx.execute(
        insert(history).values(
            urut=link.number,
            segel=link.seal,
            isi=body,
            permohonan=entry.application,
            langkah=entry.step,
            pada=entry.at,
        )
    )
    return link.seal


async def entries_of(
    tx: AsyncConnection, applications: Sequence[str]
) -> dict[str, list[tuple[Entry, str]]]:
    """Give the entries of these applications with their seals, in the order of the chain."""
    found: dict[str, list[tuple[Entry, str]]] = {each: [] for each in applications}
    rows = await tx.execute(
        select(history.c.permohonan, history.c.isi, history.c.segel)
        .where(history.c.permohonan.in_(applications))
        .order_by(history.c.urut)
    )
    for row in rows:
        found[row.permohonan].append((msgspec.json.decode(row.isi, type=Entry), row.segel))
    return found


async def seals_after(
    tx: AsyncConnection, application: str, version: int, steps: Sequence[str]
) -> tuple[str, ...]:
    """Give the seals of what was written next after ``version``: of ``steps``, in their order."""
    entries = (await entries_of(tx, [application]))[application]
    later = iter([each for each in entries if each[0].version > version])
    found: list[str] = []
    entry, seal = next(later, (None, ""))
    for step in steps:
        if entry is not None and entry.step == step:
            found.append(seal)
            entry, seal = next(later, (None, ""))
    return tuple(found)


async def verify_history(tx: AsyncConnection, key: bytes) -> Verdict:
    """Verify the whole chain, the columns beside it, and that its end was not cut off."""
    head: Head = START
    async for links in _links(tx):
        verdict = verify(key, links, head)
        if not verdict.is_whole:
            return verdict
        head = verdict.head
    kept = (await tx.execute(select(chain_head.c.urut, chain_head.c.segel))).one()
    if Head(kept.urut, kept.segel) != head:
        return Verdict(head, head.number + 1, "the last links are missing")
    return Verdict(head)


async def _links(tx: AsyncConnection) -> AsyncIterator[list[Link]]:
    last = -1
    while True:
        rows = (
            await tx.execute(
                select(history).where(history.c.urut > last).order_by(history.c.urut).limit(_BATCH)
            )
        ).all()
        if not rows:
            return
        yield [Link(row.urut, row.segel, row.isi if _agrees(row) else b"") for row in rows]
        last = rows[-1].urut


def _agrees(row: Any) -> bool:
    """Tell whether the columns by which entries are found say what the sealed body says."""
    try:
        entry = msgspec.json.decode(row.isi, type=Entry)
    except msgspec.DecodeError:
        return False
    return (entry.application, entry.step, entry.at) == (row.permohonan, row.langkah, row.pada)
