"""The tax office's graph over the real SOAP server of the fleet, against its truth."""

from __future__ import annotations

import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

import adapters.pbb
from adapters.contract import SourceStatus
from adapters.kit.runtime import LocalExecutor
from adapters.pbb.adapter import adapter
from demo.people.truth import Truth
from tests.testkit.legacy import LegacyServer, find_world, start_legacy
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

FIELDS = (
    "nop wajibPajak { nik } namaWajibPajak alamat kelurahan { kode } luasBumi luasBangunan njop"
    " tagihan { tahun pokok denda tanggalBayar lunas }"
)


@pytest.fixture(scope="module")
def server() -> Iterator[LegacyServer]:
    """The tax office."""
    with start_legacy("pbb") as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(server: LegacyServer) -> None:
    """Every test begins with counters at zero and no fault."""
    server.post("reset")


@pytest.fixture(scope="module")
def truth() -> Iterator[Truth]:
    """The ground truth that the server was filled from."""
    reader = Truth(find_world() / "truth.sqlite")
    yield reader
    reader.close()


def settings(server: LegacyServer, **more: Any) -> dict[str, Any]:
    """Settings for this server."""
    return {
        "url": f"{server.url}/soap",
        "username": "simpul",
        "password": "rahasia-pbb",
        **more,
    }


@pytest.fixture
async def executor(server: LegacyServer) -> AsyncIterator[LocalExecutor]:
    """The adapter."""
    opened = await adapter.open(settings(server))
    yield opened
    await opened.aclose()


def parcels(*nops: str) -> list[dict[str, Any]]:
    """Make representations."""
    return [{"__typename": "ObjekPajak", "nop": nop} for nop in nops]


def people(*niks: str) -> list[dict[str, Any]]:
    """Make representations."""
    return [{"__typename": "Penduduk", "nik": nik} for nik in niks]


async def test_parcels_are_as_they_truly_are(
    executor: LocalExecutor, truth: Truth, server: LegacyServer
) -> None:
    """120 parcels with their taxes, by three calls of at most fifty."""
    expected = truth.all_land(120)
    response = await ask_entities(
        executor,
        f"{{ ... on ObjekPajak {{ {FIELDS} }} }}",
        parcels(*(each.nop for each in expected)),
    )
    assert response.errors == ()
    assert response.defects == ()
    for found, true in zip(response.data, expected, strict=True):
        assert found == {
            "nop": true.nop,
            "wajibPajak": {"nik": true.nik},
            "namaWajibPajak": true.nama,
            "alamat": true.alamat,
            "kelurahan": {"kode": true.kelurahan},
            "luasBumi": float(true.luas_bumi),
            "luasBangunan": float(true.luas_bangunan),
            "njop": true.njop,
            "tagihan": [
                {
                    "tahun": year,
                    "pokok": tax,
                    "denda": fine,
                    "tanggalBayar": paid,
                    "lunas": paid is not None,
                }
                for year, tax, fine, paid in truth.taxes(true.nop)
            ],
        }
    assert server.counters()["calls"] == {"soap": 3}


async def test_residents_have_the_land_under_their_number(
    executor: LocalExecutor, truth: Truth
) -> None:
    """Under the number that was written, be it a former one or a dead owner's."""
    niks = [each.nik for each in truth.all_land(80)] + [each.nik for each in truth.sample(80)]
    response = await ask_entities(
        executor, "{ ... on Penduduk { objekPajak { nop } } }", people(*niks)
    )
    assert response.errors == ()
    assert [[each["nop"] for each in found["objekPajak"]] for found in response.data] == [
        [each.nop for each in truth.land(nik)] for nik in niks
    ]


async def test_nothing_found_is_told_by_a_fault_and_is_no_failure(
    executor: LocalExecutor,
) -> None:
    """A root field is null, a relation an empty list, and the office has answered."""
    response = await ask(executor, '{ objekPajak(nop: "000000000000000000") { nop } }')
    assert (response.data, response.errors) == ({"objekPajak": None}, ())
    response = await ask_entities(
        executor, "{ ... on Penduduk { objekPajak { nop } } }", people("3171990101909999")
    )
    assert (response.data, response.errors) == ([{"objekPajak": []}], ())
    assert [report.status for report in response.reports] == [SourceStatus.ANSWERED]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("500", "SUMBER_TIDAK_TERSEDIA"),
        ("reset", "SUMBER_TIDAK_TERSEDIA"),
        ("garbage", "DATA_RUSAK"),
        ("truncated", "SUMBER_TIDAK_TERSEDIA"),
        ("stall", "BATAS_WAKTU"),
        ("slow_drip", "BATAS_WAKTU"),
        ("quota_spent", "KUOTA_HABIS"),
    ],
)
async def test_faults_are_codes(server: LegacyServer, fault: str, code: str) -> None:
    """Each fault is its code, at the field that needed the office, and names nobody."""
    executor = await adapter.open(settings(server, guard={"timeout_seconds": 0.5, "retries": 0}))
    server.post("faults", fault=fault)
    response = await ask_entities(
        executor, "{ ... on Penduduk { nik objekPajak { nop } } }", people("3171990101909001")
    )
    await executor.aclose()
    assert response.data == [{"nik": "3171990101909001", "objekPajak": None}]
    assert [(e.code, e.path, e.source) for e in response.errors] == [
        (code, ("_entities", 0, "objekPajak"), "pbb")
    ]
    assert response.reports[0].status is SourceStatus.UNAVAILABLE
    assert "3171990101909001" not in repr(response.errors)


async def test_wrong_credentials_are_denied(server: LegacyServer) -> None:
    """Told by a fault of the caller; its detail says what it means."""
    executor = await adapter.open(settings(server, password="salah"))
    response = await ask_entities(
        executor, "{ ... on Penduduk { objekPajak { nop } } }", people("3171990101909001")
    )
    await executor.aclose()
    assert [e.code for e in response.errors] == ["TIDAK_ADA_HAK"]
    assert response.reports[0].status is SourceStatus.DENIED
    assert "salah" not in repr(response.errors)


def test_the_office_publishes_the_description_that_we_keep(server: LegacyServer) -> None:
    """The WSDL of the package is the one that the server gives out."""
    with urllib.request.urlopen(f"{server.url}/soap?wsdl") as answer:
        published = answer.read()
    assert published == (Path(adapters.pbb.__file__).parent / "pbb.wsdl").read_bytes()
