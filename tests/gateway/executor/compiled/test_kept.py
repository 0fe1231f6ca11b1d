"""Programs are kept within a count and a weight, and the collector is called for those gone."""

from __future__ import annotations

from gateway.executor.compiled.kept import KeptPrograms, ProgramKey
from gateway.executor.executor import CompileMode, Execution, prepare_execution
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.graph_world import GraphWorld

SDL = "type Query { a: Int b: Int }"


def prepare(text: str, kept: KeptPrograms) -> Execution:
    """Prepare an operation to be compiled at once."""
    world = GraphWorld(one=SDL)
    operation = world.operation(text)
    plan = plan_operation(operation, world.graph)
    types = {variable.name: variable.type for variable in operation.variables}
    documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
    return prepare_execution(
        plan,
        operation,
        world.api,
        documents,
        frozenset(),
        compile_mode=CompileMode.ALWAYS,
        kept=kept,
    )


def test_the_least_recently_used_program_of_all_operations_goes() -> None:
    """Two are kept; the third takes the place of the one not used since."""
    kept = KeptPrograms(count=2)
    one, two, three = (prepare(text, kept).program for text in ("{ a }", "{ b }", "{ a b }"))
    first, second = one.note_use({}), two.note_use({})
    assert one.note_use({}) is first
    three.note_use({})
    assert one.note_use({}) is first
    assert two.note_use({}) is not second


def test_a_program_weighs_its_classes() -> None:
    """What is heavier than all that may be kept is compiled for each use."""
    program = prepare("{ a }", KeptPrograms(weight=15_000)).program
    used = program.note_use({})
    assert used is not None
    assert used.class_count * 5_000 > 15_000
    assert program.note_use({}) is not used


def test_each_outcome_of_the_conditions_has_a_program() -> None:
    """Programs of one operation are told apart."""
    program = prepare("query($x: Boolean!) { a @skip(if: $x) b }", KeptPrograms()).program
    with_a, without_a = program.note_use({"x": False}), program.note_use({"x": True})
    assert with_a is not without_a
    assert program.note_use({"x": False}) is with_a


def test_many_programs_gone_call_the_collector() -> None:
    """Generated classes are cycles; every 256th program gone has them collected."""
    collected: list[None] = []
    kept = KeptPrograms(count=1, collect=lambda: collected.append(None))
    execution = prepare("{ a }", kept)
    shape = execution.projection.root({})
    for number in range(513):
        key: ProgramKey = ("operation", number, frozenset())
        kept.put(key, shape, None)
    assert len(collected) == 2
