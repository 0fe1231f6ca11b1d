"""Adapters with one vice each fail the checks that speak of it, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.check.model import Verdict
from adapters.check.report import render_report, report_as_json
from adapters.check.run import run_checks
from adapters.kit.adapter import Adapter
from tests.adapters.check.bad_deadline import adapter as bad_deadline
from tests.adapters.check.bad_position import adapter as bad_position
from tests.adapters.check.bad_text import adapter as bad_text
from tests.adapters.check.office import build, subject_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FOUND = {
    "good": (build(), set()),
    "position": (
        bad_position,
        {
            "KEYS_PERMUTED",
            "KEYS_UNKNOWN",
            "ROWS_PERMUTED",
            "ROWS_LOST",
            "ROWS_DOUBLED",
            "ROWS_OF_ANOTHER",
        },
    ),
    "text": (bad_text, {"EXCEPTIONS_MASKED", "MESSAGES_IMPERSONAL"}),
    "deadline": (bad_deadline, {"ROWS_DOUBLED", "DEADLINE_KEPT", "DEADLINE_PAST", "CANCELLED"}),
}


@pytest.mark.parametrize("vice", FOUND)
async def test_exactly_the_vice_is_found(vice: str) -> None:
    """The failing checks are those of the vice, and no finding repeats a number of a person."""
    adapter: Adapter[Any]
    adapter, expected = FOUND[vice]
    results = await run_checks(subject_of(adapter))
    failed = {result.check.code for result in results if result.verdict is Verdict.FAIL}
    assert failed == expected
    report = render_report("kantor", results)
    assert "3171" not in report
    assert report_as_json("kantor", results)["passed"] is (not expected)
