"""What a check found. In: nothing. Out: the results, and the values that checks give back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["NEEDS_OFFICER", "PASSED", "Finding", "Result", "failed"]


class Result(StrEnum):
    """The result of a check."""

    LULUS = "LULUS"  # the records say so
    GAGAL = "GAGAL"  # the records say otherwise
    PERLU_PETUGAS = "PERLU_PETUGAS"  # no record can say; an officer confirms it by a paper
    BELUM_DAPAT = "BELUM_DAPAT"  # who could say did not answer; to be made again


@dataclass(frozen=True, slots=True)
class Finding:
    """A result with its reason; the reason is a code, never a value of a record."""

    result: Result
    reason: str | None = None


PASSED = Finding(Result.LULUS)
NEEDS_OFFICER = Finding(Result.PERLU_PETUGAS)


def failed(reason: str) -> Finding:
    """Give a finding against the application."""
    return Finding(Result.GAGAL, reason)
