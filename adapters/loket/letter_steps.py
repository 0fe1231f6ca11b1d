"""The steps that make a letter: prepared, signed, issued, revoked, or given up with its number.

In: a ``Work`` whose state, role and version are checked already. Out: a ``Change``; or ``Refusal``,
and nothing of the step stays.

The first signature has two transactions. ``prepare_letter`` gives the letter its number and code;
the file is made and signed while nothing is held; ``sign_letter`` keeps it. What happens in
between costs no number within the year: whoever signs next goes on with the same letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert

from adapters.loket.letters.code import draw_code
from adapters.loket.life import Role
from adapters.loket.refusal import Refusal, RefusalCode
from adapters.loket.services import Service
from adapters.loket.store.history import moment
from adapters.loket.store.letters import (
    LetterStatus,
    change_letter,
    drop_document,
    insert_letter,
    keep_document,
    letter_of,
    read_document,
    read_document_hashes,
)
from adapters.loket.store.outgoing import put_out, put_revocation
from adapters.loket.store.tables import signatures
from adapters.loket.store.writing import Series, draw_number
from adapters.loket.work import Change, Work, is_passed

__all__ = [
    "Prepared",
    "demand_checks",
    "end_without_letter",
    "issue_letter",
    "prepare_letter",
    "read_prepared",
    "revoke_letter",
    "send_back",
    "sign_letter",
]


_SIGN = insert(signatures)

# The outbox goes by the real time, which in a demonstration is not that of the steps.
_AT_ONCE = moment(datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter whose next signature may be made."""

    row: Row[Any]  # the application
    service: Service
    letter: Row[Any]
    signatures: Sequence[Row[Any]]  # made so far, in order
    role: Role  # as whom the next one signs
    document: bytes | None  # with the signatures so far; None: it is not made yet


def prepare_letter(work: Work) -> Change | None:
    """Give the letter its number and code, or its new date; None if it has all that.

    A number is of the year in which the first signature is made: one of last year, with which
    nothing was signed or what was signed was sent back, is given up.
    """
    role, held = _demand_turn(work)
    if held:
        return None
    row, year, evidence = work.row, work.today.year, dict[str, Any]()
    letter = letter_of(work.tx, row.nomor)
    if letter is not None and letter.tahun != year:
        _end_number(work)
        evidence, letter = {"batal": letter.nomor}, None
    if letter is not None and letter.draf_sidik == row.draf_sidik:
        return None
    fresh = {
        "tanggal": work.today.isoformat(),
        "penandatangan": work.officer_nip,
        "draf_sidik": row.draf_sidik,
    }
    if letter is not None:  # it is signed again after repair, under its old number
        change_letter(work.tx, row.nomor, LetterStatus.DISIAPKAN, **fresh)
        return Change(evidence={"surat": letter.nomor, "draf": row.draf_sidik}, role=role)
    place = draw_number(work.tx, Series.LETTER, row.kelurahan, row.layanan, year)
    number = f"{place}/LKT/{row.layanan}/{year}"  # LKT: never a number of a register
    insert_letter(
        work.tx,
        kelurahan=row.kelurahan,
        nomor=number,
        tahun=year,
        urut=place,
        jenis=row.layanan,
        permohonan=row.nomor,
        kode_verifikasi=draw_code(),
        **fresh,
    )
    return Change(evidence={**evidence, "surat": number, "draf": row.draf_sidik}, role=role)


def read_prepared(work: Work) -> Prepared:
    """Give what the next signature needs, after ``prepare_letter``."""
    role, held = _demand_turn(work)
    letter = letter_of(work.tx, work.row.nomor)
    assert letter is not None, "it is prepared"
    document = _document_under(work, held)
    return Prepared(work.row, work.service, letter, held, role, document)


def sign_letter(work: Work) -> Change:
    """Keep the file that was signed, if it goes on from the one that is kept."""
    role, held = _demand_turn(work)
    hashes = read_document_hashes(work.tx, [work.row.nomor])
    letter = letter_of(work.tx, work.row.nomor)
    is_same = letter is not None and letter.nomor == work.found["surat"]
    if not is_same or (held and hashes.get(work.row.nomor) != work.found["dari"]):
        raise Refusal(RefusalCode.DRAF_BERUBAH, "The letter was changed while it was signed.")
    officer = work.actor.officer
    assert officer is not None, "only an officer signs"
    document, seal = work.found["dokumen"], work.found["sha256"]
    keep_document(
        work.tx,
        work.row.nomor,
        draf_sidik=work.row.draf_sidik,
        sha256=seal,
        isi=document,
        pada=work.at,
    )
    work.tx.execute(
        _SIGN,
        {
            "permohonan": work.row.nomor,
            "draf_sidik": work.row.draf_sidik,
            "urutan": len(held) + 1,
            "peran": role,
            "nip": officer.nip,
            "nama": officer.nama,
            "pada": work.at,
            "sha256": seal,
        },
    )
    evidence = {"draf": work.row.draf_sidik, "urutan": len(held) + 1, "sha256": seal}
    return Change(evidence=evidence, role=role)


def issue_letter(work: Work) -> Change:
    """Issue the letter that was verified, if every signature is there."""
    found = demand_checks(work)
    held, row = work.signatures(), work.row
    if len(held) < len(work.service.signatures):
        raise Refusal(
            RefusalCode.TANDA_TANGAN_KURANG,
            "Signatures are missing.",
            details=sorted(work.service.signatures[len(held)]),
        )
    seal = read_document_hashes(work.tx, [row.nomor]).get(row.nomor)
    if seal is None or seal != work.found["sha256"] or seal != held[-1].sha256:
        raise Refusal(RefusalCode.TANDA_TANGAN_DITOLAK, "The signatures of the file do not hold.")
    letter = letter_of(work.tx, row.nomor)
    assert letter is not None, "a signed letter was prepared"
    change_letter(
        work.tx,
        row.nomor,
        LetterStatus.DISIAPKAN,
        status=LetterStatus.TERBIT,
        penandatangan=held[-1].nip,
        nama_penandatangan=held[-1].nama,
    )
    put_out(work.tx, row.nomor, row.kelurahan, _AT_ONCE)
    evidence = {**found, "surat": letter.nomor, "sha256": seal}
    return Change({"berakhir_pada": work.at}, evidence)


def revoke_letter(work: Work) -> Change:
    """Revoke a letter: whoever verifies it from now on is told so."""
    letter = letter_of(work.tx, work.row.nomor)
    assert letter is not None, "it was issued"
    change_letter(work.tx, work.row.nomor, LetterStatus.TERBIT, status=LetterStatus.DICABUT)
    put_revocation(work.tx, work.row.nomor, work.today.isoformat(), _AT_ONCE)
    return Change(evidence={"surat": letter.nomor})


def send_back(work: Work) -> Change:
    """Forget the file that will not be issued; the letter keeps its number."""
    drop_document(work.tx, work.row.nomor)
    return Change()


def end_without_letter(work: Work) -> Change:
    """End the application; a number that it has is used up, and stays as cancelled."""
    drop_document(work.tx, work.row.nomor)
    _end_number(work)
    return Change({"berakhir_pada": work.at})


def demand_checks(work: Work) -> dict[str, Any]:
    """Refuse while a blocking check of the last round is not passed; give what was found."""
    held = {check.kode: check for check in work.checks()}
    blocking = [
        code
        for code, blocks in work.service.checks.items()
        if blocks and (code not in held or not is_passed(held[code]))
    ]
    if blocking:
        raise Refusal(
            RefusalCode.PEMERIKSAAN_MENGHALANGI, "These checks are not passed.", details=blocking
        )
    return {"putaran": work.row.putaran, "hasil": {c.kode: c.hasil for c in held.values()}}


def _end_number(work: Work) -> None:
    change_letter(work.tx, work.row.nomor, LetterStatus.DISIAPKAN, status=LetterStatus.BATAL)


def _demand_turn(work: Work) -> tuple[Role, list[Row[Any]]]:
    """Refuse who signs another draft, or out of turn; give as whom to sign, and who did."""
    if work.given["sidikDraf"] != work.row.draf_sidik:
        raise Refusal(RefusalCode.DRAF_BERUBAH, "The draft is not the one that was read.")
    held = work.signatures()
    order = work.service.signatures
    turn = [role for role in work.roles if len(held) < len(order) and role in order[len(held)]]
    if not turn:
        raise Refusal(
            RefusalCode.BUKAN_GILIRAN,
            "Another signature comes first, or all are there.",
            details=sorted(order[len(held)]) if len(held) < len(order) else (),
        )
    return turn[0], held


def _document_under(work: Work, held: Sequence[Row[Any]]) -> bytes | None:
    """Give the file that bears the signatures so far."""
    if not held:
        return None
    kept = read_document(work.tx, work.row.nomor)
    if kept is None or kept.sha256 != held[-1].sha256:
        raise Refusal(
            RefusalCode.TANDA_TANGAN_KURANG, "The file of the first signature is missing."
        )
    return bytes(kept.isi)
