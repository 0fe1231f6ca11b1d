"""Golden plans by topic, and that each of them gives the true answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.plan.render import render_plan
from tests.testkit.planning import check_golden, golden_cases, golden_world

ROOT = Path(__file__).parent / "golden"
CASES = golden_cases(ROOT)
IDS = [f"{case.parent.name}/{case.stem}" for case in CASES]
# The imagined objects do not change, so mutations have no true answer.
QUERIES = [case for case in CASES if not case.read_text().startswith("mutation")]

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_plan_is_as_kept(case: Path) -> None:
    """The plan equals the kept one, text for text."""
    check_golden(case, render_plan(golden_world(case.parent).plan(case.read_text())))


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: f"{case.parent.name}/{case.stem}")
@pytest.mark.parametrize("included", [True, False])
async def test_plan_gives_the_true_answer(case: Path, included: bool) -> None:
    """Executed over strict subgraphs, the plan answers what one server with everything would."""
    world, text = golden_world(case.parent), case.read_text()
    operation = world.operation(text)
    values = {"first": 1, "id": "1", "n": 1}
    variables = {
        variable.name: values.get(variable.name, included) for variable in operation.variables
    }
    data, errors = await world.answer(text, variables)
    assert errors == []
    assert json.dumps(data) == json.dumps(world.truth(text, variables))
