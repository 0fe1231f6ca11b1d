"""What is done with objects that come as bytes: each distinct one is decoded once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import CompileMode, ExecutionOptions, execute, prepare_execution
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

CIRCLES = (
    'type Query { groups: [Group] } type Group @key(fields: "id") { id: ID! }',
    'type Group @key(fields: "id") { id: ID! lead: Member } '
    'type Member @key(fields: "id") { id: ID! friends: [Member] }',
    'type Member @key(fields: "id") { id: ID! name: String }',
)


async def ask_circles(body: bytes) -> tuple[str, list[list[Any]], bool]:
    """Execute over the bytes of the leads; the answer, who was asked for, whether by records."""
    world = GraphWorld(one=CIRCLES[0], two=CIRCLES[1], three=CIRCLES[2])
    text = "{ groups { lead { name friends { name } } } }"
    plan = plan_operation(operation := world.operation(text), world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=CompileMode.ALWAYS
    )
    asked: list[list[Any]] = []

    def one(_: SubgraphRequest) -> SubgraphResponse:
        groups = [{"__typename": "Group", "id": str(n)} for n in range(body.count(b'"lead"'))]
        return SubgraphResponse({"groups": groups})

    def two(request: SubgraphRequest) -> SubgraphResponse:
        assert request.shape is not None
        return SubgraphResponse(request.shape.decode(body), body=body)

    def three(request: SubgraphRequest) -> SubgraphResponse:
        asked.append([each["id"] for each in request.representations or ()])
        return SubgraphResponse([{"name": f"Member {each}"} for each in asked[-1]])

    subgraphs = {
        "one": ScriptedSubgraph(one),
        "two": ScriptedSubgraph(two),
        "three": ScriptedSubgraph(three),
    }
    result = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    answer = msgspec.json.encode({"data": result.data, "errors": result.errors}).decode()
    return answer, asked, isinstance(result.data, msgspec.Struct)


FRIEND = b'{"__typename":"Member","id":"2"}'


async def test_what_comes_as_equal_bytes_is_decoded_once() -> None:
    """Equal bytes are one object at all their positions, a null is a null."""
    lead = b'{"lead":{"__typename":"Member","id":"1","friends":[%b,null]}}' % FRIEND
    body = b'{"data":{"_entities":[%b,%b,{"lead":null}]}}' % (lead, lead)
    answer, asked, is_fast = await ask_circles(body)
    shown = '{"lead":{"name":"Member 1","friends":[{"name":"Member 2"},null]}}'
    assert answer == (f'{{"data":{{"groups":[{shown},{shown},{{"lead":null}}]}},"errors":[]}}')
    assert is_fast
    assert sorted(each for keys in asked for each in keys) == ["1", "2"]


async def test_different_bytes_of_one_length_are_told_apart() -> None:
    """Whatever came first of a length, each object is its own, and equal ones are asked once."""
    keys = (1, 3, 1, 4, 3, 10, 4, 10)
    leads = (b'{"lead":{"__typename":"Member","id":"%d","friends":[]}}' % key for key in keys)
    answer, asked, is_fast = await ask_circles(b'{"data":{"_entities":[%b]}}' % b",".join(leads))
    shown = [f'{{"lead":{{"name":"Member {key}","friends":[]}}}}' for key in keys]
    assert answer == f'{{"data":{{"groups":[{",".join(shown)}]}},"errors":[]}}'
    assert is_fast
    assert asked == [["1", "3", "4", "10"]]


async def test_bytes_that_do_not_fit_are_for_the_reference() -> None:
    """What is found to deviate only when it is decoded deviates all the same."""
    body = b'{"data":{"_entities":[{"lead":{"__typename":"Member","id":"1","friends":7}}]}}'
    answer, _, is_fast = await ask_circles(body)
    assert not is_fast
    assert '"groups":[{"lead":{"name":"Member 1","friends":null}}]' in answer
    assert "DATA_RUSAK" in answer


async def test_bytes_that_are_no_text_are_no_answer() -> None:
    """A body that turns out unreadable late is a source that did not answer."""
    lead = b'{"lead":{"__typename":"Member","id":"\xff","friends":[]}}'
    answer, _, is_fast = await ask_circles(b'{"data":{"_entities":[%b]}}' % lead)
    assert not is_fast
    assert '"groups":[{"lead":null}]' in answer
    assert "SUMBER_TIDAK_TERSEDIA" in answer
