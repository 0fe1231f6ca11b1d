"""The nine services over the fleet: for each an applicant, and what goes wrong on the way.

In: the truth. Out: one ``Scenario`` a service: whose records pass; a mistake in the form that is
repaired; somebody whose application the records refuse; and the agency that is down meanwhile. All
live in Kartini, which the demonstration's officers serve, and are found by what is true of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from demo.people.truth import Land, TruePerson, Truth
from tests.testkit.counter import KARTINI, PLAIN

__all__ = ["Found", "Outage", "Scenario", "find_scenarios"]

Form = Mapping[str, Sequence[str]]
Found = tuple[str, str, str | None]
"""What a check finds: its code, its result, its reason."""

_HERE = f"{PLAIN} AND kelurahan = '{KARTINI}'"
_SINGLE, _MARRIED, _DIVORCED = "stat_kwn = 1", "stat_kwn = 2", "stat_kwn IN (3, 4)"
_SOON, _LATER = "2026-07-10", "2026-07-31"  # fewer than ten working days from the first of July on


@dataclass(frozen=True, slots=True)
class Outage:
    """An agency that is down."""

    server: str
    check: str  # which cannot be made without it, and blocks
    method: str = ""  # of the server; empty: every one


@dataclass(frozen=True, slots=True)
class Scenario:
    """One service, from submission to its letter."""

    service: str
    applicant: TruePerson
    mistake: Form  # of the form, over ``form``
    found: Found  # what the checks say of it
    outage: Outage
    refused: TruePerson  # somebody else, who applies with ``refused_form``
    refusal: Found  # what the checks say of that
    signers: tuple[str, ...]
    form: Form = field(default_factory=dict)  # beside name, birth date and purpose
    refused_form: Form = field(default_factory=dict)
    papers: tuple[str, ...] = ()  # what the service needs on paper, beside the introduction
    proxy: TruePerson | None = None  # who applies for the applicant


def find_scenarios(truth: Truth) -> dict[str, Scenario]:
    """Find the people of all nine, by service."""
    found = (
        _insufficient_means(truth),
        _general(truth),
        _first_marriage(truth),
        _second_marriage(truth),
        _dispensation(truth),
        _heirs(truth),
        _land_history(truth),
        _business(truth),
        _grave(truth),
    )
    return {each.service: each for each in found}


def _insufficient_means(truth: Truth) -> Scenario:
    """Whose birth date was mistyped; and one who lives in another kelurahan."""
    return Scenario(
        "SKTM",
        _one(truth, _HERE, 1),
        mistake={"tanggalLahir": ["1901-01-01"]},
        found=("IDENTITAS", "GAGAL", "TIDAK_SESUAI:TANGGAL_LAHIR"),
        outage=Outage("dukcapil", "IDENTITAS", "CALL_VERIFY_BY_ELEMEN"),
        refused=_one(truth, f"{PLAIN} AND kelurahan = '31.71.02.1001'", 1),
        refusal=("ALAMAT_KK", "GAGAL", "ALAMAT_DI_LUAR_KELURAHAN"),
        signers=("lurah",),
        papers=("PERNYATAAN_TIDAK_MAMPU",),
    )


def _general(truth: Truth) -> Scenario:
    """Who sent a proxy, who mistook the name; and one whose number is frozen."""
    return Scenario(
        "PM1-UMUM",
        _one(truth, _HERE, 2),
        mistake={"nama": ["Xyz"]},
        found=("IDENTITAS", "GAGAL", "TIDAK_SESUAI:NAMA"),
        outage=Outage("dukcapil", "ALAMAT_KK"),
        refused=_one(truth, f"status = 'DIBEKUKAN' AND kelurahan = '{KARTINI}'", 2),
        refusal=("STATUS_NIK", "GAGAL", "STATUS_NIK:DIBEKUKAN"),
        signers=("lurah",),
        papers=("SURAT_KUASA", "KTP_KUASA"),
        proxy=_one(truth, PLAIN, 12),
    )


def _first_marriage(truth: Truth) -> Scenario:
    """Who named somebody married; and one who is married already."""
    other = _one(truth, f"{PLAIN} AND {_SINGLE}", 3).nik
    wedding = {"nikCalon": [other], "tanggalAkad": [_LATER]}
    return Scenario(
        "KAWIN-1",
        _one(truth, f"{_HERE} AND {_SINGLE}", 4),
        mistake={"nikCalon": [_one(truth, f"{PLAIN} AND {_MARRIED}", 3).nik]},
        found=("STATUS_KAWIN_CALON", "GAGAL", "STATUS_KAWIN:KAWIN"),
        outage=Outage("dukcapil", "STATUS_KAWIN"),
        refused=_one(truth, f"{_HERE} AND {_MARRIED}", 3),
        refusal=("STATUS_KAWIN", "GAGAL", "STATUS_KAWIN:KAWIN"),
        signers=("lurah",),
        form=wedding,
        refused_form=wedding,
        papers=("KTP_CALON", "SEHAT"),
    )


def _second_marriage(truth: Truth) -> Scenario:
    """Who named somebody dead; and one who was never married. Grave permits tell of deaths."""
    other = _one(truth, f"{PLAIN} AND {_DIVORCED}", 4).nik
    wedding = {"nikCalon": [other], "tanggalAkad": [_LATER]}
    return Scenario(
        "KAWIN-2",
        _one(truth, f"{_HERE} AND {_DIVORCED}", 5),
        mistake={"nikCalon": [_one(truth, "status = 'MENINGGAL'", 4).nik]},
        found=("STATUS_KAWIN_CALON", "GAGAL", "STATUS_NIK:MENINGGAL"),
        outage=Outage("dpmptsp", "STATUS_KAWIN_CALON"),
        refused=_one(truth, f"{_HERE} AND {_SINGLE}", 6),
        refusal=("STATUS_KAWIN_LAGI", "GAGAL", "STATUS_KAWIN:BELUM_KAWIN"),
        signers=("lurah",),
        form=wedding,
        refused_form=wedding,
        papers=("KTP_CALON", "SEHAT", "AKTA_CERAI_ATAU_KEMATIAN"),
    )


def _dispensation(truth: Truth) -> Scenario:
    """Who mistook the number of the N1 letter; and one whose wedding is far away."""
    weddings = [
        (holder, letter.nomor)
        for letter in truth.book(KARTINI, with_nik=True)
        if letter.jenis == "KAWIN-1"
        for holder in truth.sample(1, where=f"{_HERE} AND {_SINGLE} AND nik = {letter.nik}")
    ]
    (applicant, number), (refused, other) = weddings[-2:]
    candidate = _one(truth, f"{PLAIN} AND {_SINGLE}", 7).nik
    wedding = {"nikCalon": [candidate], "tanggalAkad": [_SOON]}
    return Scenario(
        "DISPENSASI-KAWIN",
        applicant,
        mistake={"nomorN1": ["1/N1/2020"]},
        found=("SURAT_N1", "PERLU_PETUGAS", None),
        outage=Outage("dukcapil", "SURAT_N1"),  # the registers are asked by the address it knows
        refused=refused,
        refusal=("PERLU_DISPENSASI", "GAGAL", "TIDAK_PERLU_DISPENSASI"),
        signers=("camat",),
        form={**wedding, "nomorN1": [number]},
        refused_form={**wedding, "nomorN1": [other], "tanggalAkad": [_LATER]},
        papers=("N1", "ALASAN_DISPENSASI"),
    )


def _heirs(truth: Truth) -> Scenario:
    """A child who named a dead heir; and one who claims to inherit from the living."""
    for deceased in truth.sample(500, where="status = 'MENINGGAL' AND stat_hbkel IN (1, 2, 3)"):
        children = [child.nik for child in truth.children(deceased.nik)]
        living = truth.sample(9, where=f"{PLAIN} AND nik IN ({', '.join(children) or 'NULL'})")
        here = [child for child in living if child.kelurahan == KARTINI]
        if here and len(living) > 1:
            break
    else:
        raise AssertionError("nobody in Kartini inherits")
    heirs = [child.nik for child in living]
    alive = _one(truth, _HERE, 8)
    return Scenario(
        "AHLI-WARIS",
        here[0],
        mistake={"nikAhliWaris": [*heirs, _one(truth, "status = 'MENINGGAL'", 9).nik]},
        found=("AHLI_WARIS_HIDUP", "GAGAL", "STATUS_NIK:MENINGGAL"),
        outage=Outage("dpmptsp", "AHLI_WARIS_HIDUP"),
        refused=here[0],
        refusal=("PEWARIS_MENINGGAL", "GAGAL", "TIDAK_TERCATAT_MENINGGAL"),
        signers=("lurah", "camat"),
        form={"nikPewaris": [deceased.nik], "nikAhliWaris": heirs},
        refused_form={"nikPewaris": [alive.nik], "nikAhliWaris": heirs},
        papers=("PERNYATAAN_AHLI_WARIS",),
    )


def _land_history(truth: Truth) -> Scenario:
    """Who mistook the parcel's number; and one whose old taxes are not paid."""
    parcels = truth.all_land(100_000)
    own = [(each, owner) for each in parcels if (owner := _owner(truth, each)) is not None]
    paid, payer = next(each for each in own if not _arrears(truth, each[0]))
    unpaid, debtor = next(each for each in own if _arrears(truth, each[0]))
    elsewhere = next(each for each in parcels if each.kelurahan != KARTINI)
    return Scenario(
        "RIWAYAT-TANAH",
        payer,
        mistake={"nop": [elsewhere.nop]},
        found=("PBB", "GAGAL", "TANAH_DI_LUAR_KELURAHAN"),
        outage=Outage("pbb", "PBB"),
        refused=debtor,
        refusal=("PBB", "GAGAL", "PBB_BELUM_LUNAS"),
        signers=("lurah",),
        form={"nop": [paid.nop], "nomorLetterC": ["C-12"]},
        refused_form={"nop": [unpaid.nop], "nomorLetterC": ["C-12"]},
        papers=("GIRIK",),
    )


def _business(truth: Truth) -> Scenario:
    """Whose birth date was mistyped; and one who applies by a dead person's active number."""
    owners = [each.nik for each in truth.all_businesses() if each.status == "AKTIF"]
    dead = (
        f"kelurahan = '{KARTINI}' AND status = 'AKTIF' AND mati_tercatat = 0"
        " AND nik IN (SELECT nik FROM recorded_death)"
    )
    return Scenario(
        "SKU-NIB",
        _one(truth, f"{_HERE} AND nik IN ({', '.join(owners)})", 1),
        mistake={"tanggalLahir": ["1901-01-01"]},
        found=("IDENTITAS", "GAGAL", "TIDAK_SESUAI:TANGGAL_LAHIR"),
        outage=Outage("dpmptsp", "STATUS_NIK"),
        refused=_one(truth, dead, 1),
        refusal=("STATUS_NIK", "GAGAL", "TERCATAT_MENINGGAL"),
        signers=("ptsp",),
        form={"namaUsaha": ["Warung"]},
        refused_form={"namaUsaha": ["Warung"]},
        papers=("FOTO_USAHA",),
    )


def _grave(truth: Truth) -> Scenario:
    """Who mistook the old permit's number; and one who wants a grave for the living."""
    deceased, permit = next(
        (each, licence.decree_number)
        for each in truth.sample(500, where="status = 'MENINGGAL'")
        for licence in truth.licences(each.nik)
        if licence.kind == "IPTM"
    )
    old = {"nikAlmarhum": [deceased.nik], "jenisIptm": ["PERPANJANGAN"], "nomorSkLama": [permit]}
    alive = _one(truth, _HERE, 10)
    return Scenario(
        "IPTM",
        _one(truth, _HERE, 9),
        mistake={"nomorSkLama": ["1/SK"]},
        found=("IPTM_LAMA", "GAGAL", "IPTM_LAMA_TIDAK_DITEMUKAN"),
        outage=Outage("dpmptsp", "IPTM_LAMA"),
        refused=_one(truth, _HERE, 11),
        refusal=("KEMATIAN", "GAGAL", "TIDAK_TERCATAT_MENINGGAL"),
        signers=("ptsp",),
        form=old,
        refused_form={"nikAlmarhum": [alive.nik], "jenisIptm": ["BARU"]},
    )


def _one(truth: Truth, where: str, seed: int) -> TruePerson:
    """Draw somebody of whom that is true."""
    (person,) = truth.sample(1, seed, where=where)
    return person


def _owner(truth: Truth, parcel: Land) -> TruePerson | None:
    """Find who is taxed for a parcel of Kartini and lives there, if it is somebody plain."""
    if parcel.kelurahan != KARTINI or not parcel.nik:
        return None
    found = truth.sample(1, where=f"{_HERE} AND nik = {int(parcel.nik)}")
    return found[0] if found else None


def _arrears(truth: Truth, parcel: Land) -> bool:
    return any(year < 2026 and paid is None for year, _, _, paid in truth.taxes(parcel.nop))
