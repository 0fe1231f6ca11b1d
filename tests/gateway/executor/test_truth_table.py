"""Each row of the truth table of partial answers: value, errors, and what completeness says."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import build_schema

from adapters.contract import (
    CallContext,
    Defect,
    SourceReport,
    SourceStatus,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from gateway.executor.executor import ExecutionOptions, ExecutionResult
from gateway.plan.nodes import FlattenNode, KeyRenamer, ParallelNode, PlanNode, SequenceNode
from tests.testkit.fake_subgraph import ScriptedSubgraph, failing, hanging
from tests.testkit.hand_plan import HandPlan

pytestmark = pytest.mark.anyio

API = build_schema("""
    type Query { person(key: ID): Person, people: [Person] }
    type Person { id: ID!, name: String, born: Int, permits: [Permit!], mustHave: Int!, pet: Pet }
    type Permit { number: Int, kind: String! }
    type Pet { id: ID!, tag: String! }
""")

OUTAGES = ("SUMBER_TIDAK_TERSEDIA", "KUOTA_HABIS", "BATAS_WAKTU")


def answering(data: Any, **parts: Any) -> ScriptedSubgraph:
    """Make a subgraph with one fixed response."""
    return ScriptedSubgraph(lambda _: SubgraphResponse(data, **parts))


def errors_of(result: ExecutionResult) -> list[tuple[str, Any, str]]:
    """List code, path and subgraph of each error."""
    return [
        (e["extensions"]["code"], e.get("path"), e["extensions"].get("subgraph"))
        for e in result.errors
    ]


def source(result: ExecutionResult, name: str) -> dict[str, Any]:
    """Give one source of the completeness statement."""
    return next(entry for entry in result.completeness["sources"] if entry["source"] == name)


def person_plan(hand: HandPlan, select: str = "permits { number }") -> PlanNode:
    """Fetch one person from the registry and complete it from the permit agency."""
    return SequenceNode(
        (
            hand.root("registry", "{ person { __typename id name } }"),
            FlattenNode(("person",), permits_of(hand, select)),
        )
    )


def people_plan(hand: HandPlan, select: str = "permits { number }") -> PlanNode:
    """The same for a list."""
    return SequenceNode(
        (
            hand.root("registry", "{ people { __typename id name } }"),
            FlattenNode(("people", "@"), permits_of(hand, select)),
        )
    )


def permits_of(hand: HandPlan, select: str) -> Any:
    """Make the entity fetch of the permit agency."""
    return hand.entity(
        "permits",
        "{ ... on Person { __typename id } }",
        f"{{ ... on Person {{ {select} }} }}",
    )


PERSON = answering({"person": {"__typename": "Person", "id": "1", "name": "A"}})
PEOPLE = answering(
    {"people": [{"__typename": "Person", "id": str(n % 2), "name": "A"} for n in range(3)]}
)


async def ask_person(permits: SubgraphExecutor, **options: Any) -> ExecutionResult:
    """Ask for one person's name and permits."""
    hand = HandPlan(API)
    return await hand.run(
        person_plan(hand),
        "{ person { name permits { number } } }",
        {"registry": PERSON, "permits": permits},
        **options,
    )


async def test_no_such_record_is_null_and_answered() -> None:
    """Row 1: null without an error; the source answered and the answer is complete."""
    result = await ask_person(answering([None]))
    assert result.data == {"person": {"name": "A", "permits": None}}
    assert result.errors == []
    assert result.completeness["complete"] is True
    assert source(result, "permits")["status"] == "ANSWERED"


@pytest.mark.parametrize("code", OUTAGES)
async def test_an_outage_is_null_with_its_code_and_spares_the_others(code: str) -> None:
    """Row 4: one error that leads to the null, the other agency's data whole, UNAVAILABLE."""
    result = await ask_person(failing(code))
    assert result.data == {"person": {"name": "A", "permits": None}}
    assert errors_of(result) == [(code, ["person", "permits"], "permits")]
    assert result.completeness["complete"] is False
    assert source(result, "permits") == {
        "source": "permits",
        "status": "UNAVAILABLE",
        "code": code,
        "ageSeconds": None,
        "paths": [["person", "permits"]],
        "defects": 0,
    }
    assert source(result, "registry")["status"] == "ANSWERED"


async def test_an_outage_below_a_list_is_one_error_at_the_list() -> None:
    """Row 4: a thousand rows are one finding."""
    hand = HandPlan(API)
    result = await hand.run(
        people_plan(hand),
        "{ people { name permits { number } } }",
        {"registry": PEOPLE, "permits": failing("KUOTA_HABIS")},
    )
    assert result.data == {"people": [{"name": "A", "permits": None}] * 3}
    assert errors_of(result) == [("KUOTA_HABIS", ["people"], "permits")]


async def test_a_failed_root_fetch_is_one_error_per_field() -> None:
    """Row 4: each root field that the fetch was to fill says why it is null."""
    hand = HandPlan(API)
    query = "{ a: person(key: 1) { id } b: person(key: 2) { id } __typename }"
    result = await hand.run(
        hand.root("registry", query), query, {"registry": failing("BATAS_WAKTU")}
    )
    assert result.data == {"a": None, "b": None, "__typename": "Query"}
    assert [path for _, path, _ in errors_of(result)] == [["a"], ["b"]]


async def test_each_field_of_a_failed_fetch_says_why_it_is_null() -> None:
    """Row 4: one error per path; what the client did not ask of the fetch is not named."""
    hand = HandPlan(API)
    result = await hand.run(
        person_plan(hand, "born permits { number } pet { id }"),
        "{ person { name pet { id } born } }",
        {"registry": PERSON, "permits": failing("BATAS_WAKTU")},
    )
    assert errors_of(result) == [
        ("BATAS_WAKTU", ["person", "born"], "permits"),
        ("BATAS_WAKTU", ["person", "pet"], "permits"),
    ]


def chain_plan(hand: HandPlan, root: str, *path: str) -> PlanNode:
    """Fetch an object, its pet's key from one agency, the pet's tag from another."""
    return SequenceNode(
        (
            hand.root("registry", root),
            FlattenNode(path, permits_of(hand, "pet { __typename id }")),
            FlattenNode(
                (*path, "pet"),
                hand.entity(
                    "tags",
                    "{ ... on Pet { __typename id } }",
                    "{ ... on Pet { tag } }",
                    keys="{ ... on Pet { __typename id } }",
                ),
            ),
        )
    )


async def test_what_could_not_be_asked_names_the_failure_behind_it() -> None:
    """A key lost to one agency's failure is that agency's error at the other's field."""
    hand = HandPlan(API)
    lost = answering(
        [{"pet": {"__typename": "Pet", "id": None}}],
        errors=(SubgraphError("x", "KUOTA_HABIS", ("_entities", 0, "pet", "id")),),
    )
    tags = answering([])
    api = build_schema("""
        type Query { person: Person }
        type Person { id: ID!, pet: Pet }
        type Pet { id: ID, tag: String }
    """)
    result = await hand.run(
        chain_plan(hand, "{ person { __typename id } }", "person"),
        "{ person { pet { tag } } }",
        {"registry": PERSON, "permits": lost, "tags": tags},
        api=api,
    )
    assert result.data == {"person": {"pet": {"tag": None}}}
    assert errors_of(result) == [
        ("KUOTA_HABIS", ["person", "pet"], "permits"),
        ("KUOTA_HABIS", ["person", "pet", "tag"], "permits"),
    ]
    assert 'Subgraph "tags" was not asked' in result.errors[1]["message"]
    assert tags.requests == []


async def test_what_follows_from_a_failure_below_a_list_is_not_told_again() -> None:
    """The list already says who failed; a non-null field that follows from it adds nothing."""
    hand = HandPlan(API)
    api = build_schema("""
        type Query { people: [Person] }
        type Person { id: ID!, pet: Pet }
        type Pet { id: ID, tag: String! }
    """)
    lost = answering(
        [{"pet": {"__typename": "Pet", "id": None}}, {"pet": None}],
        errors=(SubgraphError("x", "TIDAK_ADA_HAK", ("_entities", 0, "pet", "id")),),
    )
    result = await hand.run(
        chain_plan(hand, "{ people { __typename id } }", "people", "@"),
        "{ people { pet { id tag } } }",
        {"registry": PEOPLE, "permits": lost, "tags": answering([])},
        api=api,
    )
    assert result.data == {"people": [{"pet": None}] * 3}
    assert errors_of(result) == [("TIDAK_ADA_HAK", ["people"], "permits")]


async def test_an_error_of_one_entity_in_a_list_leads_to_its_item() -> None:
    """``_entities, i`` below a list is told at each item, not at each of its fields."""
    hand = HandPlan(API)
    error = SubgraphError("x", "BATAS_WAKTU", ("_entities", 0))
    result = await hand.run(
        people_plan(hand, "born permits { number }"),
        "{ people { born permits { number } } }",
        {"registry": PEOPLE, "permits": answering([None, {"born": 1}], errors=(error,))},
    )
    assert errors_of(result) == [
        ("BATAS_WAKTU", ["people", 0], "permits"),
        ("BATAS_WAKTU", ["people", 2], "permits"),
    ]


async def test_a_key_that_is_null_in_the_record_is_no_error() -> None:
    """Nobody failed: the other agency's field is null, as for a record that does not exist."""
    hand = HandPlan(API)
    api = build_schema("""
        type Query { person: Person }
        type Person { id: ID!, pet: Pet }
        type Pet { id: ID, tag: String }
    """)
    result = await hand.run(
        chain_plan(hand, "{ person { __typename id } }", "person"),
        "{ person { pet { tag } } }",
        {
            "registry": PERSON,
            "permits": answering([{"pet": {"__typename": "Pet", "id": None}}]),
            "tags": answering([]),
        },
        api=api,
    )
    assert result.data == {"person": {"pet": {"tag": None}}}
    assert result.errors == []
    assert result.completeness["complete"] is True


async def test_an_outage_explains_a_non_null_field() -> None:
    """A non-null field of a failed entity bubbles, and the outage stays the one error."""
    hand = HandPlan(API)
    result = await hand.run(
        people_plan(hand, "mustHave"),
        "{ people { name mustHave } }",
        {"registry": PEOPLE, "permits": failing("SUMBER_TIDAK_TERSEDIA")},
    )
    assert result.data == {"people": [None, None, None]}
    assert errors_of(result) == [("SUMBER_TIDAK_TERSEDIA", ["people"], "permits")]


async def test_an_entity_error_reaches_every_position_of_its_representation() -> None:
    """``_entities, i, field`` becomes the client's path of each object it was sent for."""
    hand = HandPlan(API)
    permits = answering(
        [{"permits": None}, {"permits": []}],
        errors=(
            SubgraphError("x", "SUMBER_TIDAK_TERSEDIA", ("_entities", 0, "permits")),
            SubgraphError("again", "SUMBER_TIDAK_TERSEDIA", ("_entities", 0, "permits")),
        ),
    )
    result = await hand.run(
        people_plan(hand),
        "{ people { permits { number } } }",
        {"registry": PEOPLE, "permits": permits},
    )
    assert result.data == {"people": [{"permits": None}, {"permits": []}, {"permits": None}]}
    assert [path for _, path, _ in errors_of(result)] == [
        ["people", 0, "permits"],
        ["people", 2, "permits"],
    ]


async def test_an_error_of_a_whole_entity_leads_to_its_first_field() -> None:
    """``_entities, i`` names no field: the first that the client asked for is where null shows."""
    error = SubgraphError("x", "SUMBER_TIDAK_TERSEDIA", ("_entities", 0))
    result = await ask_person(answering([None], errors=(error,)))
    assert errors_of(result) == [("SUMBER_TIDAK_TERSEDIA", ["person", "permits"], "permits")]


async def test_errors_are_told_by_the_clients_names_and_never_below_what_was_asked() -> None:
    """Internal aliases are undone in paths; keys that only the plan fetches are cut off."""
    hand = HandPlan(API)
    node = hand.root(
        "registry",
        "{ person { id name_1: name } }",
        output_rewrites=(KeyRenamer(("person", "name_1"), "name"),),
    )
    registry = answering(
        {"person": {"id": None, "name_1": None}},
        errors=(
            SubgraphError("x", "SOME_CODE", ("person", "name_1")),
            SubgraphError("x", "OTHER_CODE", ("person", "id")),
        ),
    )
    result = await hand.run(node, "{ person { name } }", {"registry": registry})
    assert errors_of(result) == [
        ("SOME_CODE", ["person", "name"], "registry"),
        ("OTHER_CODE", ["person"], "registry"),
    ]


async def test_upstream_texts_show_only_by_option() -> None:
    """By default a fixed text names the subgraph; the error id joins answer and log."""
    hidden = await ask_person(failing("KUOTA_HABIS", "secret"))
    shown = await ask_person(
        failing("KUOTA_HABIS", "secret"),
        options=ExecutionOptions(show_upstream_messages=True, error_id="e-1"),
    )
    assert 'subgraph "permits"' in hidden.errors[0]["message"]
    assert "secret" not in str(hidden.errors)
    assert shown.errors[0]["message"] == "secret"
    assert shown.errors[0]["extensions"] == {
        "code": "KUOTA_HABIS",
        "subgraph": "permits",
        "errorId": "e-1",
    }


async def test_a_deadline_ends_one_fetch_and_spares_the_others() -> None:
    """A source that does not answer in time is BATAS_WAKTU; its siblings' data stay."""
    hand = HandPlan(API)
    plan = ParallelNode(
        (hand.root("registry", "{ person { name } }"), hand.root("slow", "{ people { name } }"))
    )
    deadline = asyncio.get_running_loop().time() + 0.2
    result = await hand.run(
        plan,
        "{ person { name } people { name } }",
        {"registry": PERSON, "slow": hanging()},
        call=CallContext(deadline=deadline),
    )
    assert result.data == {"person": {"name": "A"}, "people": None}
    assert errors_of(result) == [("BATAS_WAKTU", ["people"], "slow")]


async def test_a_fetch_after_the_deadline_is_not_sent() -> None:
    """What is late before it begins costs the source nothing."""
    asked = answering([{"permits": []}])
    deadline = asyncio.get_running_loop().time() - 1
    result = await ask_person(asked, call=CallContext(deadline=deadline))
    assert asked.requests == []
    assert errors_of(result) == [("BATAS_WAKTU", ["person"], "registry")]
    assert [entry["calls"] for entry in result.source_calls] == [0]


async def test_a_bug_of_an_executor_costs_its_own_fetch_only() -> None:
    """The exception's text does not reach the client; the option is told of the bug."""

    def broken(_: SubgraphRequest) -> SubgraphResponse:
        raise ZeroDivisionError("a person's name")

    told: list[tuple[str, str, str]] = []
    options = ExecutionOptions(
        error_id="e-2", on_bug=lambda s, e, bug: told.append((s, e, type(bug).__name__))
    )
    result = await ask_person(ScriptedSubgraph(broken), options=options)
    assert result.data == {"person": {"name": "A", "permits": None}}
    assert errors_of(result) == [("INTERNAL_SERVER_ERROR", ["person", "permits"], "permits")]
    assert "name" not in result.errors[0]["message"].replace("name the error id", "")
    assert told == [("permits", "e-2", "ZeroDivisionError")]


async def test_cancellation_passes_through() -> None:
    """A cancelled operation ends as cancelled, not as an answer with an error."""
    task = asyncio.create_task(ask_person(hanging()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_no_grant_is_one_error_per_coordinate_at_the_nearest_list() -> None:
    """Row 2: null everywhere, one error, and the source is DENIED."""
    hand = HandPlan(API)
    result = await hand.run(
        hand.root("registry", "{ people { name } }"),
        "{ people { name permits { number } again: permits { kind } } }",
        {"registry": PEOPLE},
        denied={"Person.permits": "permits"},
    )
    assert result.data == {"people": [{"name": "A", "permits": None, "again": None}] * 3}
    assert errors_of(result) == [("TIDAK_ADA_HAK", ["people"], "permits")]
    assert result.completeness["complete"] is False
    assert source(result, "permits")["status"] == "DENIED"


async def test_no_grant_outside_lists_has_the_fields_path() -> None:
    """Row 2: without a list the path is the field's own."""
    hand = HandPlan(API)
    result = await hand.run(
        hand.root("registry", "{ person { name } }"),
        "{ person { name born } }",
        {"registry": PERSON},
        denied={"Person.born": "registry"},
    )
    assert result.data == {"person": {"name": "A", "born": None}}
    assert errors_of(result) == [("TIDAK_ADA_HAK", ["person", "born"], "registry")]


async def test_a_denied_non_null_field_bubbles_with_its_one_error() -> None:
    """Rows 2 and 6: no second error for the nulled parents."""
    hand = HandPlan(API)
    result = await hand.run(
        hand.root("registry", "{ people { name } }"),
        "{ people { name mustHave } }",
        {"registry": PEOPLE},
        denied={"Person.mustHave": "registry"},
    )
    assert result.data == {"people": [None, None, None]}
    assert errors_of(result) == [("TIDAK_ADA_HAK", ["people"], "registry")]


async def test_a_refusal_by_the_source_is_denied() -> None:
    """A source's TIDAK_ADA_HAK for many rows is one error at the list."""
    hand = HandPlan(API)
    permits = answering(
        [{"permits": None}, {"permits": None}],
        errors=tuple(
            SubgraphError("x", "TIDAK_ADA_HAK", ("_entities", n, "permits")) for n in range(2)
        ),
    )
    result = await hand.run(
        people_plan(hand),
        "{ people { permits { number } } }",
        {"registry": PEOPLE, "permits": permits},
    )
    assert errors_of(result) == [("TIDAK_ADA_HAK", ["people"], "permits")]
    assert source(result, "permits")["status"] == "DENIED"


async def test_a_refusal_told_once_explains_every_row() -> None:
    """An adapter tells of an ungranted field at the first row only; all rows are explained."""
    hand = HandPlan(API)
    error = SubgraphError("x", "TIDAK_ADA_HAK", ("_entities", 0, "mustHave"))
    permits = answering([{"mustHave": None}, {"mustHave": None}], errors=(error,))
    result = await hand.run(
        people_plan(hand, "mustHave"),
        "{ people { mustHave } }",
        {"registry": PEOPLE, "permits": permits},
    )
    assert result.data == {"people": [None, None, None]}
    assert errors_of(result) == [("TIDAK_ADA_HAK", ["people"], "permits")]


async def test_refusals_of_two_fields_are_told_apart_by_their_texts() -> None:
    """An adapter's own paths may end at the list already; shown texts name the coordinates."""
    hand = HandPlan(API)
    registry = answering(
        {"people": [{"name": None, "born": None}]},
        errors=(
            SubgraphError("no name", "TIDAK_ADA_HAK", ("people",)),
            SubgraphError("no born", "TIDAK_ADA_HAK", ("people",)),
        ),
    )
    query = "{ people { name born } }"
    node = hand.root("registry", query)
    shown = await hand.run(
        node,
        query,
        {"registry": registry},
        options=ExecutionOptions(show_upstream_messages=True),
    )
    hidden = await hand.run(node, query, {"registry": registry})
    assert [error["message"] for error in shown.errors] == ["no name", "no born"]
    assert len(hidden.errors) == 1


async def test_masked_counts_as_complete() -> None:
    """Row 3: masked text is an answer."""
    report = SourceReport("permits", SourceStatus.MASKED, calls=1)
    result = await ask_person(answering([{"permits": []}], reports=(report,)))
    assert source(result, "permits")["status"] == "MASKED"
    assert result.completeness["complete"] is True


async def test_stale_is_labelled_with_its_age() -> None:
    """Row 4, later: a last good value says how old it is."""
    report = SourceReport(
        "permits", SourceStatus.STALE, "BATAS_WAKTU", as_of=datetime(2026, 1, 1, tzinfo=UTC)
    )
    result = await ask_person(
        answering([{"permits": []}], reports=(report,)),
        options=ExecutionOptions(now=lambda: datetime(2026, 1, 1, 0, 1, tzinfo=UTC)),
    )
    assert result.errors == []
    assert source(result, "permits")["ageSeconds"] == 60
    assert result.completeness["complete"] is False


async def test_an_unreadable_field_is_one_error_per_coordinate_with_its_first_path() -> None:
    """Row 5: that field null, the rest kept, ANSWERED, and the count in defects."""
    hand = HandPlan(API)
    registry = answering(
        {"people": [{"name": 1, "born": 1990}, {"name": "B", "born": "x"}, {"name": [], "born": 1}]}
    )
    query = "{ people { name born } }"
    result = await hand.run(hand.root("registry", query), query, {"registry": registry})
    assert result.data == {
        "people": [
            {"name": None, "born": 1990},
            {"name": "B", "born": None},
            {"name": None, "born": 1},
        ]
    }
    assert errors_of(result) == [
        ("DATA_RUSAK", ["people", 0, "name"], "registry"),
        ("DATA_RUSAK", ["people", 1, "born"], "registry"),
    ]
    entry = source(result, "registry")
    assert (entry["status"], entry["defects"]) == ("ANSWERED", 3)
    assert result.completeness["complete"] is False


@pytest.mark.parametrize("has_error", [True, False], ids=["with its error", "counted only"])
async def test_defects_of_an_adapter_are_one_error_and_a_count(has_error: bool) -> None:
    """Row 5: an adapter tells of unreadable values by a count, with or without the error."""
    path = ("_entities", 0, "permits", 1, "number")
    errors = (SubgraphError("x", "DATA_RUSAK", path),) if has_error else ()
    permits = answering(
        [{"permits": [{"number": 1}, {"number": None}]}],
        errors=errors,
        defects=(Defect("Permit.number", path, count=4),),
    )
    result = await ask_person(permits)
    assert result.data == {"person": {"name": "A", "permits": [{"number": 1}, {"number": None}]}}
    assert errors_of(result) == [("DATA_RUSAK", ["person", "permits", 1, "number"], "permits")]
    assert source(result, "permits")["defects"] == 4


async def test_a_non_null_violation_is_exactly_one_error() -> None:
    """Row 6: bubbles to the nearest nullable parent and names coordinate and subgraph."""
    result = await _ask_pet(answering([{"pet": {"id": "p", "tag": None}}]))
    assert result.data == {"person": {"name": "A", "pet": None}}
    assert errors_of(result) == [("DATA_RUSAK", ["person", "pet", "tag"], "permits")]
    assert result.errors[0]["message"] == (
        'Non-null field "Pet.tag" has no value from subgraph "permits".'
    )


async def test_an_error_of_the_subgraph_is_the_one_error_of_its_null() -> None:
    """Row 6: where the subgraph already said why, nothing is added."""
    error = SubgraphError("x", "SOME_CODE", ("_entities", 0, "pet", "tag"))
    result = await _ask_pet(answering([{"pet": {"id": "p", "tag": None}}], errors=(error,)))
    assert result.data == {"person": {"name": "A", "pet": None}}
    assert errors_of(result) == [("SOME_CODE", ["person", "pet", "tag"], "permits")]


async def test_a_null_item_of_a_non_null_list_nulls_the_list() -> None:
    """Row 6 for items: the path leads to the item."""
    result = await ask_person(answering([{"permits": [{"number": 1}, None]}]))
    assert result.data == {"person": {"name": "A", "permits": None}}
    assert errors_of(result) == [("DATA_RUSAK", ["person", "permits", 1], "permits")]


async def test_a_wrong_form_of_answer_is_unreadable_as_a_whole() -> None:
    """Fewer entities than representations cannot be put anywhere."""
    result = await ask_person(answering([]))
    assert errors_of(result) == [("DATA_RUSAK", ["person", "permits"], "permits")]
    assert source(result, "permits")["status"] == "UNAVAILABLE"


async def test_data_nested_beyond_reason_is_unreadable() -> None:
    """A custom scalar may nest as deep as an upstream likes; the operation survives it."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    result = await ask_person(answering([{"permits": deep}]))
    assert result.data == {"person": {"name": "A", "permits": None}}
    assert errors_of(result) == [("DATA_RUSAK", ["person", "permits"], "permits")]


async def test_sources_of_one_subgraph_are_told_apart() -> None:
    """An agency kept in many places reports each; paths go to the one that failed."""
    good = SourceReport("permits/a", calls=2, spans=((1.0, 1.25),))
    bad = SourceReport("permits/b", SourceStatus.UNAVAILABLE, "KUOTA_HABIS", calls=1)
    permits = answering(
        [{"permits": []}],
        reports=(good, bad),
        errors=(
            SubgraphError("x", "KUOTA_HABIS", ("_entities", 0, "permits"), source="permits/b"),
        ),
    )
    result = await ask_person(permits)
    assert [(e["source"], e["status"], e["paths"]) for e in result.completeness["sources"]] == [
        ("registry", "ANSWERED", []),
        ("permits/a", "ANSWERED", []),
        ("permits/b", "UNAVAILABLE", [["person", "permits"]]),
    ]
    assert result.errors[0]["extensions"]["source"] == "permits/b"
    assert result.source_calls[1] == {
        "source": "permits/a",
        "fetches": 1,
        "calls": 2,
        "milliseconds": 250.0,
    }


async def test_several_fetches_of_one_source_fold() -> None:
    """The worst status wins and the paths are united, twenty at most."""
    hand = HandPlan(API)
    names = [f"p{number}" for number in range(30)]
    bad = "{ " + " ".join(f"{name}: person(key: 1) {{ id }}" for name in names) + " }"
    answers = iter(
        [
            SubgraphResponse({"people": []}),
            SubgraphResponse(None, errors=(SubgraphError("x", "KUOTA_HABIS"),)),
        ]
    )
    plan = SequenceNode((hand.root("registry", "{ people { id } }"), hand.root("registry", bad)))
    result = await hand.run(
        plan, "{ people { id } " + bad[1:], {"registry": ScriptedSubgraph(lambda _: next(answers))}
    )
    (entry,) = result.completeness["sources"]
    assert (entry["status"], entry["code"]) == ("UNAVAILABLE", "KUOTA_HABIS")
    assert entry["paths"] == [[name] for name in names[:20]]
    assert len(result.errors) == 30


async def _ask_pet(permits: SubgraphExecutor) -> ExecutionResult:
    hand = HandPlan(API)
    return await hand.run(
        person_plan(hand, "pet { id tag }"),
        "{ person { name pet { tag } } }",
        {"registry": PERSON, "permits": permits},
    )
