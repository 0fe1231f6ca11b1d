"""One worker's chain of audit records, in a file that is only ever appended to.

In: a folder, a key, records. Out: lines ``NUMBER SEAL JSON`` in ``worker-K.log``, written before
``write`` returns. A worker takes the first chain that no other process holds, and goes on where it
ended, so that a restart leaves no gap.

Beside it ``worker-K.head`` holds the sealed head of the chain: without it the last lines could be
cut off unseen. A record is written first and the head after it; a process that is killed between
the two leaves a log that is one line ahead, which is whole. One that is killed inside the first
leaves a part of a line, whose answer never left: the next process sets it aside.

What is written survives the process at once. A power cut takes what ``flush`` had not brought to
the disk, which ``flushing`` calls every second: to wait for the disk in every answer would cost
each some milliseconds. What an operation changes is on the disk with its own history by then.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from threading import Lock
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
        # At once: killed before its own first head, this process leaves one record ahead, not two.
        os.pwrite(self._head_file, render_head(self.key, self._head), 0)
        self._flushed = self._head.number
        self._flushing = Lock()

    @property
    def flushed(self) -> int:
        """The number of the last record that survives a power cut."""
        return self._flushed

    def flush(self) -> None:
        """Bring what is written to the disk, from any thread. Raises ``OSError``."""
        with self._flushing:
            written = self._head.number
            if written != self._flushed and self._lock != -1:
                os.fdatasync(self._log)
                os.fdatasync(self._head_file)
                self._flushed = written

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
        self.flush()
        with self._flushing:  # a thread may be at it still
            held, self._lock = self._lock, -1
        if held != -1:
            for each in (self._log, self._head_file, held):
                os.close(each)

    def _find_head(self) -> Head:
        """Find where to go on: at the head, or one line after it."""
        kept = parse_head(self.key, os.pread(self._head_file, 4096, 0))
        last, torn = _last_head(self.path)
        if torn and last == kept:
            self._set_aside(torn)
        elif torn or kept is None or last.number not in (kept.number, kept.number + 1):
            raise AuditBroken(
                f'the audit chain "{self.path}" does not end where its head says: keep it and its '
                '".head" as evidence, run "simpul audit verify", and move both away'
            )
        return last

    def _set_aside(self, torn: bytes) -> None:
        """Keep the part of a line that a killed process left, out of the chain."""
        with self.path.with_suffix(".torn").open("ab") as kept:
            kept.write(torn + b"\n")
        os.ftruncate(self._log, os.fstat(self._log).st_size - len(torn))


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


def _last_head(path: Path) -> tuple[Head, bytes]:
    """Read the head of the last line, and what stands after it without an end."""
    last = torn = b""
    with path.open("rb") as lines:
        for line in lines:
            last, torn = (line, b"") if line.endswith(b"\n") else (last, line)
    if not last:
        return START, torn
    number, seal, _ = parse_line(last)
    return Head(number or -1, seal), torn  # -1: no line of a chain, and after no head
