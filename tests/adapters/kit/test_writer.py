"""Written-out programs answer what answering step by step answers, whatever a source gives."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import SubgraphResponse
from adapters.errors import SourceUnavailable
from adapters.kit.outcome import NOT_GRANTED, UNREADABLE, Denied, Failed, Found, NotFound
from tests.testkit.people_adapter import Table, build, nik
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.property

DOWN = Failed(SourceUnavailable("a part of the source is down"), "orang/2")
FAULTS = st.sampled_from(
    [None, NOT_GRANTED, UNREADABLE, DOWN, Denied(), NotFound(), object(), [], {}]
)


def leaf(*usual: Any) -> st.SearchStrategy[Any]:
    """A leaf's values: mostly usual ones."""
    good = st.sampled_from(usual)
    return st.one_of(
        good, good, good, good, FAULTS, st.sampled_from([True, 7, 7.5, "x", Found("y")])
    )


def record(required: Mapping[str, Any], optional: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """A record: a dict mostly, an object at times, and fields left out."""
    dicts = st.fixed_dictionaries(dict(required), optional=dict(optional))
    return st.one_of(dicts, dicts, dicts, dicts.map(lambda fields: SimpleNamespace(**fields)))


TOWNS = record({"kode": leaf("31.71")}, {"nama": leaf("Pusat")})
ADDRESSES = record({"jalan": leaf("Jalan A"), "kota": st.one_of(TOWNS, FAULTS)}, {})
STUBS = st.integers(0, 5).map(lambda number: {"nik": nik(number)})
DOCUMENTS = st.one_of(
    st.fixed_dictionaries(
        {"__typename": st.sampled_from(["Kartu", "Sertifikat", "Lain"]), "nomor": leaf(3)},
        optional={"judul": leaf("judul"), "nilai": leaf(0.5, 2)},
    ),
    FAULTS,
)
LETTERS = record(
    {"nomor": leaf(1, 2)},
    {"jenis": leaf("SKTM", "SKU", "LAIN"), "pemohon": st.one_of(STUBS, FAULTS)},
)
PEOPLE = record(
    {
        "nama": leaf("Nama"),
        "wajib": leaf("ada", "ada", "ada"),
        "umur": leaf(3, 2**31),
        "lahir": leaf(date(1990, 2, 3), "1990-02-03", datetime(1990, 2, 3), "3 Feb"),
    },
    {
        "jenis": leaf("SKTM", "SKU"),
        "nomor": st.one_of(st.just({"seri": "A", "urut": 1}), FAULTS),
        "alamat": st.one_of(ADDRESSES, ADDRESSES, FAULTS),
        "ayah": st.one_of(STUBS, FAULTS),
        "dokumen": st.one_of(st.lists(DOCUMENTS, max_size=3), FAULTS),
        "berkas": DOCUMENTS,
        "nik": st.integers(0, 5).map(nik),
        "__typename": st.sampled_from(["Orang", "Kota"]),
    },
)
OUTCOMES = st.one_of(
    PEOPLE,
    PEOPLE,
    PEOPLE.map(Found),
    PEOPLE.map(lambda found: Found(found, failures=(DOWN,))),
    st.sampled_from([NotFound(), Denied(), DOWN, None, "text"]),
)
LISTS = st.one_of(
    st.lists(st.one_of(LETTERS, LETTERS, FAULTS), max_size=4),
    st.lists(LETTERS, max_size=4).map(Found),
    st.sampled_from([NotFound(), DOWN, None]),
)
TABLES = st.builds(
    Table,
    people=st.dictionaries(st.integers(0, 5).map(nik), OUTCOMES),
    letters=st.dictionaries(st.integers(0, 5).map(nik), LISTS),
    cities=st.just({"31.71": {"kode": "31.71", "nama": "Jakarta Pusat"}}),
)
REPRESENTATIONS = st.fixed_dictionaries(
    {
        "__typename": st.sampled_from(["Orang"] * 12 + ["Kota", "Tiada"]),
        "nik": st.one_of(st.integers(0, 5).map(nik), st.sampled_from([nik(1), "1", None, 5])),
    },
    optional={"nama": st.just("Nama"), "lahir": st.sampled_from(["1990-01-01", "x", None])},
)
SELECTIONS = (
    "nama umur",
    "nik nama umur lahir jenis",
    "wajib nama w: wajib",
    "alamat { jalan kota { kode nama } } ayah { nik nama }",
    "dokumen { __typename nomor ... on Sertifikat { nilai } } berkas { ... on Kartu { nomor } }",
    "surat { nomor jenis pemohon { nik nama } } lagi: surat(jenis: SKU) { nomor }",
    "halaman(first: 2) { nodes { nomor jenis } pageInfo { hasNextPage endCursor } } nama",
    "cocok nama surat(jenis: SKTM) { __typename nomor }",
)


def told(response: SubgraphResponse) -> Any:
    """Give all that a response says; what is said once may be said of another place or first."""
    once = ("TIDAK_ADA_HAK", "INTERNAL_SERVER_ERROR")
    errors = [(e.code, e.message, e.source, e.code in once or e.path) for e in response.errors]
    defects = {(defect.coordinate, defect.count) for defect in response.defects}
    return response.data, sorted(errors, key=repr), defects, sorted(response.reports, key=repr)


@settings(max_examples=120)
@given(
    table=TABLES,
    representations=st.lists(REPRESENTATIONS, min_size=1, max_size=6),
    selection=st.sampled_from(SELECTIONS),
    alike=st.booleans(),
)
def test_entities_are_those_of_the_steps(
    table: Table, representations: list[dict[str, Any]], selection: str, alike: bool
) -> None:
    """Any record, mark, gap or representation gives equal data, errors, defects and reports."""
    if alike:
        representations = [{"__typename": "Orang", "nik": each["nik"]} for each in representations]
    text = f"{{ ... on Orang {{ {selection} }} ... on Kota {{ nama }} }}"
    written, stepwise = (
        asyncio.run(ask_entities(build(table, is_written=way), text, representations))
        for way in (True, False)
    )
    assert told(written) == told(stepwise)


@settings(max_examples=50)
@given(table=TABLES, selection=st.sampled_from(SELECTIONS))
def test_roots_are_those_of_the_steps(table: Table, selection: str) -> None:
    """The same for lists and keyed root fields."""
    text = (
        f'{{ orang(nik: "{nik(1)}") {{ {selection} }} daftar {{ {selection} }}'
        f' lain: daftar(jenis: SKU) {{ nik }} pasti(nik: "{nik(2)}") {{ {selection} }} }}'
    )
    written, stepwise = (
        asyncio.run(ask(build(table, is_written=way), text)) for way in (True, False)
    )
    assert told(written) == told(stepwise)
