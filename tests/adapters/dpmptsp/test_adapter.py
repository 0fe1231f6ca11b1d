"""The licensing agency's graph over the real server of the fleet, against its truth."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from adapters.contract import SourceStatus
from adapters.dpmptsp.adapter import adapter
from adapters.kit.runtime import LocalExecutor
from tests.testkit.legacy import LegacyServer, open_truth, start_legacy
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server() -> Iterator[LegacyServer]:
    """The licensing agency, whose tokens live three seconds."""
    with start_legacy("dpmptsp", "--token-seconds", "3") as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(server: LegacyServer) -> None:
    """Every test begins with counters at zero and no fault."""
    server.post("reset")


@pytest.fixture(scope="module")
def truth() -> sqlite3.Connection:
    """The ground truth that the server was filled from."""
    return open_truth()


def settings(server: LegacyServer, **more: Any) -> dict[str, Any]:
    """Settings for this server."""
    return {
        "url": server.url,
        "username": "gateway",
        "password": "rahasia-gateway",
        "client_id": "simpul",
        "client_secret": "rahasia-klien",
        **more,
    }


@pytest.fixture
async def executor(server: LegacyServer) -> AsyncIterator[LocalExecutor]:
    """The adapter."""
    opened = await adapter.open(settings(server))
    yield opened
    await opened.aclose()


def owners(truth: sqlite3.Connection, count: int) -> list[str]:
    """Pick NIKs, most of which own something."""
    found = truth.execute(
        "SELECT DISTINCT nik FROM licence WHERE nik IS NOT NULL ORDER BY nik LIMIT ?", (count,)
    )
    return [str(row["nik"]) for row in found]


def reps(niks: list[str]) -> list[dict[str, Any]]:
    """Make representations."""
    return [{"__typename": "Penduduk", "nik": nik} for nik in niks]


async def test_licences_of_a_hundred_people_cost_one_call(
    executor: LocalExecutor, truth: sqlite3.Connection, server: LegacyServer
) -> None:
    """Each resident gets the licences of the truth, by one filter of up to 100 numbers."""
    niks = owners(truth, 60)
    response = await ask_entities(
        executor, "{ ... on Penduduk { izin { nomorSk jenis tanggalBerakhir } } }", reps(niks)
    )
    assert response.errors == ()
    for nik, entity in zip(niks, response.data, strict=True):
        expected = truth.execute(
            "SELECT decree_number, kind, expires FROM licence WHERE nik = ?", (int(nik),)
        ).fetchall()
        assert sorted((i["nomorSk"], i["jenis"], i["tanggalBerakhir"]) for i in entity["izin"]) == (
            sorted(tuple(row) for row in expected)
        )
    assert server.counters()["calls"] == {"token": 1, "licences": 1}


async def test_people_without_licences_have_none(executor: LocalExecutor) -> None:
    """Nothing found is an empty list."""
    response = await ask_entities(
        executor, "{ ... on Penduduk { izin { nomorSk } } }", reps(["3171990101909999"])
    )
    assert response.data == [{"izin": []}]


async def test_more_than_a_hundred_numbers_are_several_calls(
    executor: LocalExecutor, server: LegacyServer
) -> None:
    """The agency's limit of a filter is kept."""
    niks = [f"317199010190{9000 + at}" for at in range(250)]
    response = await ask_entities(executor, "{ ... on Penduduk { izin { nomorSk } } }", reps(niks))
    assert all(entity == {"izin": []} for entity in response.data)
    assert server.counters()["calls"]["licences"] == 3


async def test_applicants_are_asked_by_their_own_column(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """What one applied for for another is not what one owns."""
    row = truth.execute(
        "SELECT * FROM licence WHERE applicant_identity <> identity AND length(applicant_identity)"
        " = 16 ORDER BY id LIMIT 1"
    ).fetchone()
    text = (
        "{ ... on Penduduk { milik: izin { nomorSk }"
        " mohon: izin(sebagai: PEMOHON) { nomorSk pemilik { nik } } } }"
    )
    response = await ask_entities(executor, text, reps([row["applicant_identity"]]))
    (entity,) = response.data
    assert row["decree_number"] in {i["nomorSk"] for i in entity["mohon"]}
    assert row["decree_number"] not in {i["nomorSk"] for i in entity["milik"]}


async def test_active_on_a_day(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """Licences in force on the day, those without an end included."""
    niks = owners(truth, 60)
    response = await ask_entities(
        executor,
        '{ ... on Penduduk { izin(aktifPada: "2026-07-01") { nomorSk } } }',
        reps(niks),
    )
    found = {i["nomorSk"] for entity in response.data for i in entity["izin"]}
    expected = truth.execute(
        f"SELECT decree_number FROM licence WHERE nik IN ({','.join(niks)})"
        " AND issued <= '2026-07-01' AND (expires IS NULL OR expires >= '2026-07-01')"
    )
    assert found == {row["decree_number"] for row in expected}


async def test_licence_by_decree(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """A root field and an entity fetch find the same licence, with its place as a code."""
    row = truth.execute("SELECT * FROM licence WHERE nik IS NULL ORDER BY id LIMIT 1").fetchone()
    fields = "{ nomorSk jenisIdentitasPemilik namaPemilik pemilik { nik } kelurahan { kode } }"
    number = row["decree_number"]
    response = await ask(
        executor, f'{{ izin(nomorSk: "{number}") {fields} tidak: izin(nomorSk: "x") {{ nama }} }}'
    )
    assert response.data == {
        "izin": {
            "nomorSk": number,
            "jenisIdentitasPemilik": row["identity_kind"],
            "namaPemilik": row["owner_name"],
            "pemilik": None,
            "kelurahan": {"kode": row["kelurahan"]},
        },
        "tidak": None,
    }
    assert response.errors == ()


@pytest.mark.parametrize("first", [7, 100, 1000])
async def test_expiring_licences_are_walked_to_the_end(
    executor: LocalExecutor, truth: sqlite3.Connection, first: int
) -> None:
    """All pages together are the truth's list, each licence once, whatever the page's size."""
    text = (
        "query ($after: String) { izinBerakhir(first: "
        f"{first}, after: $after, "
        'dari: "2025-01-01", sampai: "2026-12-31", kelurahan: "31.71.02.1001")'
        " { nodes { nomorSk } pageInfo { hasNextPage endCursor } } }"
    )
    seen: list[str] = []
    after, more = None, True
    while more:
        response = await ask(executor, text, {"after": after})
        assert response.errors == ()
        page = response.data["izinBerakhir"]
        assert len(page["nodes"]) <= first
        seen += [node["nomorSk"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    expected = truth.execute(
        "SELECT decree_number FROM licence WHERE expires BETWEEN '2025-01-01' AND '2026-12-31'"
        " AND kelurahan = '31.71.02.1001' ORDER BY id"
    )
    assert seen == [row["decree_number"] for row in expected]


async def test_foreign_cursor_is_refused(executor: LocalExecutor) -> None:
    """A cursor that is not ours is the caller's error."""
    response = await ask(
        executor,
        '{ izinBerakhir(after: "abc", dari: "2026-01-01", sampai: "2026-01-02")'
        " { nodes { nomorSk } } }",
    )
    assert response.data == {"izinBerakhir": None}
    assert [e.code for e in response.errors] == ["BAD_USER_INPUT"]


async def test_revoked_token_is_renewed(
    executor: LocalExecutor, truth: sqlite3.Connection, server: LegacyServer
) -> None:
    """A token that the agency forgot is asked for again, within the same call."""
    text = "{ ... on Penduduk { izin { nomorSk } } }"
    niks = owners(truth, 1)
    await ask_entities(executor, text, reps(niks))
    server.post("reset")
    response = await ask_entities(executor, text, reps(niks))
    assert response.errors == ()
    assert response.data[0]["izin"]
    assert server.counters()["calls"]["token"] == 2  # its refresh token is forgotten as well


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("500", "SUMBER_TIDAK_TERSEDIA"),
        ("reset", "SUMBER_TIDAK_TERSEDIA"),
        ("garbage", "DATA_RUSAK"),
        ("truncated", "SUMBER_TIDAK_TERSEDIA"),
        ("stall", "BATAS_WAKTU"),
        ("quota_spent", "KUOTA_HABIS"),
    ],
)
async def test_faults_are_codes(server: LegacyServer, fault: str, code: str) -> None:
    """Each fault is its code, at the field that needed the agency."""
    executor = await adapter.open(settings(server, guard={"timeout_seconds": 0.5, "retries": 0}))
    server.post("faults", fault=fault, method="licences")
    response = await ask_entities(
        executor, "{ ... on Penduduk { nik izin { nomorSk } } }", reps(["3171990101909001"])
    )
    await executor.aclose()
    assert response.data == [{"nik": "3171990101909001", "izin": None}]
    assert [(e.code, e.path, e.source) for e in response.errors] == [
        (code, ("_entities", 0, "izin"), "dpmptsp")
    ]
    assert response.reports[0].status is SourceStatus.UNAVAILABLE
    assert "3171990101909001" not in repr(response.errors)


async def test_wrong_secret_is_denied(server: LegacyServer) -> None:
    """Refused credentials are TIDAK_ADA_HAK."""
    executor = await adapter.open(settings(server, client_secret="salah"))
    response = await ask_entities(
        executor, "{ ... on Penduduk { izin { nomorSk } } }", reps(["3171990101909001"])
    )
    await executor.aclose()
    assert [e.code for e in response.errors] == ["TIDAK_ADA_HAK"]
    assert response.reports[0].status is SourceStatus.DENIED


async def test_filters_and_orders_are_the_agencys(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """Conditions and order of the caller's choice, over pages, are those of the truth."""
    kinds = ["IUMK", "TDUP"]
    rows = truth.execute(
        "SELECT decree_number FROM licence WHERE kind IN (?, ?) AND issued >= '2023-01-01'"
        " AND issued <= '2025-12-31' ORDER BY issued DESC, decree_number",
        kinds,
    )
    expected = [row["decree_number"] for row in rows]
    query = (
        "query ($after: String) { daftarIzin(first: 7, after: $after, saring:"
        ' {jenis: {dalam: ["IUMK", "TDUP"]}, tanggalTerbit: {dari: "2023-01-01",'
        ' sampai: "2025-12-31"}}, urutkan: [TANGGAL_TERBIT_TURUN, NOMOR_SK_NAIK])'
        " { nodes { nomorSk } pageInfo { hasNextPage endCursor } } }"
    )
    found: list[str] = []
    after, has_next = None, True
    while has_next:
        response = await ask(executor, query, {"after": after})
        assert response.errors == ()
        page = response.data["daftarIzin"]
        found += [node["nomorSk"] for node in page["nodes"]]
        after, has_next = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(expected) > 7
    assert found == expected


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (
            'jenis: {awalan: "I"}',
            '"saring.jenis.awalan" cannot be asked of the source: allowed are "sama", "dalam".',
        ),
        (
            f"sektor: {{dalam: [{', '.join(chr(34) + str(n) + chr(34) for n in range(101))}]}}",
            '"saring.sektor.dalam" holds more than 100 values.',
        ),
    ],
)
async def test_what_the_agency_cannot_do_is_refused(
    executor: LocalExecutor, filters: str, told: str
) -> None:
    """The error names the field and what is allowed, and nothing is sent."""
    response = await ask(
        executor, f"{{ daftarIzin(saring: {{{filters}}}) {{ nodes {{ nama }} }} }}"
    )
    assert [(error.code, error.message) for error in response.errors] == [("BAD_USER_INPUT", told)]
    assert response.reports == ()
