"""A check and what it gave: values that the report, the command and the tests share.

In: nothing. Out: ``Check`` (a claim about any adapter, and the function that tries it) and
``Result``. A check function returns findings, each a sentence that says what is wrong and where and
never repeats a value of a record; it raises ``NotApplicable`` where the adapter or its recording
has nothing that the claim speaks of.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from adapters.check.subject import Subject

__all__ = ["Check", "NotApplicable", "Result", "Verdict"]


class NotApplicable(Exception):
    """The claim speaks of something that this adapter or its recording does not have."""


class Verdict(StrEnum):
    """How a check ended."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Check:
    """One claim about any adapter."""

    code: str
    title: str  # the claim in a sentence
    why: str  # what happens to people or agencies where it does not hold
    run: Callable[[Subject], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Result:
    """What one check gave."""

    check: Check
    verdict: Verdict
    findings: tuple[str, ...] = ()  # of a failure: what is wrong and where
    reason: str = ""  # why it is not applicable
