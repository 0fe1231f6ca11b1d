"""The tree of areas: 318 of them, four levels, one interface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.kit.runtime import LocalExecutor
from adapters.wilayah.adapter import adapter
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio


@pytest.fixture
async def executor() -> AsyncIterator[LocalExecutor]:
    """The adapter over its own table."""
    opened = await adapter.open()
    yield opened
    await opened.aclose()


async def test_area_of_each_level(executor: LocalExecutor) -> None:
    """A code gives an area of its own type."""
    response = await ask(
        executor,
        '{ a: wilayah(kode: "31") { __typename nama } b: wilayah(kode: "31.71") { __typename }'
        ' c: wilayah(kode: "31.71.02") { __typename tingkat }'
        ' d: wilayah(kode: "31.71.02.1001") { __typename ... on Kelurahan { kodePos } }'
        ' e: wilayah(kode: "31.99") { nama } }',
    )
    assert response.errors == ()
    assert response.data == {
        "a": {"__typename": "Provinsi", "nama": "Daerah Khusus Ibukota Jakarta"},
        "b": {"__typename": "KotaKabupaten"},
        "c": {"__typename": "Kecamatan", "tingkat": "KECAMATAN"},
        "d": {"__typename": "Kelurahan", "kodePos": "10710"},
        "e": None,
    }


async def test_tree_down_and_up(executor: LocalExecutor) -> None:
    """From a district down to its villages, and from a village up to the province."""
    response = await ask(
        executor,
        '{ turun: wilayah(kode: "31.71.02") { ... on Kecamatan { kelurahan { kode nama } } }'
        ' naik: wilayah(kode: "31.71.02.1005") { ... on Kelurahan { kecamatan { nama'
        " kotaKabupaten { nama provinsi { kode } } } } } }",
    )
    assert response.errors == ()
    assert response.data["turun"]["kelurahan"] == [
        {"kode": "31.71.02.1001", "nama": "Pasar Baru"},
        {"kode": "31.71.02.1002", "nama": "Karang Anyar"},
        {"kode": "31.71.02.1003", "nama": "Kartini"},
        {"kode": "31.71.02.1004", "nama": "Gunung Sahari Utara"},
        {"kode": "31.71.02.1005", "nama": "Mangga Dua Selatan"},
    ]
    assert response.data["naik"]["kecamatan"] == {
        "nama": "Sawah Besar",
        "kotaKabupaten": {"nama": "Kota Administrasi Jakarta Pusat", "provinsi": {"kode": "31"}},
    }


async def test_entities_of_the_right_type_only(executor: LocalExecutor) -> None:
    """A code of another level is no entity of the type that is asked."""
    response = await ask_entities(
        executor,
        "{ ... on Kelurahan { nama } ... on Wilayah { tingkat } }",
        [
            {"__typename": "Kelurahan", "kode": "31.71.02.1001"},
            {"__typename": "Kelurahan", "kode": "31.71.02"},
            {"__typename": "Wilayah", "kode": "31.71.02"},
        ],
    )
    assert response.errors == ()
    assert response.data == [
        {"nama": "Pasar Baru", "tingkat": "KELURAHAN"},
        None,
        {"tingkat": "KECAMATAN"},
    ]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ("", 318),
        ("(tingkat: PROVINSI)", 1),
        ("(tingkat: KOTA_KABUPATEN)", 6),
        ("(tingkat: KECAMATAN)", 44),
        ("(tingkat: KELURAHAN)", 267),
        ('(tingkat: KELURAHAN, induk: "31.71")', 44),
        ('(tingkat: KECAMATAN, induk: "31.71")', 8),
        ('(induk: "31.71.02")', 5),
    ],
)
async def test_all_pages_are_all_areas(executor: LocalExecutor, arguments: str, count: int) -> None:
    """Walking the pages gives every area once."""
    seen: list[str] = []
    after: Any = None
    more = True
    given = arguments.strip("()")
    while more:
        response = await ask(
            executor,
            f"query ($after: String) {{ daftarWilayah(first: 50, after: $after, {given})"
            " { nodes { kode } pageInfo { hasNextPage endCursor } } }",
            {"after": after},
        )
        assert response.errors == ()
        page = response.data["daftarWilayah"]
        seen += [node["kode"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(seen) == len(set(seen)) == count


async def test_bps_code_is_no_code_here(executor: LocalExecutor) -> None:
    """Codes without dots are refused: nobody can tell whose numbering they are."""
    response = await ask(executor, '{ wilayah(kode: "3171") { nama } }')
    assert [e.code for e in response.errors] == ["BAD_USER_INPUT"]
