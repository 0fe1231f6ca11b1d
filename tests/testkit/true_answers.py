"""What the operations about a person must answer, told from the ground truth alone.

In: a person of the truth. Out: values as the graph spells them. Nothing here ever passed through
the gateway; the codes are those of the civil registry's masters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from demo.people.truth import Letter, Licence, TruePerson, Truth
from tests.testkit.joined_graph import TODAY

__all__ = [
    "AGAMA",
    "SPELLED_SEX",
    "STATUS_KAWIN",
    "is_active",
    "sample_people",
    "true_introductions",
    "true_member",
    "true_members",
    "true_spouse",
]

AGAMA = ("", "ISLAM", "KRISTEN", "KATOLIK", "HINDU", "BUDDHA", "KHONGHUCU", "KEPERCAYAAN")
STATUS_KAWIN = ("", "BELUM_KAWIN", "KAWIN", "CERAI_HIDUP", "CERAI_MATI")
SPELLED_SEX = {True: "PEREMPUAN", False: "LAKI_LAKI"}
_ROLES = (
    *("", "KEPALA_KELUARGA", "SUAMI", "ISTRI", "ANAK", "MENANTU", "CUCU", "ORANG_TUA"),
    *("MERTUA", "FAMILI_LAIN", "PEMBANTU", "LAINNYA"),
)
_STRATA = (
    "mati_tercatat = 1",
    "mati_tercatat = 0",
    "status = 'DIBEKUKAN'",
    "status = 'PINDAH'",
    "kelurahan_asal NOTNULL",
    "nik_lama NOTNULL",
    "nik_ganda NOTNULL",
    "nik IN (SELECT nik FROM licence)",
    "nik IN (SELECT nik FROM letter)",
    "nik IN (SELECT nik FROM introduction)",
)
"""Whom a plain sample would hardly hold."""


def sample_people(truth: Truth, seed: int) -> Sequence[TruePerson]:
    """Draw 200 people: 12 of each kind that matters, the rest from all."""
    drawn: dict[int, TruePerson] = {}
    for stratum in _STRATA:
        drawn |= {person.pid: person for person in truth.sample(12, seed, where=stratum)}
    for person in truth.sample(200, seed):
        if len(drawn) == 200:
            break
        drawn[person.pid] = person
    return list(drawn.values())


def is_active(licence: Licence) -> bool:
    """Tell whether a licence is in force today."""
    return licence.expires is None or licence.expires >= TODAY


def true_introductions(truth: Truth, nik: str) -> set[tuple[str, str, int]]:
    """List the introductions that bear a NIK, as (RT, number, year)."""
    rows = _rows(
        truth, "SELECT kelurahan, rt, rw, nomor, tahun FROM introduction WHERE nik = ?", int(nik)
    )
    return {(f"{area}/RW{rw:03d}/RT{rt:03d}", nomor, year) for area, rt, rw, nomor, year in rows}


def true_members(truth: Truth, no_kk: str) -> dict[str, dict[str, Any]]:
    """List who stands on a family card by NIK, former cards of duplicate numbers included."""
    members = {person.nik: true_member(truth, person, person.nik) for person in truth.family(no_kk)}
    doubles = _rows(truth, "SELECT nik, nik_ganda FROM person WHERE kk_ganda = ?", int(no_kk))
    for nik, double in doubles:
        person, number = truth.person(f"{nik:016d}"), f"{double:016d}"
        assert person is not None
        members[number] = true_member(truth, person, number)
    return members


def true_member(truth: Truth, person: TruePerson, nik: str) -> dict[str, Any]:
    """Tell what the family tree must say of a person under one of their numbers."""
    current = nik == person.nik
    deaths: list[Letter] = [each for each in truth.letters(nik) if each.jenis == "KEMATIAN"]
    return {
        "nik": nik,
        "nama": person.nama,
        "tanggalLahir": person.lahir,
        "hubunganKeluarga": _ROLES[person.stat_hbkel],
        "ayah": person.nik_ayah and {"nik": person.nik_ayah},
        "ibu": person.nik_ibu and {"nik": person.nik_ibu},
        "statusNik": person.status if current else "GANDA",
        "tanggalMeninggal": person.meninggal if person.mati_tercatat and current else None,
        "suratKematian": [
            {"nomor": each.nomor, "tahun": each.tahun, "tanggal": each.tanggal} for each in deaths
        ],
        "izin": [
            {"nomorSk": each.decree_number, "jenis": each.kind, "tanggalTerbit": each.issued}
            for each in truth.licences(nik)
        ],
    }


def true_spouse(truth: Truth, person: TruePerson) -> str | None:
    """Tell the NIK of a person's husband or wife."""
    rows = _rows(
        truth,
        "SELECT s.nik FROM person p JOIN person s ON s.pid = p.pid_pasangan WHERE p.pid = ?",
        person.pid,
    )
    return f"{rows[0][0]:016d}" if rows else None


def _rows(truth: Truth, statement: str, value: int) -> list[Any]:
    with sqlite3.connect(f"file:{truth.path}?mode=ro", uri=True) as rows:
        found = rows.execute(statement, (value,)).fetchall()
    rows.close()
    return found
