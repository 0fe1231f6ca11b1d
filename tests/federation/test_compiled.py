"""All written cases run on records."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testkit.both_ways import is_compiled
from tests.testkit.federation_cases import read_cases

CASES = read_cases(Path(__file__).parent / "cases")
TOPICS = sorted({case.topic for case in CASES})


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.stem)
def test_written_cases_are_compiled(topic: Path) -> None:
    """Every case of a topic runs on records, as long as nothing deviates."""
    cases = [case for case in CASES if case.topic == topic]
    left = [
        case.name for case in cases if not is_compiled(case.world(), case.operation, case.variables)
    ]
    assert left == []
