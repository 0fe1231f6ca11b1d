"""Plans run end to end over fake subgraphs: entities, order, conditions, what answers hold."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from graphql import build_schema

from adapters.contract import SubgraphError, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import MAX_ERRORS, ExecutionOptions
from gateway.executor.introspection import find_introspection
from gateway.operation.model import OperationKind
from gateway.plan.nodes import (
    ConditionNode,
    FlattenNode,
    KeyRenamer,
    ParallelNode,
    SequenceNode,
    TypeCondition,
    TypenameSetter,
)
from tests.testkit.fake_subgraph import FakeSubgraph, Ref, ScriptedSubgraph
from tests.testkit.hand_plan import HandPlan

pytestmark = pytest.mark.anyio

API = build_schema("""
    type Query { me: User, users: [User!], grid: [[User]], media(id: ID): Media, all: [Media] }
    type Mutation { add(n: Int!): Int, note(n: Int!): Int }
    type User { id: ID!, name: String, reviews: [Review], score: Float }
    type Review { id: ID!, body: String, author: User }
    interface Media { id: ID!, title: String, views: Int }
    type Book implements Media { id: ID!, title: String, views: Int, pages: Int }
    type Film implements Media { id: ID!, title: String, views: Int, minutes: Int }
""")

COMPLETE = ("reviews", "{ ... on User { __typename id } }", "{ ... on User { score } }")


def accounts() -> FakeSubgraph:
    """Make the subgraph that owns users."""
    return FakeSubgraph(
        """
        type Query { me: User, users: [User!], grid: [[User]] }
        type User { id: ID!, name: String }
        """,
        rows={"User": [{"id": "1", "name": "Ada"}, {"id": "2", "name": "Budi"}]},
        roots={
            "me": Ref("User", "1"),
            "users": [Ref("User", "1"), Ref("User", "2"), Ref("User", "1")],
            "grid": [[Ref("User", "1"), None], [Ref("User", "2"), Ref("User", "1")]],
        },
    )


def reviews() -> FakeSubgraph:
    """Make the subgraph that adds reviews to users."""
    return FakeSubgraph(
        """
        type User { id: ID!, reviews: [Review], score: Float }
        type Review { id: ID!, body: String, author: User }
        """,
        rows={
            "User": [
                {"id": "1", "score": 4, "reviews": [{"id": "r1", "body": "baik", "author": None}]},
                {"id": "2", "score": 2.5, "reviews": []},
            ]
        },
    )


def media() -> FakeSubgraph:
    """Make the subgraph that owns the interface ``Media`` and its types."""
    return FakeSubgraph(
        """
        type Query { media(id: ID): Media, all: [Media] }
        interface Media { id: ID!, title: String }
        type Book implements Media { id: ID!, title: String, pages: Int }
        type Film implements Media { id: ID!, title: String, minutes: Int }
        """,
        rows={
            "Book": [{"id": "b", "title": "Buku", "pages": 9}],
            "Film": [{"id": "f", "title": "Film", "minutes": 90}],
            "Media": [{"__typename": "Book", "id": "b", "title": "Buku", "pages": 9}],
        },
        roots={"media": Ref("Book", "b"), "all": [Ref("Book", "b"), Ref("Film", "f")]},
    )


def views() -> FakeSubgraph:
    """Make the subgraph to which ``Media`` is one object (@interfaceObject)."""
    return FakeSubgraph(
        "type Query { media(id: ID): Media } type Media { id: ID!, views: Int }",
        rows={"Media": [{"id": "b", "views": 7}, {"id": "f", "views": 8}]},
        roots={"media": Ref("Media", "b")},
    )


async def test_an_entity_is_completed_from_a_second_subgraph() -> None:
    """Keys are fetched to join and do not show; order and aliases are the client's."""
    hand = HandPlan(API)
    plan = SequenceNode(
        (
            hand.root("accounts", "{ me { __typename id nama: name } }"),
            FlattenNode(
                ("me",),
                hand.entity(
                    "reviews",
                    "{ ... on User { __typename id } }",
                    "{ ... on User { score reviews { body } } }",
                ),
            ),
        )
    )
    query = "{ me { reviews { body } nama: name score jenis: __typename } }"
    result = await hand.run(plan, query, {"accounts": accounts(), "reviews": reviews()})
    assert result.errors == []
    assert repr(result.data) == (
        "{'me': {'reviews': [{'body': 'baik'}], 'nama': 'Ada', 'score': 4.0, 'jenis': 'User'}}"
    )


async def test_equal_entities_are_asked_once_and_restored_everywhere() -> None:
    """Three positions of two users need two representations."""
    hand, asked = HandPlan(API), reviews()
    plan = SequenceNode(
        (
            hand.root("accounts", "{ users { __typename id } }"),
            FlattenNode(("users", "@"), hand.entity(*COMPLETE)),
        )
    )
    result = await hand.run(plan, "{ users { score } }", {"accounts": accounts(), "reviews": asked})
    assert result.data == {"users": [{"score": 4.0}, {"score": 2.5}, {"score": 4.0}]}
    assert [request.representations for request in asked.requests] == [
        [{"__typename": "User", "id": "1"}, {"__typename": "User", "id": "2"}]
    ]


async def test_lists_of_lists_are_completed_at_their_positions() -> None:
    """One ``@`` per list level, nulls skipped."""
    hand = HandPlan(API)
    plan = SequenceNode(
        (
            hand.root("accounts", "{ grid { __typename id } }"),
            FlattenNode(("grid", "@", "@"), hand.entity(*COMPLETE)),
        )
    )
    result = await hand.run(
        plan, "{ grid { id score } }", {"accounts": accounts(), "reviews": reviews()}
    )
    assert result.data == {
        "grid": [
            [{"id": "1", "score": 4.0}, None],
            [{"id": "2", "score": 2.5}, {"id": "1", "score": 4.0}],
        ]
    }


async def test_one_request_serves_several_places() -> None:
    """``others`` of a flatten node share the representations of its path."""
    hand, asked = HandPlan(API), reviews()
    plan = SequenceNode(
        (
            hand.root("accounts", "{ me { __typename id } users { __typename id } }"),
            FlattenNode(("me",), hand.entity(*COMPLETE), others=(("users", "@"),)),
        )
    )
    result = await hand.run(
        plan, "{ users { score } me { score } }", {"accounts": accounts(), "reviews": asked}
    )
    assert result.data == {
        "users": [{"score": 4.0}, {"score": 2.5}, {"score": 4.0}],
        "me": {"score": 4.0},
    }
    assert len(asked.requests) == 1
    assert len(asked.requests[0].representations or ()) == 2


async def test_null_key_means_no_representation_and_no_call() -> None:
    """The object stays, what could not be joined is null, and the source is not asked."""
    hand, asked = HandPlan(API), reviews()
    start = ScriptedSubgraph(
        lambda _: SubgraphResponse({"me": {"__typename": "User", "id": None, "name": "Ada"}})
    )
    node = hand.entity(*COMPLETE, keys="{ ... on User { id } }")
    plan = SequenceNode(
        (hand.root("accounts", "{ me { __typename id name } }"), FlattenNode(("me",), node))
    )
    result = await hand.run(plan, "{ me { name score } }", {"accounts": start, "reviews": asked})
    assert result.data == {"me": {"name": "Ada", "score": None}}
    assert result.errors == []
    assert asked.requests == []
    assert [entry["source"] for entry in result.completeness["sources"]] == ["accounts"]


async def test_shared_roots_in_parallel_merge_by_index() -> None:
    """Two halves of one list meet item by item; the first value that is not null stays."""
    hand = HandPlan(API)
    first = ScriptedSubgraph(
        lambda _: SubgraphResponse({"users": [{"id": "1", "name": None}, {"id": "2"}]})
    )
    second = ScriptedSubgraph(
        lambda _: SubgraphResponse({"users": [{"id": "9", "name": "Ada"}, {"score": 1}]})
    )
    plan = ParallelNode(
        (hand.root("a", "{ users { id name } }"), hand.root("b", "{ users { id name score } }"))
    )
    result = await hand.run(plan, "{ users { id name score } }", {"a": first, "b": second})
    assert result.data == {
        "users": [
            {"id": "1", "name": "Ada", "score": None},
            {"id": "2", "name": None, "score": 1.0},
        ]
    }


async def test_parallel_answers_merge_in_plan_order() -> None:
    """The first in the plan wins, also when it answers last."""
    hand, order = HandPlan(API), []

    def script(name: str) -> ScriptedSubgraph:
        def answer(request: SubgraphRequest) -> SubgraphResponse:
            order.append(request.subgraph)
            return SubgraphResponse({"me": {"name": name}})

        return ScriptedSubgraph(answer)

    slow = script("first")
    fast = script("second")

    async def later(request: SubgraphRequest) -> SubgraphResponse:
        while not order:
            await _switch()
        return await slow.execute(request)

    plan = ParallelNode((hand.root("a", "{ me { name } }"), hand.root("b", "{ me { name } }")))
    result = await hand.run(plan, "{ me { name } }", {"a": ScriptedSubgraph(later), "b": fast})
    assert order == ["b", "a"]
    assert result.data == {"me": {"name": "first"}}


async def test_nested_levels_are_one_level() -> None:
    """What a condition opens inside a parallel level merges in its place in the plan."""
    hand = HandPlan(API)

    def named(name: str) -> ScriptedSubgraph:
        return ScriptedSubgraph(lambda _: SubgraphResponse({"me": {"name": name}}))

    first, second = hand.root("a", "{ me { name } }"), hand.root("b", "{ me { name } }")
    third = hand.root("c", "{ me { name } }")
    plan = ParallelNode((first, ConditionNode("yes", ParallelNode((second, third)), None)))
    names = {"a": named("first"), "b": named("second"), "c": named("third")}
    query = "query ($yes: Boolean!) { me { name } }"
    result = await hand.run(plan, query, names, variables={"yes": True})
    assert result.data == {"me": {"name": "first"}}


async def test_mutations_run_in_document_order() -> None:
    """A sequence sends the next fetch only after the one before it has answered."""
    hand, log = HandPlan(API), []

    def script(kind: str) -> ScriptedSubgraph:
        async def answer(request: SubgraphRequest) -> SubgraphResponse:
            assert request.is_mutation
            log.append(f"{kind} begins")
            await _switch()
            log.append(f"{kind} ends")
            return SubgraphResponse({f.response_name: 1 for f in request.selection.fields})

        return ScriptedSubgraph(answer)

    plan = SequenceNode(
        (
            hand.root("a", "mutation { x: add(n: 1) }", kind=OperationKind.MUTATION),
            hand.root("b", "mutation { y: note(n: 1) }", kind=OperationKind.MUTATION),
            hand.root("a", "mutation { z: add(n: 2) }", kind=OperationKind.MUTATION),
        )
    )
    query = "mutation { x: add(n: 1) y: note(n: 1) z: add(n: 2) __typename }"
    result = await hand.run(plan, query, {"a": script("a"), "b": script("b")})
    assert result.data == {"x": 1, "y": 1, "z": 1, "__typename": "Mutation"}
    assert log == ["a begins", "a ends", "b begins", "b ends", "a begins", "a ends"]


@pytest.mark.parametrize(
    ("variables", "data", "calls"),
    [
        ({"more": True}, {"me": {"name": "Ada", "score": 4.0}}, 1),
        ({"more": False}, {"me": {"name": "Ada"}}, 0),
    ],
    ids=["included", "excluded"],
)
async def test_a_condition_decides_fetch_and_answer(
    variables: dict[str, Any], data: dict[str, Any], calls: int
) -> None:
    """An excluded field is neither fetched nor answered."""
    hand, asked = HandPlan(API), reviews()
    completing = FlattenNode(("me",), hand.entity(*COMPLETE))
    plan = SequenceNode(
        (
            hand.root("accounts", "{ me { __typename id name } }"),
            ConditionNode("more", completing, None),
        )
    )
    query = "query ($more: Boolean!) { me { name score @include(if: $more) } }"
    result = await hand.run(
        plan, query, {"accounts": accounts(), "reviews": asked}, variables=variables
    )
    assert result.data == data
    assert len(asked.requests) == calls


async def test_everything_skipped_gives_an_empty_object() -> None:
    """``data`` is there, and empty."""
    result = await HandPlan(API).run(
        ConditionNode("skip", None, None),
        "query ($skip: Boolean!) { me @skip(if: $skip) { id } }",
        {},
        variables={"skip": True},
    )
    assert (result.data, result.errors) == ({}, [])
    assert result.completeness == {"complete": True, "sources": []}


async def test_only_variables_that_were_given_are_passed_on() -> None:
    """A variable that the client left out stays out, so that the subgraph's default holds."""
    hand, asked = HandPlan(API), media()
    query = "query ($id: ID, $unused: Int) { media(id: $id) { title } }"
    plan = hand.root("media", query)
    await hand.run(plan, query, {"media": asked}, variables={"unused": 1})
    await hand.run(plan, query, {"media": asked}, variables={"id": "b", "unused": 1})
    assert [request.variables for request in asked.requests] == [{}, {"id": "b"}]


async def test_introspection_is_answered_beside_data() -> None:
    """Introspection fields keep their place among the others, with aliases and variables."""
    hand = HandPlan(API)
    query = """query ($t: String = "User") {
        t: __type(name: $t) { name kind } me { name }
        ... on Query { __schema { queryType { name } } } __typename
    }"""
    result = await hand.run(
        hand.root("accounts", "{ me { name } }"),
        query,
        {"accounts": accounts()},
        variables={"t": "Review"},
    )
    assert repr(result.data) == (
        "{'t': {'name': 'Review', 'kind': 'OBJECT'}, 'me': {'name': 'Ada'}, "
        "'__schema': {'queryType': {'name': 'Query'}}, '__typename': 'Query'}"
    )
    assert result.errors == []


def test_introspection_depends_on_its_variables_only() -> None:
    """An answer with variables is computed anew; one without them is computed once."""
    hand = HandPlan(API)
    (by_name,) = find_introspection(
        hand.operation("query ($t: String!) { __type(name: $t) { name } }"), API
    )
    (constant,) = find_introspection(hand.operation('{ __type(name: "User") { name } }'), API)
    assert [by_name.answer({"t": name}) for name in ("User", "Review")] == [
        {"__type": {"name": "User"}},
        {"__type": {"name": "Review"}},
    ]
    assert constant.answer({}) is constant.answer({"unused": 1})
    assert find_introspection(hand.operation("{ me { id } }"), API) == ()


async def test_a_type_condition_in_a_path_selects_positions() -> None:
    """Only the films go to the second subgraph."""
    hand = HandPlan(API)
    asked = ScriptedSubgraph(lambda r: SubgraphResponse([{"views": 5}] * len(r.representations)))
    plan = SequenceNode(
        (
            hand.root("media", "{ all { __typename id } }"),
            FlattenNode(
                ("all", "@", TypeCondition(("Film",))),
                hand.entity(
                    "views", "{ ... on Film { __typename id } }", "{ ... on Film { views } }"
                ),
            ),
        )
    )
    query = "{ all { __typename ... on Film { views minutes } ... on Book { id } } }"
    result = await hand.run(plan, query, {"media": media(), "views": asked})
    assert result.data == {
        "all": [
            {"__typename": "Book", "id": "b"},
            {"__typename": "Film", "views": 5, "minutes": None},
        ]
    }
    assert asked.requests[0].representations == [{"__typename": "Film", "id": "f"}]


async def test_an_interface_object_is_asked_by_the_interface_and_keeps_the_real_type() -> None:
    """The representation carries the interface's name; the answer's type name is not believed."""
    hand, asked = HandPlan(API), views()
    plan = SequenceNode(
        (
            hand.root("media", "{ all { __typename id title } }"),
            FlattenNode(
                ("all", "@"),
                hand.entity(
                    "views",
                    "{ ... on Media { __typename id } }",
                    "{ ... on Media { __typename views } }",
                    input_rewrites=(TypenameSetter((), "Media"),),
                ),
            ),
        )
    )
    query = "{ all { __typename views ... on Film { title } } }"
    result = await hand.run(plan, query, {"media": media(), "views": asked})
    assert result.data == {
        "all": [
            {"__typename": "Book", "views": 7},
            {"__typename": "Film", "views": 8, "title": "Film"},
        ]
    }
    assert asked.requests[0].representations == [
        {"__typename": "Media", "id": "b"},
        {"__typename": "Media", "id": "f"},
    ]


async def test_the_owner_of_an_interface_tells_the_real_type() -> None:
    """A type name from an @interfaceObject subgraph gives way to the owner's."""
    hand = HandPlan(API)
    plan = SequenceNode(
        (
            hand.root("views", "{ media { __typename id views } }"),
            FlattenNode(
                ("media",),
                hand.entity(
                    "media",
                    "{ ... on Media { __typename id } }",
                    "{ ... on Media { __typename } ... on Book { pages } }",
                ),
            ),
        )
    )
    query = "{ media { views __typename ... on Book { pages } ... on Film { minutes } } }"
    result = await hand.run(plan, query, {"media": media(), "views": views()})
    assert result.data == {"media": {"views": 7, "__typename": "Book", "pages": 9}}
    assert result.errors == []


async def test_internal_aliases_are_undone() -> None:
    """An alias per type gives its value back under the client's name."""
    hand = HandPlan(API)
    plan = hand.root(
        "media",
        "{ all { __typename ... on Book { x: pages } ... on Film { x_1: minutes } } }",
        output_rewrites=(KeyRenamer(("all", "@", TypeCondition(("Film",)), "x_1"), "x"),),
    )
    query = "{ all { ... on Book { x: pages } ... on Film { x: minutes } } }"
    result = await hand.run(plan, query, {"media": media()})
    assert result.data == {"all": [{"x": 9}, {"x": 90}]}


async def test_an_object_that_matches_no_fragment_is_empty() -> None:
    """``{}``, not null."""
    hand = HandPlan(API)
    result = await hand.run(
        hand.root("media", "{ all { __typename ... on Book { pages } } }"),
        "{ all { ... on Book { pages } } }",
        {"media": media()},
    )
    assert result.data == {"all": [{"pages": 9}, {}]}


async def test_nested_fragments_apply_without_a_type_name() -> None:
    """``... on Media { ... on Book { f } }`` on a declared Book needs no ``__typename``."""
    schema = build_schema("""
        type Query { book: Book }
        interface Media { id: ID }
        type Book implements Media { id: ID, pages: Int }
    """)
    hand = HandPlan(schema)
    source = ScriptedSubgraph(lambda _: SubgraphResponse({"book": {"pages": 3}}))
    result = await hand.run(
        hand.root("a", "{ book { pages } }"),
        "{ book { ... on Media { ... on Book { pages } } } ... on Query { __typename } }",
        {"a": source},
    )
    assert result.data == {"book": {"pages": 3}, "__typename": "Query"}


async def test_hidden_types_and_enum_values_are_null() -> None:
    """What the API schema does not know never shows, and gives no error where null is allowed."""
    supergraph = build_schema("""
        type Query { all: [Media], color: Color }
        enum Color { RED, SECRET }
        interface Media { id: ID }
        type Book implements Media { id: ID }
        type Hidden implements Media { id: ID }
    """)
    api = build_schema("""
        type Query { all: [Media], color: Color }
        enum Color { RED }
        interface Media { id: ID }
        type Book implements Media { id: ID }
    """)
    hand = HandPlan(supergraph)
    source = ScriptedSubgraph(
        lambda _: SubgraphResponse(
            {
                "all": [{"__typename": "Hidden", "id": "1"}, {"__typename": "Book", "id": 2}],
                "color": "SECRET",
            }
        )
    )
    query = "{ all { __typename id } color }"
    result = await hand.run(hand.root("a", query), query, {"a": source}, api=api)
    assert result.data == {"all": [None, {"__typename": "Book", "id": "2"}], "color": None}
    assert result.errors == []


async def test_an_object_of_another_union_is_null() -> None:
    """A visible type that the declared one does not hold is as good as unknown."""
    schema = build_schema("""
        type Query { found: Found, other: Other }
        union Found = A | B
        union Other = B | C
        type A { id: ID }
        type B { id: ID }
        type C { id: ID }
    """)
    source = ScriptedSubgraph(
        lambda _: SubgraphResponse({"found": {"__typename": "C"}, "other": {"__typename": "C"}})
    )
    hand = HandPlan(schema)
    query = "{ found { __typename } other { __typename } }"
    result = await hand.run(hand.root("a", query), query, {"a": source})
    assert result.data == {"found": None, "other": {"__typename": "C"}}


async def test_selections_of_equal_names_merge_per_type() -> None:
    """A field selected directly and in a fragment is one field with both selections."""
    hand = HandPlan(API)
    query = "{ me { reviews { id } ... on User { reviews { body id } } } }"
    source = ScriptedSubgraph(
        lambda _: SubgraphResponse({"me": {"reviews": [{"id": "r", "body": "b"}]}})
    )
    result = await hand.run(hand.root("a", query), query, {"a": source})
    assert result.data == {"me": {"reviews": [{"id": "r", "body": "b"}]}}


async def test_a_shared_response_is_not_changed() -> None:
    """A response may serve several requests in flight: the executor works on a copy."""
    hand = HandPlan(API)
    author = {"__typename": "User", "id": "1"}
    shared = SubgraphResponse({"users": [author, author]})
    plan = SequenceNode(
        (
            hand.root("a", "{ users { __typename id } }"),
            FlattenNode(("users", "@"), hand.entity(*COMPLETE)),
        )
    )
    executors = {"a": ScriptedSubgraph(lambda _: shared), "reviews": reviews()}
    result = await hand.run(plan, "{ users { score } }", executors)
    assert result.data == {"users": [{"score": 4.0}, {"score": 4.0}]}
    assert author == {"__typename": "User", "id": "1"}


async def test_positions_of_one_entity_stay_apart() -> None:
    """What a later fetch adds to one position does not show at another of the same entity."""
    schema = build_schema("""
        type Query { first: User, second: User }
        type User { id: ID!, team: Team }
        type Team { id: ID!, budget(year: Int): Int }
    """)
    hand = HandPlan(schema)
    teams = ScriptedSubgraph(
        lambda _: SubgraphResponse([{"team": {"__typename": "Team", "id": "t"}}])
    )
    budgets = ScriptedSubgraph(lambda _: SubgraphResponse([{"budget": 5}]))
    team = "{ ... on User { team { __typename id } } }"
    budget = "{ ... on Team { budget(year: 1) } }"
    user = "{ __typename id }"
    plan = SequenceNode(
        (
            hand.root("users", f"{{ first {user} second {user} }}"),
            FlattenNode(
                ("first",),
                hand.entity("teams", "{ ... on User { __typename id } }", team),
                others=(("second",),),
            ),
            FlattenNode(
                ("first", "team"),
                hand.entity("budgets", "{ ... on Team { __typename id } }", budget),
            ),
        )
    )
    same = {"__typename": "User", "id": "1"}
    users = ScriptedSubgraph(lambda _: SubgraphResponse({"first": same, "second": same}))
    query = "{ first { team { budget(year: 1) } } second { team { budget } } }"
    result = await hand.run(plan, query, {"users": users, "teams": teams, "budgets": budgets})
    assert result.data == {"first": {"team": {"budget": 5}}, "second": {"team": {"budget": None}}}
    assert len(teams.requests[0].representations or ()) == 1


async def test_fetches_beyond_the_limit_are_refused() -> None:
    """The limit counts fetches that are sent; the rest say that the operation is too large."""
    hand, asked = HandPlan(API), reviews()
    plan = SequenceNode(
        (
            hand.root("accounts", "{ me { __typename id } }"),
            FlattenNode(("me",), hand.entity(*COMPLETE)),
        )
    )
    result = await hand.run(
        plan,
        "{ me { id score } }",
        {"accounts": accounts(), "reviews": asked},
        options=ExecutionOptions(max_fetches=1),
    )
    assert result.data == {"me": {"id": "1", "score": None}}
    assert [error["extensions"]["code"] for error in result.errors] == ["OPERATION_TOO_LARGE"]
    assert result.errors[0]["path"] == ["me", "score"]
    assert asked.requests == []


async def test_source_calls_are_counted_per_source() -> None:
    """Fetches of one subgraph add up; a subgraph without reports counts one call per fetch."""
    hand = HandPlan(API)
    plan = ParallelNode(
        (
            hand.root("accounts", "{ me { id } }"),
            hand.root("accounts", "{ users { id } }"),
        )
    )
    result = await hand.run(plan, "{ me { id } users { id } }", {"accounts": accounts()})
    (entry,) = result.source_calls
    assert (entry["source"], entry["fetches"], entry["calls"]) == ("accounts", 2, 2)


async def _switch() -> None:
    """Let every other task run once."""
    await asyncio.sleep(0)


async def test_a_failure_that_took_the_whole_entity_is_the_only_error() -> None:
    """What a subgraph leaves out because it nulled the object around it needs no second error."""
    schema = build_schema("""
        type Query { me: User }
        type User { id: ID!, first: Int!, second: Int! }
    """)
    hand = HandPlan(schema)
    plan = SequenceNode(
        (
            hand.root("accounts", "{ me { __typename id } }"),
            FlattenNode(
                ("me",),
                hand.entity(
                    "reviews",
                    "{ ... on User { __typename id } }",
                    "{ ... on User { first second } }",
                ),
            ),
        )
    )
    error = SubgraphError("", "INTERNAL_SERVER_ERROR", ("_entities", 0, "second"))
    executors = {
        "accounts": ScriptedSubgraph(
            lambda _: SubgraphResponse({"me": {"__typename": "User", "id": "1"}})
        ),
        "reviews": ScriptedSubgraph(lambda _: SubgraphResponse([None], errors=(error,))),
    }
    result = await hand.run(plan, "{ me { first second } }", executors)
    assert result.data == {"me": None}
    assert [each["path"] for each in result.errors] == [["me", "second"]]


async def test_errors_beyond_a_thousand_are_counted() -> None:
    """An answer stays readable however many places are broken."""
    api = build_schema("type Query { items: [Item] } type Item { x: Int }")
    hand = HandPlan(api)
    broken = tuple(
        SubgraphError("x", "BROKEN", ("items", index, "x")) for index in range(MAX_ERRORS + 5)
    )
    data = {"items": [{"x": None}] * (MAX_ERRORS + 5)}
    subgraph = ScriptedSubgraph(lambda _: SubgraphResponse(data, errors=broken))
    result = await hand.run(hand.root("s", "{ items { x } }"), "{ items { x } }", {"s": subgraph})
    assert len(result.errors) == MAX_ERRORS + 1
    assert result.errors[MAX_ERRORS - 1]["path"] == ["items", MAX_ERRORS - 1, "x"]
    assert result.errors[-1] == {
        "message": "5 more errors are left out.",
        "extensions": {"code": "OPERATION_TOO_LARGE"},
    }
