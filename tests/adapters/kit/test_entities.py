"""Representations of an entity fetch: asked by as few calls as can be, matched by key."""

from __future__ import annotations

import asyncio
import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kit.outcome import Found, NotFound
from tests.testkit.people_adapter import Table, build, nik
from tests.testkit.selections import ask_entities

pytestmark = pytest.mark.anyio

NAMES = "{ ... on Orang { nama } ... on Kota { nama } }"


def person(number: int) -> dict[str, Any]:
    """A record with its own key."""
    return {"nik": nik(number), "nama": f"Nama {number}", "nomor": {"seri": "A", "urut": number}}


def rep(number: int, **more: Any) -> dict[str, Any]:
    """A representation by NIK."""
    return {"__typename": "Orang", "nik": nik(number), **more}


def table(*numbers: int) -> Table:
    """A table of these people."""
    return Table(people={nik(n): person(n) for n in numbers})


async def test_an_odd_key_joins_the_call_of_the_others() -> None:
    """One representation that needs a closer look costs no call of its own, and keeps its place."""
    source = table(1, 2, 3)
    odd: dict[str, Any] = {"__typename": "Orang", "nik": None}
    response = await ask_entities(build(source), NAMES, [rep(2), odd, rep(1)])
    assert [each and each["nama"] for each in response.data] == ["Nama 2", None, "Nama 1"]
    assert source.calls == [("orang", (nik(2), nik(1)), frozenset({"nama"}))]


async def test_several_types_are_one_call_each() -> None:
    """Representations of two types go to two lookups, in their places."""
    source = table(1)
    source.cities = {"31.71": {"kode": "31.71", "nama": "Pusat"}}
    city = {"__typename": "Kota", "kode": "31.71"}
    response = await ask_entities(build(source), NAMES, [city, rep(1), city])
    assert [each["nama"] for each in response.data] == ["Pusat", "Nama 1", "Pusat"]
    assert sorted(source.names()) == ["kota", "orang"]


async def test_a_composite_key_is_taken_from_below() -> None:
    """A key of nested fields finds its records, whatever else the source gives."""
    source = table(1, 2, 3)
    numbers = [{"__typename": "Orang", "nomor": {"seri": "A", "urut": n}} for n in (3, 9, 1)]
    response = await ask_entities(build(source), NAMES, numbers)
    assert response.data == [{"nama": "Nama 3"}, None, {"nama": "Nama 1"}]
    assert source.calls == [("nomor", (("A", 3), ("A", 9), ("A", 1)), frozenset({"nama"}))]


async def test_what_a_representation_brings_is_not_asked() -> None:
    """Fields that came along are answered beside those that are loaded."""
    source = table(1)
    source.people[nik(1)] = {"umur": 7}
    text = "{ ... on Orang { nama umur } }"
    response = await ask_entities(build(source), text, [rep(1, nama="Dibawa")])
    assert response.data == [{"nama": "Dibawa", "umur": 7}]
    assert source.calls == [("orang", (nik(1),), frozenset({"umur"}))]


async def test_representations_of_different_forms_are_each_asked_for_what_they_lack() -> None:
    """One brings the name and one does not: nothing is asked twice, nothing is left out."""
    source = table(1, 2)
    source.people[nik(1)]["umur"] = source.people[nik(2)]["umur"] = 7
    text = "{ ... on Orang { nama umur } }"
    response = await ask_entities(build(source), text, [rep(1, nama="Nama 1"), rep(2)])
    assert response.data == [{"nama": "Nama 1", "umur": 7}, {"nama": "Nama 2", "umur": 7}]
    assert sorted(source.calls) == [
        ("orang", (nik(1),), frozenset({"umur"})),
        ("orang", (nik(2),), frozenset({"nama", "umur"})),
    ]


async def test_records_may_be_objects_or_found_and_of_another_type() -> None:
    """Objects and ``Found`` are answered alike; a record of another type is nobody's."""
    source = Table(
        people={
            nik(1): SimpleNamespace(nama="Benda"),
            nik(2): Found({"nama": "Ditemukan"}),
            nik(3): {"__typename": "Kota", "nama": "Pusat"},
            nik(4): NotFound(),
        }
    )
    response = await ask_entities(build(source), NAMES, [rep(n) for n in (1, 2, 3, 4)])
    assert response.data == [{"nama": "Benda"}, {"nama": "Ditemukan"}, None, None]
    assert response.errors == ()


async def test_equal_representations_share_no_object() -> None:
    """Each has its own, for a caller may change what it was given."""
    response = await ask_entities(build(table(1)), NAMES, [rep(1), rep(1)])
    first, second = response.data
    assert first == second
    assert first is not second


async def test_nothing_asked_is_nothing() -> None:
    """An empty list of representations calls nobody."""
    source = table(1)
    response = await ask_entities(build(source), NAMES, [])
    assert response.data == []
    assert source.calls == []


@pytest.mark.property
@given(
    asked=st.lists(st.integers(0, 12), min_size=1, max_size=20),
    held=st.sets(st.integers(0, 12)),
    surplus=st.sets(st.integers(13, 20)),
    seed=st.integers(0, 2**16),
)
def test_no_order_gap_surplus_or_double_moves_a_value(
    asked: list[int], held: set[int], surplus: set[int], seed: int
) -> None:
    """Whatever order a source answers in, and whatever it leaves out or adds: matched by key."""
    source = table(*held)
    extra = table(*surplus).people

    def arrange(answer: dict[Any, Any]) -> dict[Any, Any]:
        items = [*answer.items(), *extra.items()] * 2
        random.Random(seed).shuffle(items)
        return dict(items)

    source.arrange = arrange
    response = asyncio.run(ask_entities(build(source), NAMES, [rep(n) for n in asked]))
    assert response.data == [{"nama": f"Nama {n}"} if n in held else None for n in asked]
    assert len(source.calls) == 1
