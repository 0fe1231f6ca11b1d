"""People and papers as rows of the truth's tables.

In: the generator's values. Out: tuples in the column order of `tables.sql`. Pure.
"""

from datetime import date

from demo.people.model import Person
from demo.people.numbers import nik_text
from demo.people.papers import LetterDraft, LicenceDraft
from demo.people.scribble import Scribbler
from demo.tables import Area, find_area

__all__ = ["PERSON_COLUMNS", "Row", "letter_row", "licence_row", "person_row", "write_area"]

Row = tuple[object, ...]
"""One row for sqlite3."""

PERSON_COLUMNS = 37


def person_row(person: Person) -> Row:
    """Write one person; 37 columns."""
    home, origin = person.household.address, person.household.origin
    father, mother, spouse = person.father, person.mother, person.spouse
    return (
        person.pid,
        person.nik,
        person.household.no_kk,
        person.name,
        int(person.female),
        person.born.isoformat(),
        person.birth_place,
        person.religion,
        person.marital,
        person.relation,
        _iso(person.married_on),
        _iso(person.divorced_on),
        person.blood,
        person.education,
        person.job,
        *((father.pid, father.nik, father.name) if father else (None, None, None)),
        *((mother.pid, mother.nik, mother.name) if mother else (None, None, None)),
        spouse.pid if spouse else None,
        home.area.kode,
        home.street,
        home.rt,
        home.rw,
        origin.area.kode if origin else None,
        origin.street if origin else None,
        _iso(person.household.moved_on),
        person.status,
        _iso(person.status_since),
        _iso(person.died_on),
        None if person.died_on is None else int(person.death_recorded),
        person.old_nik,
        _iso(person.nik_changed_on),
        person.second_nik,
        person.second_kk,
    )


def letter_row(draft: LetterDraft, scribbler: Scribbler) -> Row:
    """Write one letter as its clerk did; 19 columns after the id."""
    person, address = draft.person, draft.address
    written = scribbler.write(person.name, person.born, address.rt, address.rw)
    return (
        address.area.kode,
        draft.day.isoformat(),
        draft.kind,
        person.pid,
        draft.nik,
        written.name,
        written.born.isoformat(),
        person.birth_place,
        int(person.female),
        person.religion,
        person.marital,
        address.street,
        address.rt,
        address.rw,
        written.rt,
        written.rw,
        draft.remark,
        written.faults,
        int(draft.introduced),
    )


def licence_row(draft: LicenceDraft) -> Row:
    """Write one licence; 13 columns after the id."""
    area = draft.address.area
    return (
        draft.identity,
        draft.identity_kind,
        draft.owner_name,
        draft.person.pid,
        nik_text(draft.applicant.nik_on(draft.applied)),
        draft.applicant.name,
        draft.applicant.pid,
        area.kode,
        write_area(area, draft.person.pid),
        draft.kind,
        draft.applied.isoformat(),
        draft.issued.isoformat(),
        _iso(draft.expires),
    )


def write_area(area: Area, salt: int) -> str:
    """Write a kelurahan in one of the free forms met in licences."""
    kecamatan = find_area(area.induk).nama
    name = area.nama
    forms = (
        f"KEL. {name.upper()}, KEC. {kecamatan.upper()}, JAKARTA PUSAT",
        f"Kelurahan {name}",
        f"{name.upper()}, {kecamatan.upper()}",
        f"{name} - {kecamatan}",
        f"Kel. {name} Kec. {kecamatan} Kota Adm. Jakarta Pusat ",
        f"{name.upper().replace(' ', '')}, {kecamatan.upper().replace(' ', '')}  ",
        f"KELURAHAN {name.upper()} KECAMATAN {kecamatan.upper()}",
        f"Jakarta Pusat, {kecamatan}, {name}",
    )
    return forms[salt % len(forms)]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
