"""What each step demands beyond state and role, and what it writes: one function a step.

In: a ``Work`` whose state, role and version are checked already. Out: a ``Change``; or ``Refusal``,
and nothing of the step stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import select, update

from adapters.loket.form import find_faults, missing_papers
from adapters.loket.letter_steps import (
    demand_checks,
    end_without_letter,
    issue_letter,
    revoke_letter,
    send_back,
    sign_letter,
)
from adapters.loket.life import Step
from adapters.loket.refusal import Refusal, RefusalCode
from adapters.loket.store.tables import checks, papers
from adapters.loket.store.writing import add_paper, insert_rows
from adapters.loket.work import Change, Work

__all__ = ["ACTS", "Act", "draft_hash"]

Act = Callable[[Work], Change]

_LONGEST_DRAFT = 20_000  # characters: a letter of ten pages


def draft_hash(number: str, version: int, text: str) -> str:
    """Name a draft, so that a signer signs what was seen and nothing else.

    The version is in it: a draft that is drawn up again after repair is signed again.
    """
    return hashlib.sha256(f"{number}\0{version}\0{text}".encode()).hexdigest()


def _nothing_more(work: Work) -> Change:
    return Change()


def _add_paper(work: Work) -> Change:
    paper = work.given["berkas"]
    values = {**paper, "pada": work.at, "oleh": work.actor.caller}
    place = add_paper(work.tx, work.row.nomor, values)
    return Change(evidence={"berkas": place, "jenis": paper["jenis"], "sha256": paper["sha256"]})


def _introduce(work: Work) -> Change:
    """A head of RT or RW vouches: the introduction is a paper whose place is its number."""
    number = work.given["nomorPengantar"]
    paper = {
        "jenis": "PENGANTAR",
        "lokasi": f"pengantar:{number}",
        "sha256": hashlib.sha256(number.encode()).hexdigest(),
        "media": "text/plain",
        "ukuran": len(number.encode()),
        "pada": work.at,
        "oleh": work.actor.caller,
    }
    place = add_paper(work.tx, work.row.nomor, paper)
    return Change(evidence={"berkas": place, "jenis": "PENGANTAR", "sha256": paper["sha256"]})


def _take_task(work: Work) -> Change:
    held = work.row.petugas_nip
    if held is not None and held != work.officer_nip:
        raise Refusal(
            RefusalCode.TUGAS_TERAMBIL, "Another officer works on this application already."
        )
    return Change({"petugas_nip": work.officer_nip})


def _complete(work: Work) -> Change:
    _demand_papers(work)
    return Change({"lengkap_pada": work.at})


def _record_checks(work: Work) -> Change:
    """Write a new round; what an officer confirmed on the same facts stays confirmed."""
    found: list[dict[str, Any]] = work.found["hasil"]
    confirmed = {
        (check.kode, check.sidik): check
        for check in work.checks()
        if check.dikonfirmasi_oleh is not None
    }
    turn = work.row.putaran + 1
    rows = []
    for each in found:
        before = confirmed.get((each["kode"], each["sidik"]))
        kept = before if each["hasil"] == "PERLU_PETUGAS" else None
        rows.append(
            {
                **each,
                "permohonan": work.row.nomor,
                "putaran": turn,
                "pada": work.at,
                "berkas": kept.berkas if kept else None,
                "dikonfirmasi_oleh": kept.dikonfirmasi_oleh if kept else None,
                "dikonfirmasi_pada": kept.dikonfirmasi_pada if kept else None,
            }
        )
    insert_rows(work.tx, checks, rows)
    results = {each["kode"]: each["hasil"] for each in found}
    return Change({"putaran": turn}, {"putaran": turn, "hasil": results})


def _confirm(work: Work) -> Change:
    """An officer confirms by a paper what no record can tell."""
    code, place = work.given["pemeriksaan"], work.given["berkas"]
    held = {check.kode: check for check in work.checks()}
    if code not in held or held[code].hasil != "PERLU_PETUGAS":
        raise Refusal(
            RefusalCode.PEMERIKSAAN_MENGHALANGI,
            "Only a check that needs an officer is confirmed by paper.",
            details=[code],
        )
    own = (papers.c.permohonan == work.row.nomor) & (papers.c.urut == place)
    paper = work.tx.execute(select(papers.c.sha256).where(own)).one_or_none()
    if paper is None:
        raise Refusal(RefusalCode.BERKAS_KURANG, "The application has no such paper.")
    work.tx.execute(
        update(checks)
        .where(
            (checks.c.permohonan == work.row.nomor)
            & (checks.c.putaran == work.row.putaran)
            & (checks.c.kode == code)
        )
        .values(berkas=place, dikonfirmasi_oleh=work.officer_nip, dikonfirmasi_pada=work.at)
    )
    return Change(evidence={"pemeriksaan": code, "berkas": place, "sha256": paper.sha256})


def _verify(work: Work) -> Change:
    _demand_papers(work)
    return Change(evidence=demand_checks(work))


def _resubmit(work: Work) -> Change:
    """The repaired file; what was checked before is checked again."""
    form = work.given["isian"] or work.form
    faults = find_faults(work.service, form)
    if faults:
        raise Refusal(
            RefusalCode.ISIAN_TIDAK_SAH, "These fields are not filled in.", details=faults
        )
    _demand_papers(work)
    values = {"isian": msgspec.json.encode(form).decode(), "putaran": work.row.putaran + 1}
    return Change(values, {"putaran": work.row.putaran + 1})


def _draft(work: Work) -> Change:
    text = work.given["teks"]
    if not text.strip() or len(text) > _LONGEST_DRAFT:
        raise Refusal(
            RefusalCode.ISIAN_TIDAK_SAH,
            f"A draft has between 1 and {_LONGEST_DRAFT} characters.",
            details=["teks"],
        )
    seal = draft_hash(work.row.nomor, work.row.versi, text)
    return Change({"draf": text, "draf_sidik": seal}, {"draf": seal})


def _demand_papers(work: Work) -> None:
    missing = missing_papers(work.requirements(work.given.get("isian") or None))
    if missing:
        raise Refusal(RefusalCode.BERKAS_KURANG, "These papers are missing.", details=missing)


ACTS: Mapping[Step, Act] = MappingProxyType(
    {
        Step.TAMBAH_BERKAS: _add_paper,
        Step.CATAT_PENGANTAR: _introduce,
        Step.AMBIL_TUGAS: _take_task,
        Step.LENGKAPKAN: _complete,
        Step.PERIKSA: _record_checks,
        Step.KONFIRMASI: _confirm,
        Step.VERIFIKASI: _verify,
        Step.MINTA_PERBAIKAN: send_back,
        Step.AJUKAN_ULANG: _resubmit,
        Step.SUSUN_DRAF: _draft,
        Step.TANDA_TANGANI: sign_letter,
        Step.TERBITKAN: issue_letter,
        Step.SERAHKAN: _nothing_more,
        Step.TOLAK: end_without_letter,
        Step.BATALKAN: end_without_letter,
        Step.CABUT: revoke_letter,
    }
)
"""Step -> what it does; AJUKAN has no application yet and stands in ``desk``, SIAPKAN_SURAT is
part of a signature. What concerns the letter stands in ``letter_steps``."""
