"""Relations that grow long: in pages where they are declared so, else an error that says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.kit.adapter import Opening
from adapters.kit.runtime import LocalExecutor
from adapters.registry import RegistryError, load_adapter
from tests.testkit.declared import EXAMPLES, write_table
from tests.testkit.selections import ask_entities

pytestmark = pytest.mark.anyio

_CREATE = (
    "kunjungan (no_kunj TEXT, tgl TEXT, berat INTEGER, sts_gizi TEXT, nik_anak TEXT, kd_kel TEXT)"
)
OFTEN, SELDOM, NEVER = "3171991501209001", "3171991501209002", "3171991501209003"
Open = Callable[[str], AbstractAsyncContextManager[LocalExecutor]]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Open the example over a table in which one child has 101 visits, with other words for it."""
    visits = [(f"K-{n:03}", OFTEN) for n in range(101)] + [("K-900", SELDOM)]
    rows = [(number, "2026-01-01", 9000, "B", nik, "31.71.02.1001") for number, nik in visits]
    write_table(tmp_path / "p.sqlite", _CREATE, rows)

    @asynccontextmanager
    async def open_with(words: str) -> AsyncIterator[LocalExecutor]:
        text = (EXAMPLES / "posyandu.yaml").read_text(encoding="utf-8")
        path = tmp_path / "p.yaml"
        path.write_text(text.replace("      by: {nik: anak.nik}", words), encoding="utf-8")
        settings = {"url": "sqlite+aiosqlite:///p.sqlite"}
        executor = await load_adapter(str(path)).open(settings, Opening("p", tmp_path))
        try:
            yield executor
        finally:
            await executor.aclose()

    return open_with


async def _visits(executor: LocalExecutor, field: str) -> Any:
    people = [{"__typename": "Penduduk", "nik": nik} for nik in (SELDOM, OFTEN, NEVER)]
    return await ask_entities(executor, f"{{ ... on Penduduk {{ {field} }} }}", people)


async def test_a_list_that_grew_too_long_is_an_error_of_its_own(opened: Open) -> None:
    """The others keep theirs; the message says what is wrong and what to do, and no number."""
    async with opened("      by: {nik: anak.nik}") as executor:
        response = await _visits(executor, "kunjunganPosyandu { nomor }")
    assert response.data == [
        {"kunjunganPosyandu": [{"nomor": "K-900"}]},
        {"kunjunganPosyandu": None},
        {"kunjunganPosyandu": []},
    ]
    (error,) = response.errors
    assert error.code == "DATA_RUSAK"
    assert (
        'more than 100 records belong to one key of "Penduduk.kunjunganPosyandu"' in error.message
    )
    assert '"paged: true"' in error.message


async def test_pages_join_to_the_whole(opened: Open) -> None:
    """Each parent has pages of its own, without a seam, in the order of the records' keys."""
    async with opened("      by: {nik: anak.nik}\n      paged: true") as executor:
        found: list[str] = []
        given = "first: 40"
        while given:
            response = await _visits(
                executor,
                f"kunjunganPosyandu({given}) {{ nodes {{ nomor }}"
                " pageInfo { hasNextPage endCursor } }",
            )
            assert response.errors == ()
            assert [report.calls for report in response.reports] == [1]
            seldom, often, never = (each["kunjunganPosyandu"] for each in response.data)
            assert never == {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
            found += [node["nomor"] for node in often["nodes"]]
            info = often["pageInfo"]
            given = f'first: 40, after: "{info["endCursor"]}"' if info["hasNextPage"] else ""
        assert found == [f"K-{n:03}" for n in range(101)]
        assert seldom["nodes"] == []  # its one record was on the first page
        refused = await _visits(executor, 'kunjunganPosyandu(after: "x") { nodes { nomor } }')
    assert {error.code for error in refused.errors} == {"BAD_USER_INPUT"}


async def test_one_record_has_no_pages(opened: Open) -> None:
    """The two are declared one without the other."""
    with pytest.raises(RegistryError, match='give either "one" or "paged"'):
        async with opened("      by: {nik: anak.nik}\n      one: true\n      paged: true"):
            pass
