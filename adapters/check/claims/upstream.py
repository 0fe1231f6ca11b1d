"""Claims about broken upstreams: each fault of a wire or a file is one of the six codes.

In: an HTTP replay that misbehaves, or recorded files that are gone or broken. Out: findings by
sample. Only recorded sources can be broken; a live one is left alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from adapters.check.comparing import unexpected_codes
from adapters.check.model import Check, NotApplicable
from adapters.check.replay import Fault
from adapters.check.subject import Subject
from adapters.check.wire import Wire

__all__ = ["UPSTREAM_CHECKS"]

_IN_TIME = 5.0
_LIMITS = {"retries": 0, "timeout_seconds": 0.4}


async def _http(subject: Subject, fault: Fault) -> Sequence[str]:
    if not subject.recording.exchanges or subject.live is not None:
        raise NotApplicable("no HTTP source is recorded")
    found = []
    for sample in subject.recording.samples:
        async with subject.open(Wire(limits=_LIMITS), fault=fault) as opened:
            try:
                async with asyncio.timeout(_IN_TIME):
                    told = await opened.ask(sample)
            except TimeoutError:
                found.append(f'"{sample.title}": no end within {_IN_TIME:.0f} s')
                continue
        found += unexpected_codes(sample.title, told)
        if not told.errors:
            found.append(f'"{sample.title}": the fault left no error')
    return found


async def _broken_files(subject: Subject, damage: Callable[[Path], object]) -> list[str]:
    if subject.live is not None:
        raise NotApplicable("a live source is not broken on purpose")
    found = []
    for sample in subject.recording.samples:
        async with subject.open(Wire(limits=_LIMITS)) as opened:
            if not opened.files:
                raise NotApplicable("no file or database is recorded")
            for file in opened.files:
                damage(file)
            told = await opened.ask(sample)
        found += unexpected_codes(sample.title, told)
    return found


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])


def _overwrite(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 8)


UPSTREAM_CHECKS: tuple[Check, ...] = (
    Check(
        "HTTP_500",
        "An answer 500 is one of the six codes.",
        "The commonest fault of all.",
        partial(_http, fault=Fault.ERROR_500),
    ),
    Check(
        "HTTP_PAGE_FOR_PEOPLE",
        "A page for people with status 200 is one of the six codes.",
        "Load balancers apologise in HTML and call it success.",
        partial(_http, fault=Fault.ERROR_PAGE),
    ),
    Check(
        "HTTP_GARBAGE",
        "An answer that is no HTTP is one of the six codes.",
        "A wrong port or a captive portal must not look like a bug of ours.",
        partial(_http, fault=Fault.GARBAGE),
    ),
    Check(
        "HTTP_RESET",
        "A connection that closes in the middle of an answer is one of the six codes.",
        "Half an answer must never be taken for a whole one.",
        partial(_http, fault=Fault.RESET),
    ),
    Check(
        "HTTP_HUGE",
        "An answer beyond all limits is one of the six codes, and is not read.",
        "A filter that an upgrade ignores sends the whole table.",
        partial(_http, fault=Fault.HUGE),
    ),
    Check(
        "HTTP_SLOW_DRIP",
        "An answer that drips is given up at the time-out.",
        "A time-out between two bytes never ends a drip.",
        partial(_http, fault=Fault.DRIP),
    ),
    Check(
        "HTTP_SILENT",
        "A server that says nothing is given up at the time-out.",
        "The civil registry does exactly that under load.",
        partial(_http, fault=Fault.SILENT),
    ),
    Check(
        "FILES_MISSING",
        "Missing files and databases are one of the six codes.",
        "File drops come late.",
        partial(_broken_files, damage=Path.unlink),
    ),
    Check(
        "FILES_TRUNCATED",
        "Truncated files and databases are one of the six codes, or the readable part.",
        "A copy that breaks off is the usual way of delivering a file.",
        partial(_broken_files, damage=_cut),
    ),
    Check(
        "FILES_GARBLED",
        "Files and databases of other content are one of the six codes.",
        "Somebody saves a spreadsheet under the register's name.",
        partial(_broken_files, damage=_overwrite),
    ),
)
