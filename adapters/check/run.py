"""Tries checks on an adapter, one after another.

In: a subject. Out: a ``Result`` per check. A check that crashes the adapter, or does not end, is a
finding and no crash of the kit.
"""

from __future__ import annotations

import asyncio
import logging
import traceback

from adapters.check.catalog import CHECKS
from adapters.check.model import Check, NotApplicable, Result, Verdict
from adapters.check.subject import Subject

__all__ = ["run_check", "run_checks"]

_LOG = logging.getLogger("simpul")
_NOWHERE = logging.NullHandler()
_END_SECONDS = 60.0
"""What no check needs on a slow machine; doubled, an adapter that hangs is merely found later."""


async def run_checks(subject: Subject) -> tuple[Result, ...]:
    """Try every check, in order."""
    return tuple([await run_check(check, subject) for check in CHECKS])


async def run_check(check: Check, subject: Subject) -> Result:
    """Try one check. Raises only on cancellation."""
    subject.unrecorded.clear()
    # Of the crashes that checks plant nobody is to read on the terminal, where logs without a
    # handler end; a handler that somebody has set hears of them.
    _LOG.addHandler(_NOWHERE)
    try:
        async with asyncio.timeout(_END_SECONDS):
            findings = tuple(await check.run(subject))
    except NotApplicable as reason:
        return Result(check, Verdict.NOT_APPLICABLE, reason=str(reason))
    except TimeoutError:
        findings = (f"the check did not end within {_END_SECONDS:.0f} s",)
    except Exception as error:
        findings = (_told(error),)
    if findings:  # what is asked amiss of a failing source need not be recorded
        findings += tuple(f"not recorded: {asked}" for asked in dict.fromkeys(subject.unrecorded))
    return Result(check, Verdict.FAIL if findings else Verdict.PASS, findings)


def _told(error: Exception) -> str:
    """Tell kind and place of an exception, never its text, which may quote a record."""
    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in [*frames][::-1][:4])
    return f"{type(error).__name__} escaped at {place}"
