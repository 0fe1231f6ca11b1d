"""What the records say of days, letters, licences, land and graves, and what silence means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import CallContext, GraphClientResult
from adapters.loket.checks.catalog import CHECKS
from adapters.loket.checks.inquiry import Answer, Facts, Inquiry, Unanswered
from adapters.loket.working_days import load_working_days
from tests.testkit.imports import ROOT

pytestmark = pytest.mark.anyio

KARTINI = "31.71.02.1003"
APPLICANT, OTHER = "3171990101019000", "3171990101019001"
CALENDAR = load_working_days([Path(ROOT / "adapters" / "loket" / "data" / "hari_libur_2026.csv")])
PLAIN: dict[str, Any] = {
    "nik": APPLICANT, "statusNik": "AKTIF", "nikBaru": None, "tanggalMeninggal": None,
    "statusKawin": "BELUM_KAWIN", "alamat": {"kelurahan": {"kode": KARTINI}}, "ayah": None,
    "ibu": None, "pasangan": None, "suratKematian": [], "izin": [], "surat": [],
    "suratPengantar": [], "permohonan": [], "usaha": [],
}  # fmt: skip
LAND: dict[str, Any] = {
    "nop": "1", "wajibPajak": {"nik": APPLICANT}, "kelurahan": {"kode": KARTINI},
    "tagihan": [{"tahun": 2025, "lunas": True}, {"tahun": 2026, "lunas": False}],
}  # fmt: skip
DEAD = {"tanggalMeninggal": "2026-01-01"}
WEDDING = {"tanggalAkad": ["2026-07-10"], "nikCalon": [OTHER], "nomorN1": ["7/N1"]}

N1_HERE = {"nomor": "7/N1", "jenis": "KAWIN-2"}


class Graph:
    """Answers every document with the same records, and loses what it is told to."""

    def __init__(self, data: Mapping[str, Any], *lost: tuple[str, ...]) -> None:
        self.data = data
        self.errors = [{"path": list(path), "extensions": {"code": "BATAS_WAKTU"}} for path in lost]

    async def run(
        self, name: str, variables: Mapping[str, Any], call: CallContext
    ) -> GraphClientResult:
        """Answer."""
        return GraphClientResult(self.data, tuple(self.errors))


async def make(
    code: str,
    person: Mapping[str, Any] | None = None,
    *lost: tuple[str, ...],
    form: Mapping[str, list[str]] | None = None,
    land: Mapping[str, Any] | None = LAND,
) -> str:
    """Make a check; gives its result and reason, or the code of the silence."""
    known = None if person is None else {**PLAIN, **person}
    graph = Graph({"penduduk": known, "objekPajak": land}, *lost)
    facts = Facts(KARTINI, APPLICANT, form or {}, frozenset(), date(2026, 7, 1), CALENDAR)
    try:
        found = await CHECKS[code].make(Inquiry(graph, CallContext(), facts))
    except Unanswered as unanswered:
        return f"? {unanswered.code}"
    return f"{found.result} {found.reason or ''}".strip()


@pytest.mark.parametrize(
    ("code", "person", "expected"),
    [
        ("STATUS_NIK", {}, "LULUS"),
        ("STATUS_NIK", None, "GAGAL NIK_TIDAK_DITEMUKAN"),
        ("STATUS_NIK", {"statusNik": "DIBEKUKAN"}, "GAGAL STATUS_NIK:DIBEKUKAN"),
        ("STATUS_NIK", {"suratKematian": [{"nomor": "1"}]}, "GAGAL TERCATAT_MENINGGAL"),
        ("STATUS_NIK", {"izin": [{"jenis": "IPTM", "nomorSk": "1"}]}, "GAGAL TERCATAT_MENINGGAL"),
        ("STATUS_NIK", {"statusNik": None, "nikBaru": OTHER}, "GAGAL NIK_DIGANTI"),
        ("ALAMAT_KK", {"alamat": {"kelurahan": {"kode": "31.71.02.1001"}}},
         "GAGAL ALAMAT_DI_LUAR_KELURAHAN"),
        ("STATUS_KAWIN", {"statusKawin": "KAWIN"}, "GAGAL STATUS_KAWIN:KAWIN"),
        ("STATUS_KAWIN_LAGI", {"statusKawin": "CERAI_MATI"}, "LULUS"),
        ("STATUS_KAWIN_LAGI", {"statusKawin": "KAWIN"}, "PERLU_PETUGAS"),
        ("STATUS_KAWIN_LAGI", {}, "GAGAL STATUS_KAWIN:BELUM_KAWIN"),
        ("STATUS_KAWIN_CALON", {"statusKawin": "CERAI_HIDUP"}, "LULUS"),
        ("STATUS_KAWIN_CALON", DEAD, "GAGAL TERCATAT_MENINGGAL"),
        ("HARI_KERJA_AKAD", {}, "GAGAL PERLU_DISPENSASI_CAMAT"),
        ("PERLU_DISPENSASI", {}, "LULUS"),
        ("SURAT_N1", {"surat": [{"nomor": "7/N1", "jenis": "KAWIN-1"}]}, "LULUS"),
        ("SURAT_N1", {"permohonan": [{"surat": {**N1_HERE, "status": "TERBIT"}}]}, "LULUS"),
        ("SURAT_N1", {"permohonan": [{"surat": {**N1_HERE, "status": "DICABUT"}}]},
         "PERLU_PETUGAS"),
        ("SURAT_N1", {"surat": [{"nomor": "7/N1", "jenis": "SKTM"}]}, "PERLU_PETUGAS"),
        ("PENGANTAR", {"suratPengantar": [{"tanggal": "2026-06-20"}]}, "LULUS"),
        ("PENGANTAR", {"suratPengantar": [{"tanggal": "2026-01-20"}]}, "PERLU_PETUGAS"),
        ("IZIN_ATAU_NIB", {"usaha": [{"nib": "1"}]}, "LULUS"),
        ("IZIN_ATAU_NIB", {}, "GAGAL TANPA_IZIN_ATAU_NIB"),
        ("KEMATIAN", DEAD, "LULUS"),
        ("PEWARIS_MENINGGAL", {}, "GAGAL TIDAK_TERCATAT_MENINGGAL"),
        ("DTKS", {}, "PERLU_PETUGAS"),
    ],
)  # fmt: skip
async def test_what_the_records_decide(
    code: str, person: Mapping[str, Any] | None, expected: str
) -> None:
    """Each record for or against, by a code and never by a value."""
    assert await make(code, person, form={**WEDDING, "nikPewaris": [OTHER]}) == expected


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("BARU", [], "LULUS"),
        ("TUMPANG", ["9"], "LULUS"),
        ("PERPANJANGAN", ["8"], "GAGAL IPTM_LAMA_TIDAK_DITEMUKAN"),
    ],
)
async def test_an_old_grave_permit_is_the_deceaseds(
    kind: str, number: list[str], expected: str
) -> None:
    """A new one needs none."""
    form = {"jenisIptm": [kind], "nomorSkLama": number, "nikAlmarhum": [OTHER]}
    held = {"izin": [{"jenis": "IPTM", "nomorSk": "9"}]}
    assert await make("IPTM_LAMA", held, form=form) == expected


PLACE = {"tpu": ["TPU Uji"], "blad": ["A"], "petak": ["12"]}


@pytest.mark.parametrize(
    ("kind", "place", "expected"),
    [
        ("BARU", PLACE, "PERLU_PETUGAS"),
        ("BARU", {**PLACE, "petak": []}, "GAGAL LETAK_MAKAM_KURANG"),
        ("BARU", {}, "GAGAL LETAK_MAKAM_KURANG"),
        ("PERPANJANGAN", {}, "PERLU_PETUGAS"),
    ],
    ids=["whole", "no-plot", "none", "extended"],
)
async def test_a_new_grave_has_its_place(
    kind: str, place: dict[str, list[str]], expected: str
) -> None:
    """All of it; that it is the cemetery's word, an officer confirms by a paper."""
    assert await make("TPU", form={"jenisIptm": [kind], **place}) == expected


async def test_another_place_is_confirmed_anew() -> None:
    """What was asked with is hashed, so that what was confirmed holds for that grave only."""
    asked = set()
    for plot in ("12", "12", "13"):
        form = {"jenisIptm": ["BARU"], **PLACE, "petak": [plot]}
        facts = Facts(KARTINI, APPLICANT, form, frozenset(), date(2026, 7, 1), CALENDAR)
        inquiry = Inquiry(Graph({}), CallContext(), facts)
        await CHECKS["TPU"].make(inquiry)
        asked.add(repr(inquiry.notes.inputs))
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "LULUS"),
        ({"nop": None}, "GAGAL NOP_TIDAK_DITEMUKAN"),
        ({"kelurahan": {"kode": "31.71.02.1001"}}, "GAGAL TANAH_DI_LUAR_KELURAHAN"),
        ({"tagihan": [{"tahun": 2024, "lunas": False}]}, "GAGAL PBB_BELUM_LUNAS"),
        ({"tagihan": [{"tahun": 2024, "lunas": None}]}, "? DATA_RUSAK"),
        ({"tagihan": None}, "? DATA_RUSAK"),
        ({"wajibPajak": {"nik": OTHER}}, "PERLU_PETUGAS"),
    ],
)
async def test_the_land_tax(changes: dict[str, Any], expected: str) -> None:
    """This year's may still be open; another's name on the bill needs an officer."""
    assert await make("PBB", {}, form={"nop": ["1"]}, land={**LAND, **changes}) == expected


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        ("STATUS_NIK", ("penduduk",)),
        ("STATUS_NIK", ("penduduk", "statusNik")),
        ("STATUS_NIK", ("penduduk", "suratKematian")),
        ("ALAMAT_KK", ("penduduk", "alamat", "kelurahan")),
        ("STATUS_KAWIN", ("penduduk", "statusKawin")),
        ("IZIN_ATAU_NIB", ("penduduk", "izin")),
        ("IPTM_LAMA", ("penduduk", "izin")),
        ("PBB", ("objekPajak",)),
        ("PENGANTAR", ("penduduk", "suratPengantar")),
    ],
)
async def test_silence_passes_nothing(code: str, lost: tuple[str, ...]) -> None:
    """Whichever record that decides is out of reach, the check could not be made."""
    form = {"jenisIptm": ["TUMPANG"], "nop": ["1"]}
    assert await make(code, {}, lost, form=form) == "? BATAS_WAKTU"


async def test_what_one_record_decides_needs_no_other() -> None:
    """A death that the registry records counts though the licensing agency is silent."""
    lost = ("penduduk", "izin")
    assert await make("STATUS_NIK", DEAD, lost) == "GAGAL TERCATAT_MENINGGAL"
    assert await make("ALAMAT_KK", {}, lost) == "LULUS"


async def test_heirs_are_found_alive_and_of_the_family() -> None:
    """One that is dead decides for all; none named is no heir found."""
    form = {"nikAhliWaris": [APPLICANT, OTHER], "nikPewaris": ["3171990101019002"]}
    assert await make("AHLI_WARIS_HIDUP", {}, form=form) == "LULUS"
    assert await make("AHLI_WARIS_HIDUP", DEAD, form=form) == "GAGAL TERCATAT_MENINGGAL"
    assert await make("AHLI_WARIS_HIDUP", {}) == "GAGAL NIK_TIDAK_DITEMUKAN"
    child = {"ibu": {"nik": "3171990101019002"}}
    assert await make("AHLI_WARIS_KELUARGA", child, form=form) == "LULUS"
    assert await make("AHLI_WARIS_KELUARGA", {}, form=form) == "GAGAL HUBUNGAN_TIDAK_TERCATAT"


async def test_an_unloaded_year_is_said() -> None:
    """A wedding in a year without calendar cannot be judged."""
    form = {"tanggalAkad": ["2028-01-01"]}
    assert await make("HARI_KERJA_AKAD", {}, form=form) == "? KALENDER_TIDAK_ADA"


async def test_a_source_that_answers_from_memory_is_marked() -> None:
    """A register whose newest file is unreadable may lack a death: the officer sees that."""
    stated = {
        "sources": [
            {"source": "dukcapil", "status": "ANSWERED"},
            {"source": "kelurahan/31.71.02.1003", "status": "STALE"},
        ]
    }
    answer = Answer(GraphClientResult({}, (), stated))
    assert answer.sources == ("dukcapil", "kelurahan/31.71.02.1003 STALE")
