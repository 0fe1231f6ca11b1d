"""Which fetches of a plan may be ready together, and what that makes of their requests."""

from __future__ import annotations

import pytest

from adapters.contract import CallContext
from bench.reviews import OPERATIONS, build_executors, build_supergraph, build_truth
from gateway.executor.executor import CompileMode, ExecutionOptions, execute
from gateway.executor.state.plan_fetches import asked_at_once
from gateway.operation.model import OperationKind
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.plan.nodes import (
    ConditionNode,
    ContextVariable,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
)
from gateway.planner.cost import PlanBudget
from gateway.policy.authorize import Authorization
from gateway.prepare import prepare_operation
from schema.query_graph.build import build_query_graph
from schema.selection import SelectionSet
from schema.supergraph.api_schema import build_api_schema
from schema.type_ref import TypeRef

CONTEXT = ContextVariable("c", TypeRef("Int"), ("a",), SelectionSet("A"))


def fetch(
    number: int, subgraph: str = "s", contexts: tuple[ContextVariable, ...] = ()
) -> FlattenNode:
    """Make an entity fetch."""
    nothing = SelectionSet("_Entity")
    node = FetchNode(number, subgraph, OperationKind.QUERY, nothing, nothing, contexts=contexts)
    return FlattenNode(("a",), node)


@pytest.mark.parametrize(
    ("node", "together"),
    [
        pytest.param(ParallelNode((fetch(1), fetch(2))), {1: 0, 2: 0}, id="one level"),
        pytest.param(ParallelNode((fetch(1), fetch(2, "t"))), {}, id="two subgraphs"),
        pytest.param(SequenceNode((fetch(1), fetch(2))), {}, id="one after another"),
        pytest.param(
            ParallelNode((SequenceNode((fetch(1, "t"), fetch(2))), fetch(3))), {}, id="two levels"
        ),
        pytest.param(
            ParallelNode(
                (
                    SequenceNode((fetch(1, "t"), fetch(2))),
                    SequenceNode((fetch(3, "u"), ParallelNode((fetch(4), fetch(5, "u"))))),
                )
            ),
            {2: 1, 4: 1},
            id="in step",
        ),
        pytest.param(
            ParallelNode((ConditionNode("v", fetch(1), None), fetch(2))),
            {1: 0, 2: 0},
            id="perhaps",
        ),
        pytest.param(fetch(1, contexts=(CONTEXT,)), {1: 0}, id="under several contexts"),
    ],
)
def test_those_of_one_subgraph_and_level_may_be_ready_together(
    node: PlanNode, together: dict[int, int]
) -> None:
    """A level is how many fetches come before, on the longest way."""
    assert asked_at_once(QueryPlan(node)) == together


@pytest.mark.anyio
@pytest.mark.parametrize("mode", [CompileMode.ALWAYS, CompileMode.NEVER])
async def test_a_later_fetch_joins_no_earlier_one_however_fast_the_answers_come(
    mode: CompileMode,
) -> None:
    """The heavy operation asks its subgraphs seven times, also where no turn passes between."""
    supergraph = build_supergraph()
    api_schema = build_api_schema(supergraph)
    operation = normalize_document(
        parse_document(OPERATIONS["heavy"], max_tokens=1000), None, api_schema
    )
    graph = build_query_graph(supergraph)
    prepared = prepare_operation(
        operation, Authorization(), api_schema, graph, PlanBudget(), compile_mode=mode
    )
    executors = build_executors(build_truth())
    options = ExecutionOptions(batched=frozenset(executors))
    result = await execute(prepared.execution, {}, executors, CallContext(), options)
    assert not result.errors
    assert sum(each["calls"] for each in result.source_calls) == 7
