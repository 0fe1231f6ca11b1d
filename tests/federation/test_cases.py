"""Every written case: the kept answer, on both paths, in no more requests than it says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gateway.executor.executor import CompileMode
from tests.testkit.federation_cases import (
    FederationCase,
    kept_answers,
    read_cases,
    write_answers,
)

CASES = read_cases(Path(__file__).parent / "cases")
TOPICS = sorted({case.topic for case in CASES})

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.stem)
def test_kept_answers_are_true(topic: Path) -> None:
    """What is kept is what one server with everything answers, and nothing is kept in vain."""
    true = {
        case.name: case.world().truth(case.operation, case.variables)
        for case in CASES
        if case.topic == topic
    }
    if os.environ.get("UPDATE_GOLDENS") == "1":
        write_answers(topic, true)
    assert kept_answers(topic) == true


@pytest.mark.parametrize("mode", [CompileMode.NEVER, CompileMode.ALWAYS], ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(case: FederationCase, mode: CompileMode) -> None:
    """The answer has the kept values in the order asked, and no subgraph refused anything."""
    world = case.world()
    before = world.requests()
    data, errors = await world.answer(
        case.operation, case.variables, compile_mode=mode, batched=True
    )
    assert errors == []
    assert json.dumps(data) == json.dumps(kept_answers(case.topic)[case.name])
    assert world.requests() - before == case.fetches
