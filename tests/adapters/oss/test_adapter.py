"""The business registry's graph over pushes that come late, twice, in disorder, or wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import PushReceiver, PushRefusal, PushRefused, Receipt
from adapters.kit.adapter import Opening
from adapters.kit.runtime import LocalExecutor
from adapters.oss.adapter import adapter
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

NIB = "9100000000001"
OWNER, OTHER = "3171990101909001", "3171990101909002"
HEADERS = {"content-type": "application/json", "x-api-key": "rahasia-rekaan"}


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    """What the gateway lends."""
    return Opening("oss", state=tmp_path, clock=lambda: datetime(2026, 7, 1, tzinfo=UTC))


@pytest.fixture
async def executor(opening: Opening) -> AsyncIterator[LocalExecutor]:
    """The adapter over an empty inbox."""
    opened = await adapter.open({"inbox": {"secret": {"secret": "rahasia-rekaan"}}}, opening)
    yield opened
    await opened.aclose()


@pytest.fixture
def inbox(opening: Opening, executor: LocalExecutor) -> PushReceiver:
    """What the gateway delivers to."""
    return opening.inboxes["oss"]


def nib_data(time: str, **fields: Any) -> dict[str, Any]:
    """Make a message about a business."""
    told = {"waktu": time, "nib": NIB, "no_identitas_penanggung_jwb": OWNER, **fields}
    return {"receiveNib": told}


def license_status(time: str, status: str, **fields: Any) -> dict[str, Any]:
    """Make a message about a licence."""
    told = {"waktu": time, "nib": NIB, "id_izin": "I-1", "status": status, **fields}
    return {"receiveLicenseStatus": told}


async def push(inbox: PushReceiver, *messages: Mapping[str, Any]) -> None:
    """Push messages one after another."""
    for message in messages:
        assert isinstance(await inbox.receive(json.dumps(message).encode(), HEADERS), Receipt)


async def business(executor: LocalExecutor, fields: str) -> Any:
    """Ask for the business."""
    response = await ask(executor, f'{{ usaha(nib: "{NIB}") {{ {fields} }} }}')
    assert response.errors == ()
    return response.data["usaha"]


async def test_a_business_with_all_its_fields(executor: LocalExecutor, inbox: PushReceiver) -> None:
    """Spellings of the registry become the graph's values."""
    data = nib_data(
        "2026-01-02T03:04:05+07:00",
        nama_perseroan=" Warung  Rekaan ",
        jenis_pelaku_usaha="PERSEORANGAN",
        no_identitas_penanggung_jwb=int(OWNER),
        nama_penanggung_jwb="H. SITI CONTOHWATI",
        tgl_terbit_nib="02-01-2026",
        status_nib="aktif ",
        kd_daerah="3171021001",
        data_proyek=[{"kbli": 56101, "uraian_usaha": "-", "resiko": "MT", "skala_usaha": "MIKRO"}],
    )
    status = license_status(
        "2026-02-03T00:00:00+07:00", "TERBIT", nama_izin="Sertifikat", tgl_status="03/02/2026"
    )
    await push(inbox, data, status)
    fields = (
        "nib nama jenisPelaku pemilik { nik } namaPenanggungJawab tanggalTerbit status"
        " kelurahan { kode } kegiatan { kbli uraian risiko skala }"
        " perizinan { nomor nama status tanggalStatus } diperbarui"
    )
    assert await business(executor, fields) == {
        "nib": NIB,
        "nama": "Warung Rekaan",
        "jenisPelaku": "PERSEORANGAN",
        "pemilik": {"nik": OWNER},
        "namaPenanggungJawab": "H. SITI CONTOHWATI",
        "tanggalTerbit": "2026-01-02",
        "status": "AKTIF",
        "kelurahan": {"kode": "31.71.02.1001"},
        "kegiatan": [
            {"kbli": "56101", "uraian": None, "risiko": "MENENGAH_TINGGI", "skala": "MIKRO"}
        ],
        "perizinan": [
            {
                "nomor": "I-1",
                "nama": "Sertifikat",
                "status": "TERBIT",
                "tanggalStatus": "2026-02-03",
            }
        ],
        "diperbarui": "2026-02-03T00:00:00+07:00",
    }


async def test_whatever_the_order_the_newest_counts(tmp_path: Path) -> None:
    """All 24 orders of four messages, each pushed twice, give the same business."""
    messages = (
        nib_data("2026-01-01T00:00:00+07:00", status_nib="AKTIF", nama_perseroan="lama"),
        nib_data("2026-03-01T00:00:00+07:00", status_nib="DICABUT", nama_perseroan="baru"),
        license_status("2026-02-01T00:00:00+07:00", "PROSES"),
        license_status("2026-02-01T00:00:00Z", "TERBIT"),
    )
    settings = {"inbox": {"secret": {"secret": "rahasia-rekaan"}}}
    for number, order in enumerate(permutations(messages)):
        opening = Opening("oss", state=tmp_path / f"{number}")
        opened = await adapter.open(settings, opening)
        await push(opening.inboxes["oss"], *order, *order)
        found = await business(opened, "nama status perizinan { status } diperbarui")
        await opened.aclose()
        assert found == {
            "nama": "baru",
            "status": "DICABUT",
            "perizinan": [{"status": "TERBIT"}],
            "diperbarui": "2026-03-01T00:00:00+07:00",
        }


async def test_a_licence_before_its_business(executor: LocalExecutor, inbox: PushReceiver) -> None:
    """Alone it is no business; when that comes, the licence is there."""
    await push(inbox, license_status("2026-02-01T00:00:00+07:00", "TERBIT"))
    assert await business(executor, "nib") is None
    await push(inbox, nib_data("2026-01-01T00:00:00+07:00"))
    assert await business(executor, "nib perizinan { status }") == {
        "nib": NIB,
        "perizinan": [{"status": "TERBIT"}],
    }


async def test_businesses_belong_to_their_present_owner(
    executor: LocalExecutor, inbox: PushReceiver
) -> None:
    """A business that changed hands is its former owner's no more; one call asks for all."""
    await push(
        inbox,
        nib_data("2026-03-01T00:00:00+07:00", no_identitas_penanggung_jwb=OTHER),
        nib_data("2026-01-01T00:00:00+07:00", status_nib="AKTIF"),
        nib_data("2026-01-01T00:00:00+07:00", nib="9100000000002", status_nib="AKTIF"),
        nib_data("2026-01-01T00:00:00+07:00", nib="9100000000003", status_nib="DICABUT"),
    )
    people = [{"__typename": "Penduduk", "nik": nik} for nik in (OWNER, OTHER, "3171990101909003")]
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { usaha { nib } aktif: usaha(status: AKTIF) { nib } } }",
        people,
    )
    assert response.errors == ()
    assert [
        ([each["nib"][-1] for each in one["usaha"]], [each["nib"][-1] for each in one["aktif"]])
        for one in response.data
    ] == [(["2", "3"], ["2"]), (["1"], []), ([], [])]
    assert [(report.source, report.calls) for report in response.reports] == [("oss", 1)]


async def test_what_is_wrong_in_a_message_is_a_defect(
    executor: LocalExecutor, inbox: PushReceiver
) -> None:
    """Dates, states, risks and areas that cannot be read are null, and the rest is kept."""
    await push(
        inbox,
        nib_data(
            "kemarin",
            no_identitas_penanggung_jwb="A1234567",
            tgl_terbit_nib="32-13-2026",
            status_nib="ENTAHLAH",
            kd_daerah="tiga",
            data_proyek=[{"kbli": "47111", "resiko": "?"}, "x"],
        ),
    )
    response = await ask(
        executor,
        f'{{ usaha(nib: "{NIB}") {{ pemilik {{ nik }} tanggalTerbit status kelurahan {{ kode }}'
        " kegiatan { kbli risiko } diperbarui } }",
    )
    assert response.data["usaha"] == {
        "pemilik": None,
        "tanggalTerbit": None,
        "status": None,
        "kelurahan": None,
        "kegiatan": [{"kbli": "47111", "risiko": None}],
        "diperbarui": "2026-07-01T07:00:00+07:00",
    }
    assert {defect.coordinate for defect in response.defects} == {
        "Usaha.tanggalTerbit",
        "Usaha.status",
        "Usaha.kelurahan",
        "KegiatanUsaha.risiko",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"receiveNib": []}',
        b'{"receiveNib": {"nib": "9100000000001"}, "receiveLicenseStatus": {}}',
        b'{"receiveSomething": {"nib": "9100000000001"}}',
        b'{"receiveNib": {"nib": "910000000000"}}',
        b'{"receiveNib": {}}',
        b"[" * 5_000,
    ],
)
async def test_no_message_is_refused(inbox: PushReceiver, body: bytes) -> None:
    """What could never be found again is not stored."""
    refused = await inbox.receive(body, HEADERS)
    assert isinstance(refused, PushRefused)
    assert refused.reason is PushRefusal.UNREADABLE


def test_an_inbox_without_a_credential_is_refused() -> None:
    """Nobody can leave the inbox open, nor declare two credentials."""
    for inbox in (
        {},
        {"secret": {"secret": "rahasia-rekaan"}, "hmac": {"key": "rahasia-rekaan"}},
        {"secret": {"secret": "pendek"}},
    ):
        with pytest.raises(Exception, match="inbox") as refused:
            adapter.check_settings({"inbox": inbox})
        assert "pendek" not in str(refused.value)
