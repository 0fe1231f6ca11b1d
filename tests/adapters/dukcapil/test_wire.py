"""The registry's bodies and the failures that it tells inside a 200."""

import pytest

from adapters.dukcapil.wire import Method, build_body, find_error, rows_of
from adapters.errors import AccessDenied, BadRecord, QuotaExhausted

CREDENTIALS = {"user_id": "u", "password": "p", "ip_user": "127.0.0.1"}


def told(key: str, text: str) -> dict[str, object]:
    """Make an answer that tells a failure."""
    return {"content": [{key: text}]}


@pytest.mark.parametrize("key", ["RESPON", "RESPONSE"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kuota akses hari ini telah habis", QuotaExhausted),
        ("KUOTA AKSES HARI INI TELAH HABIS", QuotaExhausted),
        ("Kuota Akses Hari Ini telah habis.", QuotaExhausted),
        ("Login gagal", AccessDenied),
        ("LOGIN GAGAL", AccessDenied),
        ("Login Gagal.", AccessDenied),
        ("Tidak memiliki hak akses", AccessDenied),
        ("IP TIDAK TERDAFTAR", AccessDenied),
        ("Format Nik Salah", BadRecord),
        ("Sedang pemeliharaan", BadRecord),
    ],
)
def test_failures_in_three_spellings_under_two_keys(key: str, text: str, kind: type) -> None:
    """Case, points and the key's spelling do not matter."""
    assert type(find_error(told(key, text))) is kind


@pytest.mark.parametrize(
    "text", ["Data tidak ditemukan", "Data Tidak Ditemukan", "DATA TIDAK DITEMUKAN"]
)
def test_not_found_is_an_answer(text: str) -> None:
    """Nothing found is no failure and no row."""
    assert find_error(told("RESPON", text)) is None
    assert rows_of(told("RESPON", text)) == []


@pytest.mark.parametrize("answer", [None, [], {}, {"content": None}, {"content": ["x"]}])
def test_other_shapes_are_unreadable(answer: object) -> None:
    """What is no list of rows cannot be read."""
    assert type(find_error(answer)) is BadRecord


def test_rows_pass() -> None:
    """Rows are given as they are."""
    assert find_error({"content": [{"NIK": 1}]}) is None
    assert rows_of({"content": [{"NIK": 1}]}) == [{"NIK": 1}]


@pytest.mark.parametrize(
    ("method", "keys"),
    [
        (Method.NIK, {"nik", "user_id", "password", "ip_user"}),
        (Method.STATUS, {"nik", "user_id", "password", "ip_user"}),
        (Method.KK, {"NO_KK", "USER_ID", "PASSWORD", "IP_USER"}),
        (Method.VERIFY, {"NIK", "USER_ID", "PASSWORD", "IP_USER"}),
    ],
)
def test_keys_of_a_body_follow_the_method(method: Method, keys: set[str]) -> None:
    """Each method spells its keys in its own case."""
    assert set(build_body(method, "x", CREDENTIALS)) == keys
