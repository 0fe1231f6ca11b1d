"""The local executor answers selections by batch calls, matched by key."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import CallContext, SourceStatus, SubgraphRequest
from adapters.errors import AccessDenied, SourceTimeout, SourceUnavailable
from adapters.kit.definition import AdapterDefinition, KeyedRoot, Listing, Lookup
from adapters.kit.index import DefinitionError
from adapters.kit.outcome import NOT_GRANTED, UNREADABLE, Denied, Failed, NotFound
from adapters.kit.runtime import LocalExecutor
from adapters.kit.shapes import read_shapes
from tests.testkit.people_adapter import SDL, Table, build, nik
from tests.testkit.selections import ask, ask_entities, select

pytestmark = pytest.mark.anyio

A, B, C = nik(1), nik(2), nik(3)


def person(number: int, **more: Any) -> dict[str, Any]:
    """Make a whole record."""
    return {
        "nik": nik(number),
        "nama": f"Nama {number}",
        "wajib": "ada",
        "umur": number,
        "lahir": "1990-01-01",
        "jenis": "SKTM",
        "nomor": {"seri": "A", "urut": number},
        **more,
    }


def world(*numbers: int, **more: Any) -> Table:
    """Make a table of whole records."""
    return Table(people={nik(n): person(n, **more) for n in numbers})


def reps(*niks: str, **more: Any) -> list[dict[str, Any]]:
    """Make representations of people."""
    return [{"__typename": "Orang", "nik": n, **more} for n in niks]


async def test_two_aliases_of_one_key_cost_one_call() -> None:
    """Aliases of one person share one call, which asks for the fields of both."""
    table = world(1)
    text = f'{{ a: orang(nik: "{A}") {{ nama }} b: orang(nik: "{A}") {{ umur }} }}'
    response = await ask(build(table), text)
    assert response.data == {"a": {"nama": "Nama 1"}, "b": {"umur": 1}}
    assert table.calls == [("orang", (A,), frozenset({"nama", "umur"}))]


async def test_keys_with_different_fields_are_asked_apart() -> None:
    """No key is asked for a field that only another key's place selects."""
    table = world(1, 2)
    text = f'{{ a: orang(nik: "{A}") {{ nama }} b: orang(nik: "{B}") {{ umur }} }}'
    await ask(build(table), text)
    assert sorted((keys, *wanted) for _, keys, wanted in table.calls) == [
        ((A,), "nama"),
        ((B,), "umur"),
    ]


async def test_doubled_representations_cost_one_key() -> None:
    """A key that comes twice is asked once and answered at both places."""
    table = world(1, 2)
    response = await ask_entities(build(table), "{ ... on Orang { nama } }", reps(B, A, B))
    assert [entity["nama"] for entity in response.data] == ["Nama 2", "Nama 1", "Nama 2"]
    assert table.calls[0][1] == (B, A)


async def test_missing_entity_is_null_without_error() -> None:
    """What the source does not have is null, and nothing is wrong."""
    response = await ask_entities(build(world(1)), "{ ... on Orang { nama } }", reps(A, B))
    assert response.data == [{"nama": "Nama 1"}, None]
    assert response.errors == ()


async def test_key_only_selection_asks_nothing() -> None:
    """A key stub answers its own key without a call."""
    table = world()
    response = await ask_entities(build(table), "{ ... on Orang { __typename nik } }", reps(A))
    assert response.data == [{"__typename": "Orang", "nik": A}]
    assert table.calls == []


async def test_root_lookup_of_unknown_key_is_null_even_if_only_the_key_is_asked() -> None:
    """A root field never invents a record out of its argument."""
    response = await ask(build(world()), f'{{ orang(nik: "{A}") {{ nik }} }}')
    assert response.data == {"orang": None}


async def test_composite_alternate_key_is_used_when_the_first_is_missing() -> None:
    """A representation with the second key is answered by the second lookup."""
    table = world(1, 2)
    representation = {"__typename": "Orang", "nomor": {"seri": "A", "urut": 2}}
    response = await ask_entities(build(table), "{ ... on Orang { nama } }", [representation])
    assert response.data == [{"nama": "Nama 2"}]
    assert table.calls == [("nomor", (("A", 2),), frozenset({"nama"}))]


async def test_nested_stubs_are_loaded_once_per_level() -> None:
    """Stubs inside records of one level are completed by one further call."""
    table = world(1, 2)
    table.people[nik(5)] = person(5, ayah={"nik": A})
    table.people[nik(6)] = person(6, ayah={"nik": B})
    table.people[nik(7)] = person(7, ayah=None)
    text = "{ ... on Orang { ayah { nama } } }"
    response = await ask_entities(build(table), text, reps(nik(5), nik(6), nik(7)))
    assert response.data == [
        {"ayah": {"nama": "Nama 1"}},
        {"ayah": {"nama": "Nama 2"}},
        {"ayah": None},
    ]
    assert [keys for _, keys, _ in table.calls] == [(nik(5), nik(6), nik(7)), (A, B)]


async def test_wanted_names_nested_fields_dotted() -> None:
    """A function sees which nested fields are asked."""
    table = world(1, alamat={"jalan": "Jalan", "kota": {"kode": "x"}})
    table.cities["x"] = {"kode": "x", "nama": "Kota X"}
    response = await ask(
        build(table), f'{{ orang(nik: "{A}") {{ alamat {{ kota {{ nama }} }} }} }}'
    )
    assert response.data == {"orang": {"alamat": {"kota": {"nama": "Kota X"}}}}
    assert table.calls[0][2] == {"alamat", "alamat.kota", "alamat.kota.nama"}


async def test_relations_are_batched_and_gaps_are_empty() -> None:
    """One call answers a relation of all parents; a parent without outcome has an empty list."""
    table = world(1, 2)
    table.letters = {A: [{"nomor": 1, "jenis": "SKU"}]}
    text = "{ ... on Orang { surat { nomor jenis } } }"
    response = await ask_entities(build(table), text, reps(A, B))
    assert response.data == [{"surat": [{"nomor": 1, "jenis": "SKU"}]}, {"surat": []}]
    assert table.names() == ["surat"]


async def test_relation_aliases_with_other_arguments_are_other_calls() -> None:
    """Equal arguments share a call, different ones do not."""
    table = world(1)
    aliases = "a: surat(jenis: SKU) { nomor } b: surat(jenis: SKU) { nomor } c: surat { nomor }"
    text = f"{{ ... on Orang {{ {aliases} }} }}"
    await ask_entities(build(table), text, reps(A))
    assert table.arguments == [
        {"jenis": "SKU", "saring": None},
        {"jenis": None, "saring": None},
    ]


async def test_arguments_are_coerced_by_the_sdl() -> None:
    """Input objects get their defaults, dates become dates, enums stay names."""
    table = world(1)
    text = '{ ... on Orang { surat(saring: {jenis: SKTM, sejak: "2026-01-02"}) { nomor } } }'
    await ask_entities(build(table), text, reps(A))
    saring = table.arguments[0]["saring"]
    assert saring["jenis"] == "SKTM"
    assert saring["sejak"].isoformat() == "2026-01-02"
    assert saring["batas"] == 7


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        pytest.param({"v": True}, ["surat"], id="included"),
        pytest.param({"v": False}, [], id="excluded"),
        pytest.param({}, [], id="absent variable"),
    ],
)
async def test_conditions_decide_what_is_asked(variables: dict[str, Any], names: list[str]) -> None:
    """A field excluded by its variable causes no call and no key in the answer."""
    table = world(1)
    text = "query ($v: Boolean) { ... on Orang { nik surat @include(if: $v) { nomor } } }"
    response = await ask_entities(build(table), text, reps(A), variables)
    assert ("surat" in response.data[0]) == bool(names)
    assert table.names() == names


async def test_required_inputs_reach_the_relation_coerced() -> None:
    """@requires inputs in the representation make the relation's key; nothing is looked up."""
    table = world()
    text = "{ ... on Orang { cocok } }"
    response = await ask_entities(build(table), text, reps(A, nama="Nama 1", lahir="1990-01-01"))
    assert response.data == [{"cocok": 0.5}]
    ((name, ((key, text_name, born),), _),) = table.calls
    assert (name, key, text_name, born.isoformat()) == ("cocok", A, "Nama 1", "1990-01-01")


async def test_abstract_types_follow_the_record() -> None:
    """Each item of an interface or union is answered as its own type."""
    table = world(
        1,
        dokumen=[
            {"__typename": "Kartu", "nomor": 1, "judul": "K"},
            {"__typename": "Sertifikat", "nomor": 2, "judul": "S", "nilai": 1.5},
        ],
        berkas={"__typename": "Sertifikat", "nomor": 3, "judul": "T", "nilai": 2},
    )
    text = (
        f'{{ orang(nik: "{A}") {{ dokumen {{ __typename nomor ... on Sertifikat {{ nilai }} }} '
        "berkas { ... on Dokumen { judul } ... on Kartu { nomor } } } }"
    )
    response = await ask(build(table), text)
    assert response.data["orang"] == {
        "dokumen": [
            {"__typename": "Kartu", "nomor": 1},
            {"__typename": "Sertifikat", "nomor": 2, "nilai": 1.5},
        ],
        "berkas": {"judul": "T"},
    }


async def test_pages_are_walked_to_the_end() -> None:
    """Following endCursor gives every letter once, in order."""
    table = world(1)
    table.letters = {A: [{"nomor": n} for n in range(7)]}
    executor, seen, after = build(table), [], None
    page_of = "{ nodes { nomor } pageInfo { hasNextPage endCursor } }"
    field = f"halaman(first: 3, after: $after) {page_of}"
    text = f"query ($after: String) {{ ... on Orang {{ {field} }} }}"
    for _ in range(3):
        response = await ask_entities(executor, text, reps(A), {"after": after})
        page = response.data[0]["halaman"]
        seen += [node["nomor"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [*range(7)]
    assert page["pageInfo"]["hasNextPage"] is False
    assert table.calls[0][2] == {"nomor"}


@pytest.mark.parametrize("first", [0, 1001, -1])
async def test_page_size_is_limited(first: int) -> None:
    """A page is of 1 to 1000 nodes; anything else is the caller's error."""
    text = f"{{ ... on Orang {{ halaman(first: {first}) {{ nodes {{ nomor }} }} }} }}"
    response = await ask_entities(build(world(1)), text, reps(A))
    assert response.data == [{"halaman": None}]
    assert [(e.code, e.path) for e in response.errors] == [
        ("BAD_USER_INPUT", ("_entities", 0, "halaman"))
    ]


async def test_malformed_nik_is_refused_without_its_value() -> None:
    """The caller hears what a NIK is; the text given appears nowhere."""
    table = world(1)
    response = await ask(build(table), '{ a: orang(nik: "3171zz") { nama } }')
    (error,) = response.errors
    assert (error.code, error.path) == ("BAD_USER_INPUT", ("a",))
    assert "16 digits" in error.message
    assert "3171zz" not in repr(response)
    assert table.calls == []


async def test_malformed_key_in_a_representation_is_a_defect() -> None:
    """A key that another source spoiled costs that entity only."""
    response = await ask_entities(build(world(1)), "{ ... on Orang { nama } }", reps("12", A))
    assert response.data == [None, {"nama": "Nama 1"}]
    assert [(d.coordinate, d.path) for d in response.defects] == [("Orang.nik", ("_entities", 0))]


async def test_denied_fields_are_said_once_per_coordinate() -> None:
    """An ungranted field is null everywhere and one TIDAK_ADA_HAK at its nearest list."""
    table = world(1, 2, nama=NOT_GRANTED)
    response = await ask(build(table), "{ daftar { nik nama } }")
    assert [row["nama"] for row in response.data["daftar"]] == [None, None]
    assert [(e.code, e.path, e.source) for e in response.errors] == [
        ("TIDAK_ADA_HAK", ("daftar",), "orang")
    ]
    assert [(r.source, r.status) for r in response.reports] == [("orang", SourceStatus.DENIED)]


async def test_unreadable_fields_are_defects_with_a_count() -> None:
    """A value marked unreadable, or of the wrong kind, is null and counted."""
    table = world(1)
    table.people[B] = person(2, nama=UNREADABLE, umur="tua")
    table.people[C] = person(3, nama=UNREADABLE, jenis="LAIN")
    response = await ask_entities(
        build(table), "{ ... on Orang { nama umur jenis } }", reps(A, B, C)
    )
    assert response.data[1] == {"nama": None, "umur": None, "jenis": "SKTM"}
    assert response.data[2] == {"nama": None, "umur": 3, "jenis": None}
    assert {(d.coordinate, d.path, d.count) for d in response.defects} == {
        ("Orang.nama", ("_entities", 1, "nama"), 2),
        ("Orang.umur", ("_entities", 1, "umur"), 1),
        ("Orang.jenis", ("_entities", 2, "jenis"), 1),
    }
    assert response.errors == ()


async def test_one_failed_key_leaves_the_others() -> None:
    """A failure in the middle of a batch is an error at that entity only."""
    table = world(1, 3)
    table.people[B] = Failed(SourceTimeout("no answer"))
    response = await ask_entities(build(table), "{ ... on Orang { nama } }", reps(A, B, C))
    assert response.data == [{"nama": "Nama 1"}, None, {"nama": "Nama 3"}]
    assert [(e.code, e.path) for e in response.errors] == [("BATAS_WAKTU", ("_entities", 1))]
    assert response.reports[0].status is SourceStatus.UNAVAILABLE


async def test_failed_field_leaves_the_record() -> None:
    """A single field may fail while its record is answered."""
    table = world(1, umur=Failed(SourceUnavailable("down"), "orang/status"))
    response = await ask_entities(build(table), "{ ... on Orang { nama umur } }", reps(A))
    assert response.data == [{"nama": "Nama 1", "umur": None}]
    assert [(e.code, e.path, e.source) for e in response.errors] == [
        ("SUMBER_TIDAK_TERSEDIA", ("_entities", 0, "umur"), "orang/status")
    ]


async def test_source_down_is_one_error_of_the_fetch() -> None:
    """When everything failed alike, it is said once, about the whole fetch."""
    table = world(1, 2)
    table.error = SourceUnavailable("refused")
    response = await ask_entities(build(table), "{ ... on Orang { nama } }", reps(A, B))
    assert response.data == [None, None]
    assert [(e.code, e.path) for e in response.errors] == [("SUMBER_TIDAK_TERSEDIA", None)]


async def test_source_down_leaves_relations_of_other_sources() -> None:
    """What does not need the failed lookup is answered."""
    table = world(1)
    table.error = SourceUnavailable("refused")
    table.letters = {A: [{"nomor": 1}]}
    text = f'{{ orang(nik: "{A}") {{ nama }} daftar {{ surat {{ nomor }} }} }}'
    response = await ask(build(table), text)
    assert response.data == {"orang": None, "daftar": [{"surat": [{"nomor": 1}]}]}
    assert [e.path for e in response.errors] == [("orang",)]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        pytest.param(Failed(SourceTimeout("no answer")), "BATAS_WAKTU", id="failed"),
        pytest.param(Denied(), "TIDAK_ADA_HAK", id="denied"),
        pytest.param(NotFound(), None, id="not found"),
    ],
)
async def test_failed_completion_keeps_what_a_record_brought(
    outcome: Any, code: str | None
) -> None:
    """A nested record that holds some asked fields keeps them when the rest cannot be loaded."""
    table = world(1)
    table.people[A]["ayah"] = {"nik": B, "nama": "Nama 2"}
    table.people[B] = outcome
    response = await ask(build(table), f'{{ orang(nik: "{A}") {{ ayah {{ nama umur }} }} }}')
    assert response.data == {"orang": {"ayah": {"nama": "Nama 2", "umur": None}}}
    assert [(e.code, e.path) for e in response.errors] == (
        [(code, ("orang", "ayah", "umur"))] if code else []
    )
    assert table.calls[1][2] == {"umur"}


async def test_denied_record_is_null_with_its_reason() -> None:
    """A record that the credentials do not cover is null and DENIED."""
    table = world()
    table.people[A] = Denied()
    table.people[B] = NotFound()
    response = await ask_entities(build(table), "{ ... on Orang { nama } }", reps(A, B))
    assert response.data == [None, None]
    assert [e.code for e in response.errors] == ["TIDAK_ADA_HAK"]


async def test_access_denied_raised_by_a_function_is_denied() -> None:
    """A refused log-in concerns every key and is said once."""
    table = world(1, 2)
    table.error = AccessDenied("log-in refused")
    response = await ask_entities(build(table), "{ ... on Orang { nama } }", reps(A, B))
    assert [e.code for e in response.errors] == ["TIDAK_ADA_HAK"]
    assert response.reports[0].status is SourceStatus.DENIED


async def test_lost_part_of_a_list_is_an_error_beside_the_rest() -> None:
    """A list answered by some of its sources names those that failed."""
    response = await ask(build(world(1)), "{ daftar(jenis: SKU) { nik } }")
    assert response.data == {"daftar": [{"nik": A}]}
    assert [(e.code, e.path, e.source) for e in response.errors] == [
        ("SUMBER_TIDAK_TERSEDIA", ("daftar",), "orang/2")
    ]
    assert [(r.source, r.status) for r in response.reports] == [
        ("orang/2", SourceStatus.UNAVAILABLE)
    ]


@pytest.mark.parametrize("bug", ["orang", "surat"])
async def test_bug_in_a_function_is_one_masked_error(
    bug: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A crash gives null and one masked error; the log names the place and no text of it."""
    table = world(1, 2)
    table.bug = bug
    with caplog.at_level(logging.DEBUG):
        response = await ask_entities(
            build(table), "{ ... on Orang { umur surat { nomor } } }", reps(A, B)
        )
    assert [e.code for e in response.errors] == ["INTERNAL_SERVER_ERROR"]
    assert "person's name" not in caplog.text + repr(response)
    assert "ZeroDivisionError" in caplog.text
    if bug == "surat":
        assert response.data == [{"umur": 1, "surat": None}, {"umur": 2, "surat": None}]


async def test_record_that_lacks_an_asked_field_is_a_masked_error() -> None:
    """A record without the field is the adapter's bug, never a null without a reason."""
    table = Table(people={A: {"nik": A}})
    response = await ask_entities(build(table), "{ ... on Orang { nama } }", reps(A))
    assert response.data == [{"nama": None}]
    assert [(e.code, e.path) for e in response.errors] == [
        ("INTERNAL_SERVER_ERROR", ("_entities", 0, "nama"))
    ]


async def test_null_of_a_promised_field_climbs_to_its_object() -> None:
    """A null where the SDL promises a value empties the nearest nullable place, said once."""
    table = world(1, 2)
    table.people[A]["wajib"] = None
    response = await ask(build(table), "{ daftar { nik wajib } }")
    assert response.data == {"daftar": [None, {"nik": B, "wajib": "ada"}]}
    assert [(d.coordinate, d.count) for d in response.defects] == [("Orang.wajib", 1)]


async def test_null_climbs_out_of_non_null_items_to_the_root() -> None:
    """A hole climbs through lists and objects that may not be null."""
    table = world(1)
    table.letters = {A: [{"nomor": 1}, {"nomor": None}]}
    response = await ask(build(table), f'{{ pasti(nik: "{A}") {{ surat {{ nomor }} }} }}')
    assert response.data == {"pasti": {"surat": None}}
    response = await ask(build(world()), f'{{ pasti(nik: "{A}") {{ nama }} daftar {{ nik }} }}')
    assert response.data is None


async def test_deadline_ends_a_slow_function() -> None:
    """A function that outlives the caller's deadline is BATAS_WAKTU."""

    async def never(keys: Any, wanted: Any, context: Any) -> dict[Any, Any]:
        await asyncio.Event().wait()
        return {}

    executor = LocalExecutor(
        AdapterDefinition(
            "lambat",
            'type Query { a(k: String!): A } type A @key(fields: "k") { k: String! v: Int }',
            lookups=(Lookup("A", ("k",), never),),
            roots=(KeyedRoot("a", {"k": "k"}, "A"),),
        )
    )
    call = CallContext(deadline=asyncio.get_running_loop().time() + 0.01)
    response = await ask(executor, '{ a(k: "1") { v } }', call=call)
    assert response.data == {"a": None}
    assert [e.code for e in response.errors] == ["BATAS_WAKTU"]


async def test_root_fields_of_every_kind_are_asked_at_the_same_time() -> None:
    """A keyed field and a list wait for each other here: one after the other would never end."""
    both = asyncio.Barrier(2)

    async def by_key(keys: Any, wanted: Any, context: Any) -> dict[Any, Any]:
        await both.wait()
        return {"1": {"k": "1", "v": 1}}

    async def listed(wanted: Any, context: Any) -> list[Any]:
        await both.wait()
        return [{"k": "2", "v": 2}]

    executor = LocalExecutor(
        AdapterDefinition(
            "serentak",
            'type Query { a(k: String!): A b: [A] } type A @key(fields: "k") { k: String! v: Int }',
            lookups=(Lookup("A", ("k",), by_key),),
            roots=(KeyedRoot("a", {"k": "k"}, "A"), Listing("b", listed)),
        )
    )
    call = CallContext(deadline=asyncio.get_running_loop().time() + 5)
    response = await ask(executor, '{ b { v } a(k: "1") { v } }', call=call)
    assert response.errors == ()
    assert response.data == {"b": [{"v": 2}], "a": {"v": 1}}


async def test_mutations_run_in_order() -> None:
    """Root fields of a mutation run one after another."""
    table = world()
    text = '{ a: tulis(isi: "satu") b: tulis(isi: "dua") }'
    response = await ask(build(table), text, root="Mutation")
    assert response.data == {"a": 1, "b": 2}
    assert table.written == ["satu", "dua"]


async def test_events_are_answered_one_by_one() -> None:
    """Each event is a whole response; a failing line is the last one."""
    table = world(1)
    table.letters = {A: [{"nomor": 1, "pemohon": {"nik": A}}, {"nomor": 2, "pemohon": None}]}
    executor = build(table)
    selection = select("{ kabar { nomor pemohon { nama } } }", "Subscription", read_shapes(SDL))
    request = SubgraphRequest("orang", b"", selection, CallContext())
    responses = [response async for response in executor.subscribe(request)]
    assert [r.data["kabar"] for r in responses] == [
        {"nomor": 1, "pemohon": {"nama": "Nama 1"}},
        {"nomor": 2, "pemohon": None},
        None,
    ]
    assert [e.code for e in responses[2].errors] == ["SUMBER_TIDAK_TERSEDIA"]


async def test_nothing_loaded_outlives_its_fetch() -> None:
    """A second fetch asks the source again: loaders are never shared between callers."""
    table = world(1)
    executor = build(table)
    for _ in range(2):
        await ask_entities(executor, "{ ... on Orang { nama } }", reps(A))
    assert table.names() == ["orang", "orang"]


async def test_unknown_type_is_one_masked_error() -> None:
    """A representation of a type that the adapter does not know leaves the others alone."""
    response = await ask_entities(
        build(world(1)), "{ ... on Orang { nama } }", [{"__typename": "Lain", "id": 1}, *reps(A)]
    )
    assert response.data == [None, {"nama": "Nama 1"}]
    assert [e.code for e in response.errors] == ["INTERNAL_SERVER_ERROR"]


async def test_close_is_idempotent() -> None:
    """The sources are closed once."""
    closed: list[int] = []

    async def close() -> None:
        closed.append(1)

    executor = LocalExecutor(build(world()).definition, Table(), close)
    await executor.aclose()
    await executor.aclose()
    assert closed == [1]


def test_definition_that_disagrees_with_its_sdl_is_refused_with_all_findings() -> None:
    """Every root field without a function is named, and every keyed root without a lookup."""
    definition = AdapterDefinition(
        "salah",
        "type Query { a: Int b(k: Int!): B } type B { k: Int }",
        roots=(KeyedRoot("b", {"k": "k"}, "B"),),
    )
    with pytest.raises(DefinitionError) as refusal:
        LocalExecutor(definition)
    assert '"Query.a" has no function' in str(refusal.value)
    assert '"Query.b" needs a lookup of "B" by "k"' in str(refusal.value)


@pytest.mark.property
@given(
    asked=st.lists(st.integers(0, 12), min_size=1, max_size=20),
    held=st.sets(st.integers(0, 12)),
    extra=st.sets(st.integers(13, 20)),
    seed=st.integers(0, 2**16),
)
def test_no_order_gap_or_surplus_of_a_source_moves_a_value(
    asked: list[int], held: set[int], extra: set[int], seed: int
) -> None:
    """Permuted, incomplete or surplus answers never attach a value to another key."""
    table = Table(people={nik(n): person(n) for n in held})
    table.letters = {nik(n): [{"nomor": n}] for n in held}
    surplus = {nik(n): person(n) for n in extra}

    def arrange(answer: dict[Any, Any]) -> dict[Any, Any]:
        items = [*answer.items(), *surplus.items()]
        random.Random(seed).shuffle(items)
        return dict(items)

    table.arrange = arrange
    text = "{ ... on Orang { nik umur surat { nomor } } }"
    response = asyncio.run(ask_entities(build(table), text, reps(*(nik(n) for n in asked))))
    expected = [
        {"nik": nik(n), "umur": n, "surat": [{"nomor": n}]} if n in held else None for n in asked
    ]
    assert response.data == expected
