"""The truth is consistent in itself and answers the managers' questions."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from demo.people.truth import Truth
from demo.tables import load_kelurahan

KELURAHAN = [area.kode for area in load_kelurahan("31.71.02")]


@pytest.fixture(scope="module")
def rows(world: Path) -> sqlite3.Connection:
    """The truth as a database."""
    return sqlite3.connect(world / "truth.sqlite")


def test_every_number_is_synthetic_and_unique(rows: sqlite3.Connection) -> None:
    """NIKs valid, former and duplicate, and KK numbers: serial 9000-9999, all different."""
    numbers = [
        number
        for (number,) in rows.execute(
            "SELECT nik FROM alias UNION ALL SELECT DISTINCT no_kk FROM person "
            "UNION ALL SELECT kk_ganda FROM person WHERE kk_ganda NOTNULL"
        )
    ]
    assert len(numbers) > 26_000
    assert len(set(numbers)) == len(numbers)
    assert all(number % 10_000 >= 9_000 and len(str(number)) == 16 for number in numbers)


def test_a_nik_carries_birth_date_and_sex(rows: sqlite3.Connection) -> None:
    """Digits 7-12 of every valid NIK are the birth date, with 40 added for women."""
    for nik, born, female in rows.execute("SELECT nik, lahir, perempuan FROM person"):
        day = date.fromisoformat(born)
        wanted = f"{day.day + 40 * female:02d}{day:%m%y}"
        assert f"{nik:016d}"[6:12] == wanted


def test_some_niks_exceed_what_javascript_can_hold(rows: sqlite3.Connection) -> None:
    """There are NIKs above 2**53, odd ones among them."""
    count = rows.execute("SELECT count(*) FROM person WHERE nik > ? AND nik % 2", (2**53,))
    assert count.fetchone()[0] > 20


def test_parents_are_people_of_this_world(rows: sqlite3.Connection) -> None:
    """Every named parent exists, has the right sex and is at least 15 years older."""
    parents = {
        row[0]: row[1:] for row in rows.execute("SELECT pid, nik, perempuan, lahir FROM person")
    }
    count = 0
    for born, *links in rows.execute(
        "SELECT lahir, pid_ayah, nik_ayah, 0, pid_ibu, nik_ibu, 1 FROM person "
        "WHERE pid_ayah NOTNULL"
    ):
        for pid, nik, female in (links[:3], links[3:]):
            assert parents[pid][:2] == (nik, female)
            assert int(parents[pid][2][:4]) + 15 <= int(born[:4])
        count += 1
    assert count > 8_000


def test_marriages_are_mutual(rows: sqlite3.Connection) -> None:
    """A spouse's spouse is oneself, and both were grown up."""
    broken = rows.execute(
        "SELECT count(*) FROM person a JOIN person b ON b.pid = a.pid_pasangan "
        "WHERE b.pid_pasangan IS NOT a.pid OR a.tgl_kawin < date(a.lahir, '+18 years')"
    )
    assert broken.fetchone()[0] == 0
    assert rows.execute("SELECT count(*) FROM person WHERE pid_pasangan NOTNULL").fetchone()[0] > 0


def test_the_unrecorded_dead_are_named_by_letter_or_permit(truth: Truth) -> None:
    """Each of the dead whom the registry calls active is recorded dead somewhere else."""
    dead = truth.sample(500, where="mati_tercatat = 0")
    assert len(dead) >= 140
    for person in dead:
        assert person.status == "AKTIF"
        assert truth.recorded_death(person.nik) is not None


def test_nobody_writes_honest_letters_after_death_except_misuse(truth: Truth) -> None:
    """Letters after a recorded death are exactly those that the question lists."""
    expected = {key for kode in KELURAHAN for key in truth.expected("surat_mati_beku", kode)}
    after = set()
    for kode in KELURAHAN:
        for letter in truth.book(kode, with_nik=True):
            bearer = truth.bearer(letter.nik or "")
            assert bearer is not None
            death = truth.recorded_death(letter.nik or "")
            frozen = bearer.status_sejak if bearer.status == "DIBEKUKAN" else None
            ends = [end for end in (death, frozen) if end is not None]
            if letter.jenis != "KEMATIAN" and any(end < letter.tanggal for end in ends):
                after.add((letter.nomor, str(letter.tahun)))
    assert after == expected
    assert len(expected) > 100


def test_licences_of_the_dead_and_moved(truth: Truth) -> None:
    """The licences that end within 90 days are those of people recorded dead or moved."""
    found: dict[str, set[tuple[str, ...]]] = {kode: set() for kode in KELURAHAN}
    for person in truth.sample(20_000, where="status = 'PINDAH' OR meninggal NOTNULL"):
        gone = person.status == "PINDAH" or truth.recorded_death(person.nik) is not None
        for licence in truth.licences(person.nik) if gone else ():
            soon = "2026-07-01" <= (licence.expires or "") <= "2026-09-29"
            if licence.kind != "IPTM" and soon:
                found[licence.kelurahan].add((licence.decree_number,))
    for kode in KELURAHAN:
        assert found[kode]
        assert found[kode] == truth.expected("izin_berakhir", kode)


def test_holders_of_sktm_with_a_licence(truth: Truth) -> None:
    """SKTM letters of six months are joined with active licences by the number written."""
    for kode in KELURAHAN:
        found = {
            (letter.nomor, str(letter.tahun), licence.decree_number)
            for letter in truth.book(kode, with_nik=True)
            if letter.jenis == "SKTM" and "2026-01-01" <= letter.tanggal <= "2026-07-01"
            for licence in truth.licences(letter.nik or "")
            if licence.expires is None or licence.expires >= "2026-07-01"
        }
        assert found == truth.expected("sktm_izin", kode)
        assert found


def test_joining_by_person_finds_more_than_by_number(truth: Truth) -> None:
    """Former and duplicate numbers hide some of what is true."""
    by_nik, by_person = (
        sum(len(truth.expected("sktm_izin", kode, join=join)) for kode in KELURAHAN)
        for join in ("nik", "orang")
    )
    assert by_nik < by_person


def test_readers_agree_with_each_other(truth: Truth) -> None:
    """Family, children and papers of a person are found from either side."""
    for person in truth.sample(50, where="stat_hbkel = 4"):
        assert person in truth.family(person.no_kk)
        assert person in truth.children(person.nik_ayah or "")
    for person in truth.sample(200):
        assert truth.person(person.nik) == truth.bearer(person.nik) == person
        assert set(truth.letters(person.nik)) <= set(truth.letters_of(person.pid))
        assert set(truth.licences(person.nik)) <= set(truth.licences_of(person.pid))


def test_former_and_duplicate_numbers_lead_to_their_bearer(truth: Truth) -> None:
    """`bearer` follows every alias; `person` knows only valid numbers."""
    for person in truth.sample(30, where="nik_lama NOTNULL"):
        assert truth.bearer(person.nik_lama or "") == person
        assert truth.person(person.nik_lama or "") is None
    for person in truth.sample(30, where="nik_ganda NOTNULL"):
        assert truth.bearer(person.nik_ganda or "") == person


def test_samples_repeat(truth: Truth) -> None:
    """The same seed draws the same people, another seed others."""
    assert truth.sample(20, 4) == truth.sample(20, 4)
    assert truth.sample(20, 4) != truth.sample(20, 5)
