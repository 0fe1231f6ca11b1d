"""Verifies every audit chain of a folder: finds any change, gap, reordering and cut.

In: the folder and the key. Out: one ``ChainReport`` per chain, by name. Reads line by line, so that
a file of years needs no memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cache.hash_chain import START, Head, Link, Verdict, verify
from gateway.audit.log import parse_head, parse_line

__all__ = ["ChainReport", "verify_folder"]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying one chain found."""

    name: str
    records: int  # that verified, from the first on
    problem: str = ""  # empty where the chain is whole

    @property
    def is_whole(self) -> bool:
        """Tell whether every record verified, and none is missing at the end."""
        return not self.problem


def verify_folder(folder: Path, key: bytes) -> list[ChainReport]:
    """Verify the chains of ``folder``; raises ``OSError``."""
    names = {path.stem for suffix in ("log", "head") for path in folder.glob(f"worker-*.{suffix}")}
    return [_verify_chain(folder, name, key) for name in sorted(names)]


def _verify_chain(folder: Path, name: str, key: bytes) -> ChainReport:
    log, head = folder / f"{name}.log", folder / f"{name}.head"
    before = _read_head(head, key)
    verdict, last_but_one = _read_chain(log, key)
    found, kept = verdict.head, _read_head(head, key)
    if not verdict.is_whole:
        return ChainReport(name, found.number, verdict.reason)
    if kept is None:
        return ChainReport(name, found.number, "its head is missing or was changed")
    # A writer killed between record and head leaves one more; one that writes now, any number.
    is_growing = before is not None and before.number <= found.number < kept.number
    if kept not in (found, last_but_one) and not is_growing:
        problem = f"it ends at record {found.number}, and its head says {kept.number}"
        return ChainReport(name, found.number, problem)
    return ChainReport(name, found.number)


def _read_head(path: Path, key: bytes) -> Head | None:
    return parse_head(key, path.read_bytes()) if path.exists() else None


def _read_chain(log: Path, key: bytes) -> tuple[Verdict, Head]:
    """Verify link by link; gives the head before the last one too."""
    head = before = START
    if log.exists():
        for link in _links(log):
            verdict = verify(key, (link,), head)
            if not verdict.is_whole:
                return verdict, before
            before, head = head, verdict.head
    return Verdict(head), before


def _links(log: Path) -> Iterator[Link]:
    with log.open("rb") as lines:
        for line in lines:
            number, seal, body = parse_line(line)
            yield Link(number, seal, body)
