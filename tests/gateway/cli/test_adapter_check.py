"""``simpul adapter check``: the report, and the exit status."""

from __future__ import annotations

import json

import pytest

from adapters.check.catalog import CHECKS
from gateway.cli.adapter_check import check_adapter
from gateway.cli.output import Failure


def test_the_report_names_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON only on stdout, with all checks in order, over the recorded source."""
    check_adapter("wilayah", format="json")
    report = json.loads(capsys.readouterr().out)
    assert (report["adapter"], report["passed"]) == ("wilayah", True)
    assert [check["code"] for check in report["checks"]] == [check.code for check in CHECKS]
    skipped = [c for c in report["checks"] if c["verdict"] == "not applicable"]
    assert all(check["reason"] for check in skipped)


def test_an_adapter_that_does_not_exist_is_named() -> None:
    """What is not installed is told with what is."""
    with pytest.raises(Failure, match=r'no adapter "pajak".*"wilayah"'):
        check_adapter("pajak")
