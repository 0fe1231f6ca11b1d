"""The registry's graph over the real server of the fleet, against its truth."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from adapters.contract import CallBudget, CallContext, SourceStatus
from adapters.dukcapil.adapter import adapter
from adapters.kit.runtime import LocalExecutor
from tests.testkit.legacy import LegacyServer, open_truth, start_legacy
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server() -> Iterator[LegacyServer]:
    """The civil registry."""
    with start_legacy("dukcapil") as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(server: LegacyServer) -> None:
    """Every test begins with counters at zero and no fault."""
    server.post("reset")


@pytest.fixture(scope="module")
def truth() -> sqlite3.Connection:
    """The ground truth that the server was filled from."""
    return open_truth()


def settings(server: LegacyServer, user: str = "pelayanan", **more: Any) -> dict[str, Any]:
    """Settings for this server."""
    return {
        "url": server.url,
        "user_id": user,
        "password": f"rahasia-{user}",
        "verify_url": server.parts["verify"],
        "verify_ca": server.parts["ca"],
        **more,
    }


@pytest.fixture
async def executor(server: LegacyServer) -> AsyncIterator[LocalExecutor]:
    """The adapter with a full grant."""
    opened = await adapter.open(settings(server))
    yield opened
    await opened.aclose()


def people(truth: sqlite3.Connection, condition: str, count: int = 1) -> list[sqlite3.Row]:
    """Pick people of the truth."""
    found = truth.execute(f"SELECT * FROM person WHERE {condition} ORDER BY pid LIMIT {count}")
    return found.fetchall()


def reps(rows: list[sqlite3.Row]) -> list[dict[str, Any]]:
    """Make their representations."""
    return [{"__typename": "Penduduk", "nik": str(row["nik"])} for row in rows]


async def test_people_are_what_the_truth_says(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """Name, birth date, sex and address of many people survive the registry's spellings."""
    rows = people(truth, "pid % 7 = 0", 60)
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { nik nama tanggalLahir jenisKelamin"
        " alamat { jalan rt rw kelurahan { kode } } kartuKeluarga { noKk } ayah { nik } } }",
        reps(rows),
        call=CallContext(budget=CallBudget(1000)),
    )
    assert response.errors == ()
    assert response.defects == ()
    for row, entity in zip(rows, response.data, strict=True):
        assert entity == {
            "nik": str(row["nik"]),
            "nama": row["nama"],
            "tanggalLahir": row["lahir"],
            "jenisKelamin": "PEREMPUAN" if row["perempuan"] else "LAKI_LAKI",
            "alamat": {
                "jalan": row["alamat"],
                "rt": f"{row['rt']:03d}",
                "rw": f"{row['rw']:03d}",
                "kelurahan": {"kode": row["kelurahan"]},
            },
            "kartuKeluarga": {"noKk": str(row["no_kk"])},
            "ayah": {"nik": str(row["nik_ayah"])} if row["nik_ayah"] else None,
        }


async def test_only_the_methods_needed_are_called(
    executor: LocalExecutor, truth: sqlite3.Connection, server: LegacyServer
) -> None:
    """Status fields cost call_status, biodata call_nik, both cost both, aliases cost nothing."""
    (row,) = people(truth, "status = 'AKTIF'")
    root = f'penduduk(nik: "{row["nik"]}")'
    await ask(executor, f"{{ {root} {{ statusNik }} }}")
    assert server.counters()["calls"] == {"CALL_STATUS": 1}
    response = await ask(executor, f"{{ a: {root} {{ nama }} b: {root} {{ agama statusNik }} }}")
    assert server.counters()["calls"] == {"CALL_STATUS": 2, "CALL_NIK": 1}
    assert response.data["b"]["statusNik"] == "AKTIF"
    (report,) = response.reports
    assert (report.source, report.calls, report.status) == ("dukcapil", 2, SourceStatus.ANSWERED)


async def test_never_more_in_parallel_than_the_cap(
    server: LegacyServer, truth: sqlite3.Connection
) -> None:
    """One NIK per call, and at most the configured number at a time."""
    executor = await adapter.open(settings(server, guard={"parallel": 3}))
    rows = people(truth, "1", 30)
    await ask_entities(executor, "{ ... on Penduduk { nama } }", reps(rows))
    await executor.aclose()
    counters = server.counters()
    assert counters["calls"] == {"CALL_NIK": 30}
    assert counters["max_parallel"] <= 3


async def test_family_card_costs_one_call(
    executor: LocalExecutor, truth: sqlite3.Connection, server: LegacyServer
) -> None:
    """The members' biodata come with the card, sorted by birth date."""
    (row,) = people(truth, "stat_hbkel = 4 AND nik_ganda IS NULL")
    response = await ask(
        executor, f'{{ kartuKeluarga(noKk: "{row["no_kk"]}") {{ anggota {{ nik nama }} }} }}'
    )
    members = {str(m["nik"]) for m in people(truth, f"no_kk = {row['no_kk']}", 99)}
    assert members <= {m["nik"] for m in response.data["kartuKeluarga"]["anggota"]}
    assert server.counters()["calls"] == {"CALL_KK": 1}


async def test_family_tree_and_spouse(
    executor: LocalExecutor, truth: sqlite3.Connection, server: LegacyServer
) -> None:
    """The spouse on the card is the true one; the card is read once for both questions."""
    (row,) = people(
        truth,
        "stat_hbkel = 1 AND stat_kwn = 2 AND pid_pasangan IS NOT NULL AND no_kk IN "
        "(SELECT no_kk FROM person GROUP BY no_kk HAVING sum(stat_hbkel = 3) = 1"
        " AND sum(stat_hbkel = 1) = 1 AND count(kk_ganda) = 0)",
    )
    (spouse,) = people(truth, f"pid = {row['pid_pasangan']}")
    response = await ask(
        executor,
        f'{{ penduduk(nik: "{row["nik"]}") {{ pasangan {{ nik nama statusNik }}'
        " kartuKeluarga { anggota { nama } } } }",
    )
    assert response.errors == ()
    assert response.data["penduduk"]["pasangan"] == {
        "nik": str(spouse["nik"]),
        "nama": spouse["nama"],
        "statusNik": spouse["status"],
    }
    assert server.counters()["calls"]["CALL_KK"] == 1


async def test_unknown_nik_is_null(executor: LocalExecutor) -> None:
    """Nobody has this number, in any of the three spellings of saying so."""
    response = await ask(executor, '{ penduduk(nik: "3171990101909999") { nama } }')
    assert response.data == {"penduduk": None}
    assert response.errors == ()


async def test_former_nik_names_its_successor(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """An old paper's NIK leads to the new one."""
    (row,) = people(truth, "nik_lama IS NOT NULL")
    response = await ask(executor, f'{{ penduduk(nik: "{row["nik_lama"]}") {{ nama nikBaru }} }}')
    assert response.data == {"penduduk": {"nama": None, "nikBaru": str(row["nik"])}}


async def test_dead_are_known_by_their_status(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """Status and date of death are the truth's, where the registry knows of them."""
    rows = people(truth, "status = 'MENINGGAL' AND mati_tercatat = 1", 5)
    response = await ask_entities(
        executor, "{ ... on Penduduk { statusNik tanggalMeninggal } }", reps(rows)
    )
    assert [entity["tanggalMeninggal"] for entity in response.data] == [
        row["meninggal"] for row in rows
    ]
    assert {entity["statusNik"] for entity in response.data} == {"MENINGGAL"}


async def test_ungranted_keys_are_not_nulls(
    server: LegacyServer, truth: sqlite3.Connection
) -> None:
    """A credential of 16 keys gets names and no family: refused, not empty."""
    executor = await adapter.open(settings(server, "statistik"))
    (row,) = people(truth, "nik_ayah IS NOT NULL")
    response = await ask(
        executor,
        f'{{ penduduk(nik: "{row["nik"]}") {{ nama ayah {{ nik }} kartuKeluarga {{ noKk }}'
        " statusNik } }",
    )
    await executor.aclose()
    assert response.data["penduduk"] == {
        "nama": row["nama"],
        "ayah": None,
        "kartuKeluarga": None,
        "statusNik": None,
    }
    assert {(e.code, e.source) for e in response.errors} == {("TIDAK_ADA_HAK", "dukcapil")}
    assert response.reports[0].status is SourceStatus.DENIED


async def test_quota_of_the_registry_is_told(
    server: LegacyServer, executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """The registry's text about its quota becomes KUOTA_HABIS, and is not tried again."""
    server.post("faults", fault="quota_spent")
    (row,) = people(truth, "1")
    response = await ask(executor, f'{{ penduduk(nik: "{row["nik"]}") {{ nama }} }}')
    assert response.data == {"penduduk": None}
    assert [e.code for e in response.errors] == ["KUOTA_HABIS"]
    assert server.counters()["calls"] == {"CALL_NIK": 1}


async def test_our_own_cap_stops_before_the_wire(
    server: LegacyServer, truth: sqlite3.Connection
) -> None:
    """Beyond the configured units of the day nothing is sent."""
    executor = await adapter.open(settings(server, guard={"quota_per_day": 2}))
    response = await ask_entities(
        executor, "{ ... on Penduduk { nama } }", reps(people(truth, "1", 5))
    )
    await executor.aclose()
    assert sum(entity is not None for entity in response.data) == 2
    assert {e.code for e in response.errors} == {"KUOTA_HABIS"}
    assert server.counters()["calls"] == {"CALL_NIK": 2}


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("500", {"SUMBER_TIDAK_TERSEDIA"}),
        ("reset", {"SUMBER_TIDAK_TERSEDIA"}),
        ("garbage", {"DATA_RUSAK"}),
        ("down", {"BATAS_WAKTU"}),
        ("stall", {"BATAS_WAKTU"}),
    ],
)
async def test_faults_are_codes(
    server: LegacyServer, truth: sqlite3.Connection, fault: str, codes: set[str]
) -> None:
    """Each fault of the status method is its code; the biodata beside it stay."""
    guard = {"timeout_seconds": 0.5, "retries": 0}
    executor = await adapter.open(settings(server, guard=guard))
    server.post("faults", fault=fault, method="CALL_STATUS")
    (row,) = people(truth, "1")
    response = await ask(executor, f'{{ penduduk(nik: "{row["nik"]}") {{ nama statusNik }} }}')
    await executor.aclose()
    assert response.data == {"penduduk": {"nama": row["nama"], "statusNik": None}}
    assert {e.code for e in response.errors} == codes
    assert response.errors[0].path == ("penduduk", "statusNik")
    assert response.reports[0].status is SourceStatus.UNAVAILABLE
    assert str(row["nik"]) not in repr(response.errors)


async def test_wrong_password_is_denied(server: LegacyServer, truth: sqlite3.Connection) -> None:
    """A refused log-in is TIDAK_ADA_HAK."""
    executor = await adapter.open(settings(server, password="salah"))
    (row,) = people(truth, "1")
    response = await ask(executor, f'{{ penduduk(nik: "{row["nik"]}") {{ nama }} }}')
    await executor.aclose()
    assert [e.code for e in response.errors] == ["TIDAK_ADA_HAK"]


async def test_claims_are_verified_without_disclosure(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """True and false claims are told apart over pinned TLS, and no value comes back."""
    (row,) = people(truth, "perempuan = 0 AND nik_ganda IS NULL")
    variables = {
        "masukan": {
            "nik": str(row["nik"]),
            "nama": row["nama"],
            "tanggalLahir": row["lahir"],
            "jenisKelamin": "PEREMPUAN",
            "noKk": str(row["no_kk"]),
        }
    }
    response = await ask(
        executor,
        "query ($masukan: VerifikasiInput!)"
        " { verifikasi(input: $masukan) { elemen { elemen sesuai skor } } }",
        variables,
    )
    assert response.errors == ()
    assert response.data["verifikasi"]["elemen"] == [
        {"elemen": "NIK", "sesuai": True, "skor": None},
        {"elemen": "NAMA", "sesuai": True, "skor": 100},
        {"elemen": "TANGGAL_LAHIR", "sesuai": True, "skor": None},
        {"elemen": "JENIS_KELAMIN", "sesuai": False, "skor": None},
        {"elemen": "NOMOR_KK", "sesuai": True, "skor": None},
    ]
    assert [r.source for r in response.reports] == ["dukcapil/verifikasi"]
