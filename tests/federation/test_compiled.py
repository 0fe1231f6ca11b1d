"""All written cases run on records."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.executor.executor import CompileMode, prepare_execution
from gateway.executor.state.plan_fetches import fetches_of
from gateway.operation.variables import coerce_variables
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.federation_cases import FederationCase, read_cases

CASES = read_cases(Path(__file__).parent / "cases")
TOPICS = sorted({case.topic for case in CASES})


def is_compiled(case: FederationCase) -> bool:
    """Tell whether the case is answered on records."""
    world = case.world()
    operation = world.operation(case.operation)
    plan = plan_operation(operation, world.graph)
    types = {variable.name: variable.type for variable in operation.variables}
    documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=CompileMode.ALWAYS
    )
    given = coerce_variables(operation.variables, case.variables, world.api)
    return execution.program.note_use(given) is not None


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.stem)
def test_written_cases_are_compiled(topic: Path) -> None:
    """Every case of a topic runs on records, as long as nothing deviates."""
    cases = [case for case in CASES if case.topic == topic]
    assert [case.name for case in cases if not is_compiled(case)] == []
