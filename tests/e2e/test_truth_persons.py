"""The four operations about a person, against the ground truth for 200 people each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from demo.people.truth import TruePerson, Truth
from tests.testkit.joined_graph import EXAMPLES, KELURAHAN, TODAY, JoinedGraph
from tests.testkit.true_answers import (
    AGAMA,
    SPELLED_SEX,
    STATUS_KAWIN,
    is_active,
    sample_people,
    true_introductions,
    true_member,
    true_members,
    true_spouse,
)

pytestmark = pytest.mark.e2e

_CANDIDATES = re.compile(r", \$kecocokanMinimal: Float!|    barisRegister\(.*?\n    }\n", re.DOTALL)
"""What the second operation says of them."""


def _ask_all(
    graph: JoinedGraph, example: str, variables: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Ask an example for many, a few at a time."""
    with ThreadPoolExecutor(6) as pool:
        return [*pool.map(lambda given: graph.ask(example, **given), variables)]


def _compare(
    people: Sequence[TruePerson],
    answers: Sequence[Any],
    expected: Callable[[TruePerson], Any],
) -> None:
    wrong = [
        (person.pid, answer, true)
        for person, answer in zip(people, answers, strict=True)
        if answer != (true := expected(person))
    ]
    assert not wrong, f"{len(wrong)} of {len(people)} differ; the first: {wrong[0]}"


def test_prefill_answers_the_truth(joined_graph: JoinedGraph) -> None:
    """The form is filled with what is true of 200 people, papers and licences included."""
    truth = joined_graph.truth
    people = sample_people(truth, 11)

    data = _ask_all(joined_graph, "1-prefill", [{"nik": person.nik} for person in people])

    _compare(people, [_as_sets(each) for each in data], lambda person: _prefilled(truth, person))
    assert len(people) == 200
    assert any(each["penduduk"]["izin"] for each in data)
    assert any(each["penduduk"]["suratPengantar"] for each in data)


def _as_sets(data: dict[str, Any]) -> dict[str, Any]:
    """Give the answer with its lists as sets of keys, and the area by its code alone."""
    person = dict(data["penduduk"])
    address = {**person["alamat"], "kelurahan": person["alamat"]["kelurahan"]["kode"]}
    introductions = {
        (each["rt"]["kode"], each["nomor"], each["tahun"]) for each in person["suratPengantar"]
    }
    licences = {(each["nomorSk"], each["tanggalBerakhir"]) for each in person["izin"]}
    return {**person, "alamat": address, "suratPengantar": introductions, "izin": licences}


def _prefilled(truth: Truth, person: TruePerson) -> dict[str, Any]:
    return {
        "nik": person.nik,
        "nama": person.nama,
        "jenisKelamin": SPELLED_SEX[person.perempuan],
        "tempatLahir": person.tempat,
        "tanggalLahir": person.lahir,
        "agama": AGAMA[person.agama],
        "statusKawin": STATUS_KAWIN[person.stat_kwn],
        "pekerjaan": person.pekerjaan,
        "statusNik": person.status,
        "nikBaru": None,
        "alamat": {
            "jalan": person.alamat,
            "rt": f"{person.rt:03d}",
            "rw": f"{person.rw:03d}",
            "kelurahan": person.kelurahan,
        },
        "kartuKeluarga": {"noKk": person.no_kk},
        "suratPengantar": true_introductions(truth, person.nik),
        "izin": {
            (each.decree_number, each.expires)
            for each in truth.licences(person.nik)
            if is_active(each)
        },
    }


def test_prefill_by_a_former_number_names_the_new_one(joined_graph: JoinedGraph) -> None:
    """A NIK that was regenerated has no biodata any more; the answer says which one is valid."""
    people = joined_graph.truth.sample(20, 12, where="nik_lama NOTNULL")

    data = _ask_all(joined_graph, "1-prefill", [{"nik": person.nik_lama} for person in people])

    told = [
        (each["penduduk"]["nikBaru"], each["penduduk"]["nama"], each["penduduk"]["statusNik"])
        for each in data
    ]
    _compare(people, told, lambda person: (person.nik, None, None))


def test_letters_and_licences_answer_the_truth(joined_graph: JoinedGraph) -> None:
    """Letters and licences of 200 people equal what bears their NIK, in all kelurahan.

    Without the candidates of the old books, whose search is dear: the next test asks for them too.
    """
    truth = joined_graph.truth
    people = sample_people(truth, 21)
    query, left_out = _CANDIDATES.subn("", EXAMPLES["2-my-letters-and-licences"].query)
    assert left_out == 2

    def ask(person: TruePerson) -> Any:
        answer = joined_graph.product.graphql(query, {"nik": person.nik}, operationName=None)
        assert "errors" not in answer, answer["errors"][:3]
        return answer["data"]

    with ThreadPoolExecutor(6) as pool:
        data = [*pool.map(ask, people)]

    _compare(people, [_papers(each["penduduk"]) for each in data], lambda p: _true_papers(truth, p))
    assert any(each["penduduk"]["surat"] for each in data)


def _papers(person: dict[str, Any]) -> tuple[Any, ...]:
    letters = {
        (each["kelurahan"]["kode"], each["nomor"], each["tahun"], each["tanggal"], each["jenis"])
        for each in person["surat"]
    }
    licences = {
        (each["nomorSk"], each["jenis"], each["tanggalTerbit"], each["tanggalBerakhir"])
        for each in person["izin"]
    }
    return person["nama"], letters, len(person["surat"]), licences, len(person["izin"])


def _true_papers(truth: Truth, person: TruePerson) -> tuple[Any, ...]:
    letters = {
        (each.kelurahan, each.nomor, each.tahun, each.tanggal, each.jenis)
        for each in truth.letters(person.nik)
    }
    licences = {
        (each.decree_number, each.kind, each.issued, each.expires)
        for each in truth.licences(person.nik)
    }
    return person.nama, letters, len(letters), licences, len(licences)


def test_candidates_hold_the_persons_own_old_lines(joined_graph: JoinedGraph) -> None:
    """Flawless lines of old books are found among the candidates, and candidates are real lines."""
    truth = joined_graph.truth
    people = truth.sample(60, 22, where="pid IN (SELECT pid FROM letter WHERE nik IS NULL)")
    books = {
        area: {(each.tahun, each.urut) for each in truth.book(area, with_nik=False)}
        for area in KELURAHAN
    }

    data = _ask_all(
        joined_graph, "2-my-letters-and-licences", [{"nik": person.nik} for person in people]
    )

    _compare(people, [_papers(each["penduduk"]) for each in data], lambda p: _true_papers(truth, p))
    owed = 0
    for person, each in zip(people, data, strict=True):
        lines = each["penduduk"]["barisRegister"]
        found = {(line["buku"], line["urut"]) for line in lines}
        own = {
            (letter.tahun, letter.urut)
            for letter in truth.letters_of(person.pid)
            if letter.nik is None and letter.kelurahan == person.kelurahan and not letter.cacat
        }
        owed += len(own)
        assert own <= found
        assert {line["kelurahan"]["kode"] for line in lines} <= {person.kelurahan}
        assert found <= books.get(person.kelurahan, set())
        assert all(0.85 <= line["tingkatKecocokan"] <= 1 for line in lines)
    assert owed > 40


def test_family_tree_answers_the_truth(joined_graph: JoinedGraph) -> None:
    """Card, parents, deaths and heirs elsewhere equal the truth for 200 people."""
    truth = joined_graph.truth
    people = sample_people(truth, 31)

    data = _ask_all(joined_graph, "3-heirs-family-tree", [_heirs(truth, p) for p in people])

    _compare(people, [_tree(each) for each in data], lambda person: _true_tree(truth, person))
    spouses = [each["almarhum"]["pasangan"] for each in data]
    for person, spouse in zip(people, spouses, strict=True):
        assert spouse is None or spouse["nik"] == true_spouse(truth, person)
    assert sum(spouse is not None for spouse in spouses) > 30
    assert any("anakLain" in each for each in data)


def _elsewhere(truth: Truth, person: TruePerson) -> list[TruePerson]:
    return [child for child in truth.children(person.nik) if child.no_kk != person.no_kk][:2]


def _heirs(truth: Truth, person: TruePerson) -> dict[str, Any]:
    children = _elsewhere(truth, person)
    niks = [child.nik for child in children] + [person.nik, person.nik]
    return {
        "nik": person.nik,
        "noKk": person.no_kk,
        "nikAnakLain": niks[0],
        "adaAnakLain": len(children) > 0,
        "nikAnakLainKedua": niks[1],
        "adaAnakLainKedua": len(children) > 1,
    }


def _tree(data: dict[str, Any]) -> dict[str, Any]:
    deceased = {name: value for name, value in data["almarhum"].items() if name != "pasangan"}
    members = {each["nik"]: _sorted(each) for each in data["keluarga"]["anggota"]}
    elsewhere = [_sorted(data[name]) for name in ("anakLain", "anakLainKedua") if name in data]
    return {"deceased": _sorted(deceased), "members": members, "elsewhere": elsewhere}


def _true_tree(truth: Truth, person: TruePerson) -> dict[str, Any]:
    members = true_members(truth, person.no_kk)
    elsewhere = [true_member(truth, child, child.nik) for child in _elsewhere(truth, person)]
    return {
        "deceased": _sorted(true_member(truth, person, person.nik)),
        "members": {nik: _sorted(member) for nik, member in members.items()},
        "elsewhere": [_sorted(member) for member in elsewhere],
    }


def _sorted(member: dict[str, Any]) -> dict[str, Any]:
    """Give the member with its licences in one order: the agency promises none."""
    return {**member, "izin": sorted(member["izin"], key=lambda each: str(each["nomorSk"]))}


def test_verification_answers_the_truth(joined_graph: JoinedGraph) -> None:
    """True claims agree and planted false ones do not, for 200 people; no value comes back."""
    people = sample_people(joined_graph.truth, 41)
    claims = [_claim(person, place) for place, person in enumerate(people)]

    data = _ask_all(joined_graph, "4-verify-claims", [{"pengakuan": claim} for claim, _ in claims])

    verdicts = [
        {each["elemen"]: each["sesuai"] for each in answer["verifikasi"]["elemen"]}
        for answer in data
    ]
    true = {person.pid: verdict for person, (_, verdict) in zip(people, claims, strict=True)}
    _compare(people, verdicts, lambda person: true[person.pid])


def _claim(person: TruePerson, place: int) -> tuple[dict[str, Any], dict[str, bool]]:
    """Write claims of which some are false, and the verdict on them."""
    birth_is_true, card_is_true, name_is_true = place % 2 == 0, place % 3 != 0, place % 5 != 0
    claim = {
        "nik": person.nik,
        "nama": person.nama if name_is_true else "QQQQ WWWW",
        "tempatLahir": person.tempat,
        "tanggalLahir": person.lahir if birth_is_true else TODAY,
        "jenisKelamin": SPELLED_SEX[person.perempuan],
        "noKk": person.no_kk if card_is_true else "3171990101019999",
        "agama": AGAMA[person.agama],
        "statusKawin": STATUS_KAWIN[person.stat_kwn],
        "rt": f"{person.rt:03d}",
        "rw": f"{person.rw:03d}",
        "batasSkor": 90,
    }
    verdict = {
        "NIK": True,
        "NAMA": name_is_true,
        "TEMPAT_LAHIR": True,
        "TANGGAL_LAHIR": birth_is_true,
        "JENIS_KELAMIN": True,
        "NOMOR_KK": card_is_true,
        "AGAMA": True,
        "STATUS_KAWIN": True,
        "RT": True,
        "RW": True,
    }
    return claim, verdict
