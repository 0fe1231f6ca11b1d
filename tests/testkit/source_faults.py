"""The table of docs/source-faults.md: what becomes of a question when a kind of source fails.

In: the page. Out: its rows by kind, and ``judge``, which holds an adapter's answer against one.
Each kind has its own test that makes the faults (tests/adapters/sources); a row is written as

    | `kind` | `fault`, in which form | value | `code` | `completeness` | answered | received |
"""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import NamedTuple

from adapters.contract import SubgraphResponse
from tests.testkit.imports import ROOT

__all__ = ["FAULTS", "SLACK", "TIMEOUT", "SourceFault", "judge", "source_faults"]

FAULTS = (
    "down",
    "connect_timeout",
    "slow_drip",
    "reset",
    "500",
    "garbage",
    "error_in_answer",
    "quota",
    "expired_credential",
    "changed_schema",
    "truncated",
)
"""What can happen to any kind of source; each kind has a row, or more, of each."""

TIMEOUT = 0.5  # seconds of the guards under test
# For a machine that does other things too; no part of the product's promise. That nobody waited is
# seen by the code, which would be BATAS_WAKTU, and by what the source received.
SLACK = 10.0


class SourceFault(NamedTuple):
    """One row of the table."""

    kind: str
    fault: str
    form: str  # of the fault, if it has several; or empty
    value: str  # "null", "last version", "whole"
    code: str  # "-": no error
    status: str  # of the source in completeness
    within: str  # "at once", "retries", "time-out"
    received: str  # questions that reached the source

    def __str__(self) -> str:
        """Name the row, for the list of tests."""
        return f"{self.kind}-{self.fault}" + (f"-{self.form}" if self.form else "")


def source_faults(kind: str | None = None) -> list[SourceFault]:
    """Read the rows of a kind, or all."""
    lines = (ROOT / "docs" / "source-faults.md").read_text("utf-8").splitlines()
    rows = []
    for line in (line for line in lines if line.startswith("| `")):
        name, fault, *rest = (cell.strip() for cell in line.strip("|").split("|"))
        fault, _, form = fault.partition(",")
        plain = (cell.strip(" `") for cell in (name, fault, form, *rest))
        rows.append(SourceFault(*plain))
    return [row for row in rows if kind is None or row.kind == kind]


async def judge(row: SourceFault, asking: Awaitable[SubgraphResponse]) -> SubgraphResponse:
    """Wait for an answer, and hold its code, its source's status and its time against the row.

    The value and what the source received are for the test of the kind to compare.
    """
    began = time.monotonic()
    response = await asking
    seconds = time.monotonic() - began
    assert {error.code for error in response.errors} == ({row.code} - {"-"})
    assert {report.status for report in response.reports} == {row.status}
    limit = TIMEOUT if row.within == "time-out" else 0.0
    assert seconds < limit + SLACK
    return response
