"""An adapter that asks for more keys at once than its source takes is found on the wire."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adapters.check.catalog import CHECKS
from adapters.check.model import Result, Verdict
from adapters.check.recording import load_recording
from adapters.check.run import run_check
from adapters.check.subject import Subject
from adapters.registry import find_recording, load_adapter
from tests.adapters.check.office import build, subject_of
from tests.testkit.declared import EXAMPLES

pytestmark = pytest.mark.anyio

BATCHES_CAPPED = next(check for check in CHECKS if check.code == "BATCHES_CAPPED")


async def _check_tax(folder: Path, at_most: int) -> Result:
    """Try the example of a tax office, which takes 50 keys, with other batches."""
    shutil.copy(EXAMPLES / "pajak.wsdl", folder)
    shutil.copy(EXAMPLES / "pajak.xsd", folder)
    text = (EXAMPLES / "pajak.yaml").read_text("utf-8")
    assert text.count("at_most: 50") == 1
    (folder / "pajak.yaml").write_text(text.replace("at_most: 50", f"at_most: {at_most}"), "utf-8")
    recording = load_recording(EXAMPLES / "recorded" / "pajak")
    return await run_check(
        BATCHES_CAPPED, Subject(load_adapter(str(folder / "pajak.yaml")), recording)
    )


@pytest.mark.parametrize("at_most", [1, 49, 50])
async def test_batches_within_the_cap_pass(at_most: int, tmp_path: Path) -> None:
    """Whatever is not more than the source takes is well."""
    assert (await _check_tax(tmp_path, at_most)).verdict is Verdict.PASS


@pytest.mark.parametrize(("at_most", "told"), [(51, "51 keys"), (1000, "101 keys")])
async def test_batches_beyond_the_cap_are_found(at_most: int, told: str, tmp_path: Path) -> None:
    """One key too many is a finding, which tells how many and no key."""
    result = await _check_tax(tmp_path, at_most)
    assert result.verdict is Verdict.FAIL
    (finding,) = result.findings
    assert f"{told} in one call, and the source takes 50" in finding


@pytest.mark.parametrize("name", ["bsre", "dpmptsp", "dukcapil", "pbb"])
async def test_what_asks_over_http_is_tried(name: str) -> None:
    """The recording of each agency that is asked over HTTP tells how much it takes."""
    subject = Subject(load_adapter(name), load_recording(find_recording(name)))
    assert (await run_check(BATCHES_CAPPED, subject)).verdict is Verdict.PASS


async def test_without_a_wire_there_is_nothing_to_count() -> None:
    """A table in memory, and a database whose source splits its statements, have no such cap."""
    result = await run_check(BATCHES_CAPPED, subject_of(build()))
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "no HTTP source" in result.reason
