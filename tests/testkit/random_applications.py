"""Random applications, written into a counter's store as the counter would have left them.

In: hypothesis. Out: ``Filed``: one application's facts, and ``file_all``, which writes them. Two
kelurahan, three services, few people and few days, so that whatever is counted comes several times;
and evenings after 17 hours UTC, which belong to the next day in Jakarta.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert

from adapters.loket.sla import day_of
from adapters.loket.store.history import Entry, add_entry, moment
from adapters.loket.store.tables import applications, checks, history, letters, papers
from adapters.loket.store.writing import insert_rows

__all__ = ["DECREES", "Filed", "file_all", "filed_applications"]

DECREES = """
keputusan:
  - kelurahan: 31.71.02.1003
    layanan: PM1-UMUM
    berlaku_sejak: 2026-03-03
    nomor: 1/2026
    sla_hari_kerja: 2
    persyaratan_tambahan:
      - {kode: FOTO, nama: Foto}
  - kelurahan: 31.71.02.1003
    layanan: PM1-UMUM
    berlaku_sejak: 2026-03-20
    nomor: 2/2026
    persyaratan_tambahan:
      - {kode: DENAH, nama: Denah, terbukti_oleh: PENGANTAR}
"""

_AREAS = ("31.71.02.1001", "31.71.02.1003")
_SERVICES = ("PM1-UMUM", "AHLI-WARIS", "IPTM")
_PEOPLE = tuple(f"317199010101{serial}" for serial in (9000, 9001, 9002))
_KINDS = ("KTP", "KK", "PENGANTAR", "SURAT_KUASA", "FOTO", "IPTM_LAMA")
_CHECKS = ("IDENTITAS", "ALAMAT_KK", "PENGANTAR", "IPTM_LAMA")
_START = datetime(2026, 2, 26, 1, 0, tzinfo=UTC)
_ENDS = ("TERBIT", "DIAMBIL", "DICABUT", "DITOLAK", "DITOLAK", "DIBATALKAN", None)


@dataclass(frozen=True, slots=True)
class Filed:
    """One application; hours are counted from the event before."""

    kelurahan: str
    service: str
    applicant: str
    proxy: str | None
    rt: str | None
    submitted: int  # hours after the start
    complete: int | None
    repairs: Sequence[tuple[int, int]]  # asked, delivered; none without a complete file
    ended: int
    end: str | None  # state; None: it goes on
    promised: int
    papers: frozenset[str]
    passed: frozenset[str]  # checks of the last round
    permit: str | None  # kind of a grave permit, in the form


_HOURS = st.integers(1, 200)


def filed_applications() -> st.SearchStrategy[list[Filed]]:
    """Give lists of applications."""
    one = st.builds(
        Filed,
        kelurahan=st.sampled_from(_AREAS),
        service=st.sampled_from(_SERVICES),
        applicant=st.sampled_from(_PEOPLE),
        proxy=st.none() | st.sampled_from(_PEOPLE[:2]),
        rt=st.none() | st.sampled_from(("001", "002")),
        submitted=st.integers(0, 900),
        complete=st.none() | _HOURS,
        repairs=st.lists(st.tuples(_HOURS, _HOURS), max_size=2),
        ended=_HOURS,
        end=st.sampled_from(_ENDS),
        promised=st.integers(1, 3),
        papers=st.frozensets(st.sampled_from(_KINDS)),
        passed=st.frozensets(st.sampled_from(_CHECKS)),
        permit=st.sampled_from((None, "BARU", "PERPANJANGAN")),
    )
    return st.lists(one, max_size=10)


def file_all(tx: Connection, key: bytes, filed: Sequence[Filed]) -> list[str]:
    """Write these applications instead of those that are there; gives their numbers."""
    for table in (letters, checks, papers, applications, history):
        tx.execute(delete(table))
    return [_file(tx, key, place, each) for place, each in enumerate(filed, start=1)]


def _file(tx: Connection, key: bytes, place: int, filed: Filed) -> str:
    number = f"{filed.kelurahan}/{filed.service}/2026/{place}"
    at = submitted = _START + timedelta(hours=filed.submitted)
    complete, marks = None, []
    if filed.complete is not None:
        complete = at = at + timedelta(hours=filed.complete)
        for asked, delivered in filed.repairs:
            marks.append(("MINTA_PERBAIKAN", at := at + timedelta(hours=asked)))
            marks.append(("AJUKAN_ULANG", at := at + timedelta(hours=delivered)))
    ended = at + timedelta(hours=filed.ended) if filed.end else None
    form = {"keperluan": ['"jenisIptm":["X"']} | (
        {"jenisIptm": [filed.permit]} if filed.permit else {}
    )
    row: dict[str, Any] = {
        "nomor": number, "kelurahan": filed.kelurahan, "layanan": filed.service, "tahun": 2026,
        "urut": place, "status": filed.end or "DRAF", "versi": 1, "pemohon_nik": filed.applicant,
        "kuasa_nik": filed.proxy, "rt": filed.rt, "rw": "005", "pengaju": "warga",
        "isian": msgspec.json.encode(form).decode(), "janji_hari": filed.promised,
        "diajukan_pada": moment(submitted), "lengkap_pada": moment(complete) if complete else None,
        "berakhir_pada": moment(ended) if ended else None, "putaran": 2,
    }  # fmt: skip
    tx.execute(insert(applications).values(row))
    _write_papers(tx, number, filed, moment(submitted))
    for step, when in marks:
        entry = Entry(number, step, "DRAF", "DRAF", 1, "petugas", "PETUGAS", None, moment(when))
        add_entry(tx, key, entry)
    if filed.end in ("TERBIT", "DIAMBIL", "DICABUT") and ended is not None:
        tx.execute(
            insert(letters).values(
                kelurahan=filed.kelurahan, nomor=f"{place}/LKT", tahun=2026, urut=place,
                jenis=filed.service, permohonan=number, tanggal=day_of(ended).isoformat(),
                penandatangan="0" * 18, kode_verifikasi=f"{place:032x}",
                status="DICABUT" if filed.end == "DICABUT" else "TERBIT",
            )
        )  # fmt: skip
    return number


def _write_papers(tx: Connection, number: str, filed: Filed, at: str) -> None:
    kept = [
        {"permohonan": number, "urut": place, "jenis": kind, "lokasi": "x", "sha256": "a" * 64,
         "media": "application/pdf", "ukuran": 1, "pada": at, "oleh": "warga"}
        for place, kind in enumerate(sorted(filed.papers), start=1)
    ]  # fmt: skip
    insert_rows(tx, papers, kept)
    # In the first round all passed: only the last counts.
    made = [
        {"permohonan": number, "putaran": turn, "kode": code, "menghalangi": True, "sumber": "",
         "hasil": "LULUS" if turn == 1 or code in filed.passed else "GAGAL", "pada": at,
         "sidik": "x"}
        for turn in (1, 2)
        for code in _CHECKS
    ]  # fmt: skip
    insert_rows(tx, checks, made)
