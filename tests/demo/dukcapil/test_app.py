"""The civil registry's wire: credentials in the body, always 200, refusals as rows."""

import json
import os
import ssl
import subprocess
from shutil import which
from typing import Any
from urllib.request import Request, urlopen

import pytest

from demo.fleet import Fleet
from demo.people.truth import Truth

LOWER = {"user_id": "pelayanan", "password": "rahasia-pelayanan", "ip_user": "127.0.0.1"}
UPPER = {name.upper(): value for name, value in LOWER.items()}


def _ask(fleet: Fleet, method: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    url = f"{fleet.addresses['dukcapil']}/dukcapil/get_json/31.71/pelayanan/{method}"
    with urlopen(Request(url, json.dumps(body).encode()), timeout=5) as answer:
        assert answer.status == 200
        reply = json.load(answer)
    assert reply["numberOfElements"] == len(reply["content"])
    rows: list[dict[str, Any]] = reply["content"]
    return rows


def _verify(fleet: Fleet, body: dict[str, Any]) -> list[dict[str, Any]]:
    url = f"{fleet.addresses['dukcapil-verify']}/dukcapil/get_json/31/x/CALL_VERIFY_BY_ELEMEN"
    context = ssl.create_default_context(cafile=fleet.addresses["dukcapil-ca"])
    with urlopen(Request(url, json.dumps(body).encode()), timeout=5, context=context) as answer:
        rows: list[dict[str, Any]] = json.load(answer)["content"]
    return rows


def test_call_nik_agrees_with_the_truth(fleet: Fleet, truth: Truth) -> None:
    """Sampled people are answered with their true name, card, parents and place."""
    for person in truth.sample(40):
        (row,) = _ask(fleet, "call_nik", {"nik": int(person.nik), **LOWER})
        assert row["NIK"] == int(person.nik)
        assert row["NO_KK"] == int(person.no_kk)
        assert row["NAMA_LGKP"] == person.nama
        area = (row["NO_PROP"], row["NO_KAB"], row["NO_KEC"], row["NO_KEL"])
        assert area == tuple(int(part) for part in person.kelurahan.split("."))
        assert row["NIK_AYAH"] in ([int(person.nik_ayah)] if person.nik_ayah else [0, "-", " "])
        assert (int(row["NO_RT"]), int(row["NO_RW"])) == (person.rt, person.rw)


def test_call_kk_lists_the_family(fleet: Fleet, truth: Truth) -> None:
    """A card's rows are the true family by birth date, the dead included."""
    for person in truth.sample(20, where="mati_tercatat = 1"):
        rows = _ask(fleet, "call_kk", {"NO_KK": int(person.no_kk), **UPPER})
        assert [f"{row['NIK']:016d}" for row in rows] == [
            member.nik for member in truth.family(person.no_kk)
        ]


@pytest.mark.parametrize("status", ["AKTIF", "DIBEKUKAN", "MENINGGAL", "PINDAH"])
def test_call_status_agrees_with_the_truth(fleet: Fleet, truth: Truth, status: str) -> None:
    """Status and date of death are those that the registry knows."""
    for person in truth.sample(10, where=f"status = '{status}'"):
        (row,) = _ask(fleet, "call_status", {"nik": person.nik, **LOWER})
        assert list(row) == ["NIK", "STATUS_NIK", "TGL_STATUS", "TGL_MATI", "NIK_BARU"]
        assert row["STATUS_NIK"].strip().upper() == status
        has_died = any(letter in "123456789" for letter in row["TGL_MATI"])
        assert has_died == (status == "MENINGGAL")


def test_duplicate_and_former_numbers_name_the_valid_one(fleet: Fleet, truth: Truth) -> None:
    """A duplicate is GANDA and has a record; a former number has neither status nor record."""
    (double,) = truth.sample(1, where="nik_ganda NOTNULL")
    (row,) = _ask(fleet, "call_status", {"nik": double.nik_ganda, **LOWER})
    assert (row["STATUS_NIK"].strip().upper(), row["NIK_BARU"]) == ("GANDA", int(double.nik))
    (record,) = _ask(fleet, "call_nik", {"nik": double.nik_ganda, **LOWER})
    assert (record["NAMA_LGKP"], record["NO_KK"] == int(double.no_kk)) == (double.nama, False)

    (changed,) = truth.sample(1, where="nik_lama NOTNULL")
    (row,) = _ask(fleet, "call_status", {"nik": changed.nik_lama, **LOWER})
    assert (row["STATUS_NIK"], row["NIK_BARU"]) == ("-", int(changed.nik))
    assert _refusal(_ask(fleet, "call_nik", {"nik": changed.nik_lama, **LOWER})) == (
        "data tidak ditemukan"
    )


def test_grants_hide_keys(fleet: Fleet, truth: Truth) -> None:
    """A key that is not granted is missing, not null."""
    (person,) = truth.sample(1)
    for user, count in (("pelayanan", 33), ("perizinan", 24), ("statistik", 16)):
        access = {"user_id": user, "password": f"rahasia-{user}", "ip_user": "127.0.0.1"}
        (row,) = _ask(fleet, "call_nik", {"nik": person.nik, **access})
        assert len(row) == count


REFUSED = {
    "password": ("call_nik", {"password": "salah"}, "login gagal"),
    "key case": ("call_kk", {}, "login gagal"),
    "address": ("call_nik", {"ip_user": "10.1.2.3"}, "ip tidak terdaftar"),
    "nik": ("call_nik", {"nik": "abc"}, "format nik salah"),
    "unknown nik": ("call_nik", {"nik": 3171990101019000 - 1}, "data tidak ditemukan"),
    "method": (
        "call_status",
        {"user_id": "statistik", "password": "rahasia-statistik"},
        "tidak memiliki hak akses",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_are_rows(fleet: Fleet, case: str) -> None:
    """Whatever is wrong, the answer is 200 with one row under one of two keys."""
    method, change, wanted = REFUSED[case]
    body = {"nik": 3171990101019000, **LOWER, **change}
    assert _refusal(_ask(fleet, method, body)) == wanted


def test_refusals_are_spelled_in_three_ways(fleet: Fleet) -> None:
    """Unknown numbers are refused in three spellings under two keys."""
    rows = [
        _ask(fleet, "call_nik", {"nik": 3171990101010000 + number, **LOWER})[0]
        for number in range(40)
    ]
    assert {key for row in rows for key in row} == {"RESPON", "RESPONSE"}
    assert len({text for row in rows for text in row.values()}) == 3


def test_unreadable_bodies_are_refused_as_rows(fleet: Fleet) -> None:
    """A body that is no JSON object is a failed login, not an HTTP error."""
    url = f"{fleet.addresses['dukcapil']}/dukcapil/get_json/31.71/pelayanan/call_nik"
    for body in (b"", b"[1]", b"\xff"):
        with urlopen(Request(url, body, method="POST"), timeout=5) as answer:
            assert _refusal(json.load(answer)["content"]) == "login gagal"


def test_quota_is_spent_per_credential_and_only_by_admitted_calls(fleet: Fleet) -> None:
    """Not found costs a unit, a failed login none; when it is used up, silence of one sort."""
    fleet.set_quota("pelayanan", 2)
    body = {"nik": 3171990101018999, **LOWER}
    _ask(fleet, "call_nik", {**body, "password": "salah"})
    for _ in range(2):
        assert _refusal(_ask(fleet, "call_nik", body)) == "data tidak ditemukan"
    for _ in range(2):
        assert _refusal(_ask(fleet, "call_nik", body)) == "kuota akses hari ini telah habis"
    counts = fleet.counters("dukcapil")
    assert counts["quota"]["pelayanan"] == {"limit": 2, "used": 2}
    assert counts["quota"]["statistik"]["used"] == 0
    assert counts["calls"] == {"CALL_NIK": 5}


def test_verification_scores_and_discloses_nothing(fleet: Fleet, truth: Truth) -> None:
    """Right claims agree, wrong ones do not, and no value of the record is in the answer."""
    (person,) = truth.sample(1, where="perempuan = 1")
    year, month, day = person.lahir.split("-")
    right = {"NAMA_LGKP": person.nama.lower(), "TGL_LHR": f"{day}-{month}-{year}"}
    claims = {**right, "JENIS_KLMIN": "P", "NO_KK": person.no_kk, "NO_RT": f"{person.rt:03d}"}
    (row,) = _verify(fleet, {"NIK": person.nik, "TRESHOLD": 90, **claims, **UPPER})
    assert row == {
        "NIK": "Sesuai",
        "NAMA_LGKP": "Sesuai (100)",
        "TGL_LHR": "Sesuai",
        "JENIS_KLMIN": "Sesuai",
        "NO_KK": "Sesuai",
        "NO_RT": "Sesuai",
    }
    wrong = {"NAMA_LGKP": "ABCD", "TGL_LHR": "01-01-1901", "JENIS_KLMIN": "L"}
    (row,) = _verify(fleet, {"NIK": person.nik, "TRESHOLD": 90, **wrong, **UPPER})
    assert row["NAMA_LGKP"].startswith("Tidak Sesuai (")
    assert (row["TGL_LHR"], row["JENIS_KLMIN"]) == ("Tidak Sesuai", "Tidak Sesuai")
    assert person.nama not in json.dumps(row)


def test_threshold_decides_what_agrees(fleet: Fleet, truth: Truth) -> None:
    """The same claim agrees or not by the caller's TRESHOLD."""
    (person,) = truth.sample(1)
    claim = {"NIK": person.nik, "NAMA_LGKP": person.nama[:-2] + "AA", **UPPER}
    low, high = (_verify(fleet, {**claim, "TRESHOLD": level})[0] for level in (50, 100))
    assert low["NAMA_LGKP"].startswith("Sesuai (")
    assert high["NAMA_LGKP"].startswith("Tidak Sesuai (")


def test_verification_needs_the_authority(fleet: Fleet) -> None:
    """The certificate is self-signed: the system's authorities do not vouch for it."""
    url = f"{fleet.addresses['dukcapil-verify']}/dukcapil/get_json/31/x/CALL_VERIFY_BY_ELEMEN"
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(Request(url, b"{}"), timeout=5, context=ssl.create_default_context())


@pytest.mark.needs_node
def test_javascript_would_lose_a_nik(fleet: Fleet, truth: Truth) -> None:
    """A NIK of Papua passes through our JSON and would not through JavaScript's numbers."""
    (person,) = truth.sample(1, where=f"nik > {2**53} AND nik % 2 = 1")
    (row,) = _ask(fleet, "call_nik", {"nik": person.nik, **LOWER})
    assert row["NIK"] == int(person.nik)
    script = f"process.stdout.write(String(JSON.parse('{{\"n\":{person.nik}}}').n))"
    if which("node") is None:
        (pytest.fail if os.environ.get("SIMPUL_TEST_ALL") == "1" else pytest.skip)("needs Node.js")
    said = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert said.stdout != person.nik


def _refusal(rows: list[dict[str, Any]]) -> str:
    (row,) = rows
    ((key, text),) = row.items()
    assert key in ("RESPON", "RESPONSE")
    return str(text).lower().rstrip(".")
