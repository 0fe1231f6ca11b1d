"""Everything about an operation that no single request changes, computed once.

In: an operation with its denials, the API schema and the query graph. Out: a
``PreparedOperation``: plan, subgraph documents, projection. Pure; kept by ``snapshot``.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLSchema

from gateway.executor.executor import CompileMode, Execution, KeptPrograms, prepare_execution
from gateway.executor.state.plan_fetches import fetches_of
from gateway.operation.model import Operation
from gateway.plan.nodes import QueryPlan
from gateway.plan.render import print_fetch
from gateway.planner.cost import PlanBudget
from gateway.planner.planner import plan_operation
from gateway.policy.authorize import Authorization
from schema.query_graph.graph import QueryGraph

__all__ = ["PreparedOperation", "prepare_operation"]


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """One operation under one set of denials, ready to be executed any number of times."""

    operation: Operation
    plan: QueryPlan
    execution: Execution

    @property
    def size(self) -> int:
        """Bytes of the texts sent to subgraphs, to which all the rest is proportional."""
        return sum(map(len, self.execution.documents.values()))


def prepare_operation(
    operation: Operation,
    authorization: Authorization,
    api_schema: GraphQLSchema,
    query_graph: QueryGraph,
    budget: PlanBudget,
    *,
    compile_mode: CompileMode = CompileMode.SECOND_USE,
    kept: KeptPrograms | None = None,
) -> PreparedOperation:
    """Plan and prepare; raises ``PlanBudgetExceeded``."""
    plan = plan_operation(operation, query_graph, denied=authorization.denied, budget=budget)
    types = {definition.name: definition.type for definition in operation.variables}
    documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan,
        operation,
        api_schema,
        documents,
        authorization.denied,
        denied_sources=authorization.denied_sources,
        compile_mode=compile_mode,
        kept=kept,
    )
    return PreparedOperation(operation, plan, execution)
