"""What stands in the answer many times is encoded once."""

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

CLUBS = (
    "type Query { clubs: [Club] } type Club { title: String lead: Member deputies: [Member] } "
    'type Member @key(fields: "id") { id: ID! friends: [Member] }'
)
MEMBERS = 'type Member @key(fields: "id") { id: ID! name: String }'
TEXT = "{ clubs { title lead { name friends { name friends { name } } } deputies { name } } }"


async def ask(clubs: bytes, denied: frozenset[str] = frozenset()) -> Any:
    """Execute over the bytes of clubs; the data, on records."""
    world = GraphWorld(clubs=CLUBS, members=MEMBERS)
    plan = plan_operation(operation := world.operation(TEXT), world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, denied, compile_mode=CompileMode.ALWAYS
    )

    def give_clubs(request: SubgraphRequest) -> SubgraphResponse:
        assert request.shape is not None
        body = b'{"data":{"clubs":[%b]}}' % clubs
        return SubgraphResponse(request.shape.decode(body), body=body)

    def give_members(request: SubgraphRequest) -> SubgraphResponse:
        keys = [each["id"] for each in request.representations or ()]
        return SubgraphResponse([{"name": f"Member {each}"} for each in keys])

    subgraphs = {"clubs": ScriptedSubgraph(give_clubs), "members": ScriptedSubgraph(give_members)}
    result = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    assert isinstance(result.data, msgspec.Struct)
    return result.data


def member(key: int, friends: bytes = b"") -> bytes:
    """Give a member as its subgraph does."""
    return b'{"__typename":"Member","id":"%d","friends":[%b]}' % (key, friends)


def clubs_of(*leads: bytes) -> bytes:
    """Give clubs as their subgraph does, no two of them equal."""
    each = b'{"title":"%d","lead":%b,"deputies":null}'
    return b",".join(each % (number, lead) for number, lead in enumerate(leads))


FRIEND = member(7, b'{"__typename":"Member","id":"8"}')
SHOWN_FRIEND = '{"name":"Member 7","friends":[{"name":"Member 8"}]}'


def leads(data: Any) -> list[type]:
    """Give what the leads are held in."""
    return [type(each.f1) for each in data.f0]


async def test_what_repeats_becomes_bytes_where_it_stands_again() -> None:
    """The first one stays a record, as what stands once does; later fetches have filled both."""
    keys = (1, 2, 1, 1)
    given = [member(key, b"%b,%b" % (FRIEND, FRIEND)) for key in keys]
    data = await ask(clubs_of(*given, b"null", b"null"))
    is_bytes = [kind is msgspec.Raw for kind in leads(data)]
    assert is_bytes == [False, False, True, True, False, False]
    members = [
        f'{{"name":"Member {key}","friends":[{SHOWN_FRIEND},{SHOWN_FRIEND}]}}' for key in keys
    ]
    shown = [
        f'{{"title":"{number}","lead":{lead},"deputies":null}}'
        for number, lead in enumerate([*members, "null", "null"])
    ]
    assert msgspec.json.encode(data).decode() == f'{{"clubs":[{",".join(shown)}]}}'


async def test_an_answer_with_something_denied_is_left_alone() -> None:
    """It is walked afterwards, to tell where that is."""
    data = await ask(clubs_of(member(1), member(1)), frozenset({"Club.title"}))
    assert msgspec.Raw not in leads(data)
