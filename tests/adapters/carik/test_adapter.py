"""The family survey's graph over the fleet's file drop, against its truth."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.carik.adapter import adapter
from adapters.carik.mapping import HEADER
from adapters.contract import SourceStatus
from adapters.kit.runtime import LocalExecutor
from demo.carik import write
from demo.faults.files import FileFault, break_file, restore
from demo.people.truth import Truth
from tests.testkit.legacy import find_world, open_truth
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

FAMILY = "{ noKk tanggal alamat rt rw kelurahan { kode } desil anggota { penduduk { nik } nama } }"


@pytest.fixture(scope="module")
def truth() -> Iterator[Truth]:
    """The ground truth that the drop was written from."""
    reader = Truth(find_world() / "truth.sqlite")
    yield reader
    reader.close()


@pytest.fixture
def drops(tmp_path: Path) -> Path:
    """A copy of the drops, with the times at which they were sent."""
    folder = tmp_path / "drops" / "carik"
    shutil.copytree(find_world() / "drops" / "carik", folder)
    return folder


@pytest.fixture
async def executor(drops: Path) -> AsyncIterator[LocalExecutor]:
    """The adapter, which looks for a newer drop at every question."""
    opened = await adapter.open({"folder": str(drops), "refresh_seconds": 0})
    yield opened
    await opened.aclose()


def expected(truth: Truth, no_kk: str) -> dict[str, Any] | None:
    """Give a family as the volunteers met it."""
    met = truth.surveyed(no_kk)
    if not met:
        return None
    return {"noKk": no_kk, "desil": met[0].desil, "niks": sorted(each.nik for each in met)}


def summary(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give what ``expected`` gives."""
    if found is None:
        return None
    niks = sorted(each["penduduk"]["nik"] for each in found["anggota"])
    return {"noKk": found["noKk"], "desil": found["desil"], "niks": niks}


async def test_families_are_as_they_were_met(executor: LocalExecutor, truth: Truth) -> None:
    """Cards of 150 people: surveyed or not, with whoever was met, apostrophes and all."""
    cards = [*{person.no_kk: None for person in truth.sample(150)}]
    response = await ask_entities(
        executor,
        f"{{ ... on KartuKeluarga {{ surveiCarik {FAMILY} }} }}",
        [{"__typename": "KartuKeluarga", "noKk": card} for card in cards],
    )
    assert (response.errors, response.defects) == ((), ())
    found = [summary(each["surveiCarik"]) for each in response.data]
    assert found == [expected(truth, card) for card in cards]
    assert None in found
    assert response.as_of is not None
    assert response.as_of.date().isoformat() == "2026-06-15"


async def test_it_disagrees_with_the_family_card(executor: LocalExecutor, truth: Truth) -> None:
    """Who was met with another family is told there, and nowhere on their own card."""
    strays = [
        person
        for person in truth.sample(2_000)
        if person.pid % 43 == 0
        and any(
            met.no_kk != person.no_kk
            for met in truth.surveyed(_card_of(truth, person.nik) or "0")
            if met.nik == person.nik
        )
    ]
    assert strays
    response = await ask_entities(
        executor,
        f"{{ ... on Penduduk {{ surveiCarik {FAMILY} }} }}",
        [{"__typename": "Penduduk", "nik": person.nik} for person in strays],
    )
    for person, found in zip(strays, response.data, strict=True):
        assert found["surveiCarik"]["noKk"] == _card_of(truth, person.nik) != person.no_kk
        assert person.nik in {each["penduduk"]["nik"] for each in found["surveiCarik"]["anggota"]}


def _card_of(truth: Truth, nik: str) -> str | None:
    """Tell with which family the volunteers met somebody."""
    met = truth.met(nik)
    return None if met is None else met.no_kk


async def test_a_kelurahan_is_walked_to_the_end(executor: LocalExecutor) -> None:
    """All pages together are every surveyed family of the kelurahan, once."""
    with closing(open_truth()) as rows:
        found = rows.execute("SELECT DISTINCT no_kk FROM survey WHERE kelurahan = '31.71.02.1003'")
        cards = {f"{row[0]:016d}" for row in found}
    text = (
        'query ($after: String) { surveiKelurahan(kelurahan: "31.71.02.1003", first: 30,'
        " after: $after) { nodes { noKk } pageInfo { hasNextPage endCursor } } }"
    )
    seen: list[str] = []
    after, more = None, True
    while more:
        page = (await ask(executor, text, {"after": after})).data["surveiKelurahan"]
        seen += [each["noKk"] for each in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(seen) == len({*seen})
    assert {*seen} == cards


@pytest.mark.parametrize(
    "fault", [FileFault.TRUNCATED, FileFault.HALF_WRITTEN, FileFault.WRONG_HEADER]
)
async def test_a_broken_drop_leaves_the_former_in_service(
    executor: LocalExecutor, drops: Path, fault: FileFault
) -> None:
    """It answers as before, is told to be stale, and is mended by the next whole drop."""
    text = '{ surveiKelurahan(kelurahan: "31.71.02.1001", first: 5) { nodes { noKk } } }'
    before = await ask(executor, text)
    newest = drops / "CARIK_2026-06-15.csv"
    break_file(newest, fault)
    during = await ask(executor, text)
    assert during.data == before.data
    assert [report.status for report in during.reports] == [SourceStatus.STALE]
    restore(newest)
    after = await ask(executor, text)
    assert (after.data, after.errors) == (before.data, ())
    assert [report.status for report in after.reports] == [SourceStatus.ANSWERED]


async def test_no_drop_at_all_is_an_outage(tmp_path: Path) -> None:
    """Nothing was read yet, and nothing is there: null with a reason."""
    opened = await adapter.open({"folder": str(tmp_path)})
    response = await ask_entities(
        opened,
        "{ ... on Penduduk { surveiCarik { desil } } }",
        [{"__typename": "Penduduk", "nik": "3171990101909001"}],
    )
    await opened.aclose()
    assert response.data == [{"surveiCarik": None}]
    assert [error.code for error in response.errors] == ["SUMBER_TIDAK_TERSEDIA"]
    assert "3171990101909001" not in repr(response.errors)


def test_the_columns_are_those_that_the_fleet_writes() -> None:
    """The expected header is the drop's."""
    assert HEADER == write.HEADER
