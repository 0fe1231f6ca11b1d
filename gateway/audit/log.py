"""One worker's chain of audit records, in a file that is only ever appended to.

In: a folder, a key, records. Out: lines ``NUMBER SEAL JSON`` in ``worker-K.log``, written before
``write`` returns. A worker takes the first chain that no other process holds, and goes on where it
ended, so that a restart leaves no gap.

Beside it ``worker-K.head`` holds the sealed head of the chain: without it the last lines could be
cut off unseen. A record is written first and the head after it; a process that is killed between
the two leaves a log that is one line ahead, which is whole. Both survive the process at once, and
a power cut as far as the system had written them.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Protocol

import msgspec

from cache.hash_chain import START, Head, append, keyed_hash

__all__ = ["Audit", "AuditBroken", "AuditLog", "parse_head", "parse_line", "render_head"]

_CHAINS = 1_000  # more processes than a machine serves with


class AuditBroken(Exception):
    """A chain cannot be gone on with; the text names the file and what to do."""


class Audit(Protocol):
    """Takes evidence; what it took is kept when it returns."""

    @property
    def key(self) -> bytes:
        """The key of the hashes that stand for persons."""
        ...

    def write(self, record: msgspec.Struct) -> None:
        """Keep a record. Raises ``OSError``."""
        ...


class AuditLog:
    """The chain of this process; belongs to one thread."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """Take a chain; raises ``AuditBroken`` or ``OSError``."""
        self.key = key
        folder.mkdir(parents=True, exist_ok=True)
        self._lock, self.path = _take_chain(folder)
        self._head_file = os.open(self.path.with_suffix(".head"), os.O_RDWR | os.O_CREAT, 0o600)
        self._log = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._head = self._find_head()

    @property
    def head(self) -> Head:
        """The end of the chain."""
        return self._head

    def write(self, record: msgspec.Struct) -> None:
        """Append a record; it is with the system when this returns. Raises ``OSError``."""
        link = append(self.key, self._head, msgspec.json.encode(record))
        line = b"%d %s %s\n" % (link.number, link.seal.encode(), link.body)
        if os.write(self._log, line) != len(line):
            raise OSError("the audit log took half a record: its disk is full")
        self._head = Head(link.number, link.seal)
        os.pwrite(self._head_file, render_head(self.key, self._head), 0)

    def close(self) -> None:
        """Let go of the chain; idempotent."""
        held, self._lock = self._lock, -1
        if held != -1:
            for each in (self._log, self._head_file, held):
                os.close(each)

    def _find_head(self) -> Head:
        """Find where to go on: at the head, or one line after it."""
        kept = parse_head(self.key, os.pread(self._head_file, 4096, 0))
        last = _last_head(self.path)
        if kept is None or last.number not in (kept.number, kept.number + 1):
            raise AuditBroken(
                f'the audit chain "{self.path}" does not end where its head says: keep it and its '
                '".head" as evidence, run "simpul audit verify", and move both away'
            )
        return last


def render_head(key: bytes, head: Head) -> bytes:
    """Write a head, sealed, always as long."""
    told = f"{head.number:020d} {head.seal}"
    return f"{told} {keyed_hash(key, told)}\n".encode()


def parse_head(key: bytes, text: bytes) -> Head | None:
    """Read a head; None if it was not written by who holds the key. An empty file is the start."""
    if not text:
        return START
    told, _, seal = text.decode("ascii", "replace").strip().rpartition(" ")
    number, _, last = told.partition(" ")
    if seal != keyed_hash(key, told) or not number.isdigit():
        return None
    return Head(int(number), last)


def parse_line(line: bytes) -> tuple[int, str, bytes]:
    """Read a line as number, seal and record; a line that is none has the number 0."""
    parts = line.rstrip(b"\n").split(b" ", 2)
    if len(parts) != 3 or not parts[0].isdigit() or not line.endswith(b"\n"):
        return 0, "", line
    number = int(parts[0])
    if parts[0] != b"%d" % number:
        return 0, "", line
    return number, parts[1].decode("ascii", "replace"), parts[2]


def _take_chain(folder: Path) -> tuple[int, Path]:
    """Lock the first chain that is free; the lock ends with the process."""
    for place in range(_CHAINS):
        lock = os.open(folder / f"worker-{place}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        return lock, folder / f"worker-{place}.log"
    raise AuditBroken(f'every audit chain of "{folder}" is held by another process')


def _last_head(path: Path) -> Head:
    """Read the head of the last line."""
    last = b""
    with path.open("rb") as lines:
        for line in lines:
            last = line
    if not last:
        return START
    number, seal, _ = parse_line(last)
    return Head(number, seal)
