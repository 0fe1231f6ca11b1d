"""What a compiled fetch does to the merged data."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema

from adapters.contract import CallContext, SubgraphError, SubgraphResponse
from gateway.executor.compiled.entities import Asked
from gateway.executor.compiled.program import FetchProgram
from gateway.executor.compiled.source import Deviation
from gateway.executor.compiled.steps import FastArrival, merge_clean
from gateway.executor.fetch.call import FetchAnswer
from gateway.executor.fetch.context import WalkContext
from gateway.executor.state.execution_state import ExecutionState
from gateway.executor.state.options import ExecutionOptions
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.executor.state.visible_names import VisibleNames
from gateway.operation.model import OperationKind
from gateway.plan.nodes import FetchNode
from schema.selection import SelectionSet

EMPTY = SelectionSet("Query", ())
NODE = FetchNode(1, "a", OperationKind.QUERY, EMPTY)


def context() -> WalkContext:
    """Give the context of an execution that has merged nothing."""
    types = RuntimeTypes(build_schema("type Query { x: Int }"))
    return WalkContext(
        documents={},
        types=types,
        visible=VisibleNames(EMPTY, {}),
        variables={},
        executors={},
        call=CallContext(),
        options=ExecutionOptions(),
        state=ExecutionState(fetches_left=1),
    )


def arrival(
    response: SubgraphResponse, targets: list[list[dict[str, Any]]] | None, *, custom: bool = False
) -> FastArrival:
    """Give an answer that has come for ``targets``, or for the root."""
    asked = None if targets is None else Asked([{} for _ in targets], targets)
    program = FetchProgram(None, has_custom_scalars=custom)
    return FastArrival(NODE, NODE, program, asked, FetchAnswer(response, 0.0, was_sent=True))


def test_places_share_no_part_of_an_entity() -> None:
    """What a later fetch adds at one place must not show at another."""
    first: dict[str, Any] = {"id": 1}
    second: dict[str, Any] = {"id": 1}
    response = SubgraphResponse([{"size": {"x": 1}, "id": 1}], body=b"")
    merge_clean(arrival(response, [[first, second]]), context())
    assert first == second == {"id": 1, "size": {"x": 1}}
    assert first["size"] is not second["size"]


@pytest.mark.parametrize(
    ("body", "custom", "is_kept"), [(b"", False, True), (b"", True, False), (None, False, False)]
)
def test_only_data_of_ones_own_is_kept(body: bytes | None, custom: bool, is_kept: bool) -> None:
    """Data that others may hold is copied, and so is what may nest without end."""
    response, state = SubgraphResponse({"x": {"y": 1}}, body=body), context()
    merge_clean(arrival(response, None, custom=custom), state)
    assert state.state.data == {"x": {"y": 1}}
    assert (state.state.data["x"] is response.data["x"]) is is_kept


@pytest.mark.parametrize(
    "response",
    [
        SubgraphResponse(None),
        SubgraphResponse({}),
        SubgraphResponse([]),
        SubgraphResponse([{}], (SubgraphError("", "ANY"),)),
    ],
)
def test_an_answer_that_is_not_clean_changes_nothing(response: SubgraphResponse) -> None:
    """An error or another form is the reference's, which finds everything as it was."""
    target, state = {"id": 1}, context()
    with pytest.raises(Deviation):
        merge_clean(arrival(response, [[target]]), state)
    assert (target, state.state.data, state.state.accounts) == ({"id": 1}, {}, {})
