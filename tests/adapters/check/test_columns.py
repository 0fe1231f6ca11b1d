"""A column that nobody asked for, and planted crashes that nobody is to read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from adapters.check.catalog import CHECKS
from adapters.check.model import Verdict
from adapters.check.run import run_check
from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes
from tests.adapters.check.office import Office, build, person, subject_of
from tests.testkit.declared import EXAMPLES
from tests.testkit.imports import ROOT

pytestmark = pytest.mark.anyio

COLUMNS_UNASKED = next(check for check in CHECKS if check.code == "COLUMNS_UNASKED")


async def _all_columns(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Answer by whatever the row holds."""
    office: Office = context.sources
    rows = await office.people(keys, context)
    return {row["nik"]: {**person(row), "nama": " ".join(row.values())} for row in rows}


@pytest.mark.parametrize(
    ("adapter", "verdict"), [(build(), Verdict.PASS), (build(people=_all_columns), Verdict.FAIL)]
)
async def test_a_column_that_was_not_asked(adapter: Adapter[Any], verdict: Verdict) -> None:
    """An adapter that passes on whatever comes is found, and the finding quotes nothing of it."""
    result = await run_check(COLUMNS_UNASKED, subject_of(adapter))
    assert result.verdict is verdict
    assert "rahasia" not in str(result.findings)


@pytest.mark.slow
def test_planted_crashes_are_not_told_on_the_terminal() -> None:
    """Whoever runs the checks reads the report, and no crash that the checks made themselves."""
    command = [sys.executable, "-m", "gateway.cli.main", "adapter", "check"]
    done = subprocess.run(
        [*command, str(EXAMPLES / "pajak.yaml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "EXCEPTIONS_MASKED" in done.stdout
    assert done.stderr == ""
