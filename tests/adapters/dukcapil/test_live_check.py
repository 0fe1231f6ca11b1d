"""The conformance kit on the real server of the fleet: what ``adapter check --config`` does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.check.catalog import CHECKS
from adapters.check.model import Verdict
from adapters.check.recording import Recording, load_recording
from adapters.check.run import run_check
from adapters.check.subject import Subject
from adapters.dukcapil.adapter import adapter
from adapters.registry import find_recording
from tests.testkit.legacy import open_truth, start_legacy

pytestmark = pytest.mark.anyio

TRIED = ("SAMPLES_ANSWERED", "KEYS_PERMUTED", "KEYS_ALONE", "ROWS_OF_ANOTHER", "SOURCE_DOWN")


def of_the_truth(recording: Recording) -> Recording:
    """Ask the sample of residents for people whom the live server knows."""
    with open_truth() as truth:
        rows = truth.execute("SELECT nik FROM person WHERE status = 'AKTIF' ORDER BY pid LIMIT 3")
        keys = tuple({"__typename": "Penduduk", "nik": str(row["nik"])} for row in rows)
    sample = recording.samples[0].model_copy(update={"representations": keys})
    return replace(recording, samples=(sample,))


async def test_a_live_source_is_asked() -> None:
    """The live server holds the claims, and what breaks recorded sources leaves it alone."""
    recording = of_the_truth(load_recording(find_recording("dukcapil")))
    with start_legacy("dukcapil") as server:
        settings = {"url": server.url, "user_id": "pelayanan", "password": "rahasia-pelayanan"}
        subject = Subject(adapter, recording, settings, Path())
        by_code = {check.code: check for check in CHECKS}
        for code in TRIED:
            assert (await run_check(by_code[code], subject)).findings == ()
        broken = await run_check(by_code["HTTP_RESET"], subject)
    assert broken.verdict is Verdict.NOT_APPLICABLE
