"""From the store's rows and the services' data to the graph's records. Pure.

In: a ``Dossier``, its service, the calendar, who asks, and the day. Out: mappings by the names of
the SDL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from adapters.kit.outcome import NOT_GRANTED, Refused
from adapters.loket.form import Requirement, requirements_of
from adapters.loket.life import Step
from adapters.loket.refusal import CALENDAR_MISSING, Refusal
from adapters.loket.service_file import FormFieldEntry, RequirementEntry
from adapters.loket.services import Service
from adapters.loket.settings import OfficerSettings
from adapters.loket.sla import Pause, Run, day_of, read_clock
from adapters.loket.store.history import Entry, read_moment
from adapters.loket.store.reading import Dossier
from adapters.loket.work import is_passed
from adapters.loket.working_days import CalendarMissing, WorkingDays

__all__ = [
    "application_record",
    "clock_record",
    "letter_record",
    "local_service_record",
    "officer_record",
    "refusal_record",
    "requirement_record",
    "service_record",
    "verification_record",
    "without_file",
]


def application_record(dossier: Dossier, service: Service, legal: Iterable[Step]) -> dict[str, Any]:
    """Tell an application, but for its clock."""
    row = dossier.row
    form: dict[str, list[str]] = msgspec.json.decode(row.isian, type=dict[str, list[str]])
    return {
        "nomor": row.nomor,
        "kelurahan": {"kode": row.kelurahan},
        "layanan": {"kode": row.layanan},
        "status": row.status,
        "versi": row.versi,
        "pemohon": {"nik": row.pemohon_nik},
        "kuasa": {"nik": row.kuasa_nik} if row.kuasa_nik else None,
        "rt": row.rt,
        "rw": row.rw,
        "diajukanPada": read_moment(row.diajukan_pada),
        "lengkapPada": read_moment(row.lengkap_pada) if row.lengkap_pada else None,
        "berakhirPada": read_moment(row.berakhir_pada) if row.berakhir_pada else None,
        "isian": [{"nama": name, "nilai": values} for name, values in form.items()],
        "berkas": [_paper(each) for each in dossier.papers],
        "persyaratan": _requirements(dossier, service, form),
        "pemeriksaan": [_check(each) for each in sorted(dossier.checks, key=_place(service))],
        "draf": row.draf,
        "sidikDraf": row.draf_sidik,
        "tandaTangan": [_signature(each) for each in dossier.signatures],
        "menungguTandaTangan": sorted(_next_signers(dossier, service)),
        "penugasan": _task(dossier),
        "surat": None,  # whoever knows the signers tells it
        "riwayat": [_entry(entry, seal) for entry, seal in dossier.history],
        "langkahSah": [str(step) for step in legal],
    }


def without_file(record: Mapping[str, Any]) -> dict[str, Any]:
    """Leave what the head of an RT vouches by: who applies, for what, and how it stands.

    Papers, what the records told, the letter's text and why it was sent back are between the
    applicant and the office.
    """
    kept = dict.fromkeys(("berkas", "pemeriksaan", "draf", "sidikDraf"), NOT_GRANTED)
    purpose = [each for each in record["isian"] if each["nama"] == "keperluan"]
    history = [{**entry, "alasan": NOT_GRANTED} for entry in record["riwayat"]]
    return {**record, **kept, "isian": purpose, "riwayat": history}


def clock_record(dossier: Dossier, calendar: WorkingDays, today: date) -> Any:
    """Tell an application's clock; an error of its own where a year has no calendar."""
    row = dossier.row
    promised = row.janji_hari
    run = Run(
        day_of(read_moment(row.lengkap_pada)) if row.lengkap_pada else None,
        _pauses(entry for entry, _ in dossier.history),
        day_of(read_moment(row.berakhir_pada)) if row.berakhir_pada else None,
    )
    try:
        clock = read_clock(run, promised, today, calendar)
    except CalendarMissing as missing:
        return Refused(str(missing), CALENDAR_MISSING)
    return {
        "janji": promised,
        "terpakai": clock.used,
        "jatuhTempo": clock.due,
        "lampu": str(clock.light),
    }


def service_record(service: Service) -> dict[str, Any]:
    """Tell a service as the province's template has it, or as a kelurahan decreed it."""
    return {
        "kode": service.code,
        "nama": service.name,
        "slaHariKerja": service.days,
        "biaya": service.fee,
        "instansi": [*service.agencies],
        "penandatangan": [
            {"urutan": place, "peran": sorted(roles)}
            for place, roles in enumerate(service.signatures, start=1)
        ],
        "standar": [
            {"nomor": place, "bagian": title, "isi": words}
            for place, (title, words) in enumerate(service.standard, start=1)
        ],
        "persyaratan": [_required(each) for each in service.requirements],
        "formulir": [_form_field(each) for each in service.form],
        "pemeriksaan": [
            {"kode": code, "menghalangi": blocks} for code, blocks in service.checks.items()
        ],
        "dasarHukum": service.parts["dasar_hukum"],
        "berlakuSejak": service.valid_from,
    }


def local_service_record(service: Service) -> dict[str, Any]:
    """Tell a service as it holds in one kelurahan."""
    return {**service_record(service), "jenis": {"kode": service.code}}


def officer_record(officer: OfficerSettings) -> dict[str, Any]:
    """Tell an officer."""
    return {
        "nip": officer.nip,
        "nama": officer.nama,
        "jabatan": officer.jabatan,
        "peran": [str(role) for role in officer.roles],
        "wilayah": officer.wilayah,
    }


def letter_record(row: Any) -> dict[str, Any]:
    """Tell a letter that was issued here."""
    return {
        "kelurahan": {"kode": row.kelurahan},
        "nomor": row.nomor,
        "tahun": row.tahun,
        "jenis": row.jenis,
        "tanggal": date.fromisoformat(row.tanggal),
        "penandatangan": row.penandatangan,
        "status": row.status,
        "permohonan": {"nomor": row.permohonan},
    }


def verification_record(row: Any, signer: str | None, is_same: bool | None) -> dict[str, Any]:
    """Tell the public of a letter; None: there is none, and nothing is told."""
    if row is None:
        names = ("jenis", "nomor", "tanggal", "penandatangan", "status", "dokumenSesuai")
        return {"asli": False, **dict.fromkeys(names)}
    return {
        "asli": True,
        "jenis": row.jenis,
        "nomor": row.nomor,
        "tanggal": date.fromisoformat(row.tanggal),
        "penandatangan": signer,
        "status": row.status,
        "dokumenSesuai": is_same,
    }


def requirement_record(requirement: Requirement) -> dict[str, Any]:
    """Tell a requirement, and what meets it."""
    return {
        **_required(requirement.entry),
        "terpenuhi": requirement.is_met,
        "terbukti": requirement.is_proven,
        "berkas": requirement.paper,
    }


def refusal_record(refusal: Refusal) -> dict[str, Any]:
    """Tell why a step was not taken."""
    return {
        "kode": str(refusal.code),
        "pesan": str(refusal),
        "rincian": [*refusal.details],
        "langkahSah": [str(step) for step in refusal.legal],
    }


def _pauses(entries: Iterable[Entry]) -> list[Pause]:
    """Read the repairs from the history."""
    pauses: list[Pause] = []
    for entry in entries:
        if entry.step == Step.MINTA_PERBAIKAN:
            pauses.append(Pause(day_of(read_moment(entry.at)), None))
        elif entry.step == Step.AJUKAN_ULANG and pauses:
            pauses[-1] = Pause(pauses[-1].asked, day_of(read_moment(entry.at)))
    return pauses


def _requirements(
    dossier: Dossier, service: Service, form: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    found = requirements_of(
        service,
        form,
        {paper.jenis: paper.urut for paper in dossier.papers},
        {check.kode for check in dossier.checks if check.hasil == "LULUS"},
        has_proxy=dossier.row.kuasa_nik is not None,
    )
    return [requirement_record(each) for each in found]


def _required(entry: RequirementEntry) -> dict[str, Any]:
    return {"kode": entry.kode, "nama": entry.nama, "terbuktiOleh": entry.terbukti_oleh}


def _form_field(entry: FormFieldEntry) -> dict[str, Any]:
    return {
        "nama": entry.nama,
        "label": entry.label,
        "jenis": str(entry.jenis),
        "wajib": entry.wajib,
        "banyak": entry.banyak,
        "pilihan": [*entry.pilihan],
    }


def _place(service: Service) -> Any:
    order = {code: place for place, code in enumerate(service.checks)}
    return lambda check: order.get(check.kode, len(order))


def _paper(row: Any) -> dict[str, Any]:
    return {
        "urut": row.urut,
        "jenis": row.jenis,
        "lokasi": row.lokasi,
        "sha256": row.sha256,
        "media": row.media,
        "ukuran": row.ukuran,
        "pada": read_moment(row.pada),
    }


def _check(row: Any) -> dict[str, Any]:
    return {
        "kode": row.kode,
        "hasil": row.hasil,
        "alasan": row.alasan,
        "menghalangi": row.menghalangi,
        "lulus": is_passed(row),
        "sumber": row.sumber.split(",") if row.sumber else [],
        "pada": read_moment(row.pada),
        "sidik": row.sidik,
        "berkas": row.berkas,
        "dikonfirmasiOleh": {"nip": row.dikonfirmasi_oleh} if row.dikonfirmasi_oleh else None,
        "dikonfirmasiPada": read_moment(row.dikonfirmasi_pada) if row.dikonfirmasi_pada else None,
    }


def _signature(row: Any) -> dict[str, Any]:
    return {
        "urutan": row.urutan,
        "peran": row.peran,
        "petugas": {"nip": row.nip},
        "pada": read_moment(row.pada),
    }


def _next_signers(dossier: Dossier, service: Service) -> Iterable[str]:
    place = len(dossier.signatures)
    if dossier.row.status != "MENUNGGU_TTD" or place >= len(service.signatures):
        return ()
    return map(str, service.signatures[place])


def _task(dossier: Dossier) -> dict[str, Any] | None:
    nip = dossier.row.petugas_nip
    if nip is None:
        return None
    taken = [entry for entry, _ in dossier.history if entry.step == Step.AMBIL_TUGAS]
    if not taken:  # the history was not read
        return None
    return {"petugas": {"nip": nip}, "sejak": read_moment(taken[0].at)}


def _entry(entry: Entry, seal: str) -> dict[str, Any]:
    return {
        "langkah": entry.step,
        "dari": entry.before,
        "ke": entry.after,
        "versi": entry.version,
        "pada": read_moment(entry.at),
        "peran": entry.role,
        "petugas": {"nip": entry.officer} if entry.officer else None,
        "alasan": entry.reason,
        "segel": seal,
    }
