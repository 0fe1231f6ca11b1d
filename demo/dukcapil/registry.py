"""The registry's answers, without HTTP: credentials, quota, look-ups, refusals.

In: method, request body. Out: the rows of `content`. Every refusal is a row too, in one of three
spellings and under one of two keys; the status is always 200.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.dukcapil.credentials import CREDENTIALS, Credential
from demo.dukcapil.rows import render_biodata, render_status, spelling_of

__all__ = ["Registry", "Rows", "parse_number", "refuse"]

Rows = list[dict[str, object]]
"""The `content` of an answer."""

_REFUSALS = {
    "not_found": ("Data tidak ditemukan", "Data Tidak Ditemukan", "DATA TIDAK DITEMUKAN"),
    "login": ("Login gagal", "LOGIN GAGAL", "Login Gagal."),
    "quota": (
        "Kuota akses hari ini telah habis",
        "KUOTA AKSES HARI INI TELAH HABIS",
        "Kuota Akses Hari Ini telah habis.",
    ),
    "method": ("Tidak memiliki hak akses", "TIDAK MEMILIKI HAK AKSES", "Tidak Memiliki Hak Akses"),
    "address": ("IP tidak terdaftar", "IP TIDAK TERDAFTAR", "Ip Tidak Terdaftar"),
    "request": ("Format NIK salah", "FORMAT NIK SALAH", "Format Nik Salah"),
}

# Which keys carry the credentials and the number: the case differs by method version.
_LOWER = ("user_id", "password", "ip_user")
_UPPER = ("USER_ID", "PASSWORD", "IP_USER")
_BODY_KEYS: dict[str, tuple[tuple[str, str, str], str]] = {
    "CALL_NIK": (_LOWER, "nik"),
    "CALL_KK": (_UPPER, "NO_KK"),
    "CALL_STATUS": (_LOWER, "nik"),
    "CALL_VERIFY_BY_ELEMEN": (_UPPER, "NIK"),
}


@dataclass(slots=True)
class Registry:
    """One registry over its store; owns the quota counts of the day."""

    store: Path
    limits: dict[str, int] = field(default_factory=dict)  # user_id to a changed daily quota
    used: dict[str, int] = field(default_factory=dict)  # user_id to units used
    _rows: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._rows = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        self._rows.row_factory = sqlite3.Row

    def admit(self, method: str, body: dict[str, Any], *, spent: bool) -> Credential | Rows:
        """Check a call; what it may use, or the refusal. An admitted call costs one unit."""
        salt = spelling_of(sum(self.used.values()))
        (user_key, password_key, address_key), _ = _BODY_KEYS[method]
        credential = CREDENTIALS.get(str(body.get(user_key, "")))
        if credential is None or credential.password != body.get(password_key):
            return refuse("login", salt)
        if body.get(address_key) not in credential.addresses:
            return refuse("address", salt)
        if method not in credential.methods:
            return refuse("method", salt)
        used = self.used.get(credential.user_id, 0)
        if spent or used >= self.limit_of(credential):
            return refuse("quota", salt)
        self.used[credential.user_id] = used + 1
        return credential

    def limit_of(self, credential: Credential) -> int:
        """Tell a credential's daily quota."""
        return self.limits.get(credential.user_id, credential.daily_quota)

    def number_in(self, method: str, body: dict[str, Any]) -> int | None:
        """Read the number that a call asks for."""
        return parse_number(body.get(_BODY_KEYS[method][1]))

    def find(self, nik: int) -> sqlite3.Row | None:
        """Find one record by NIK."""
        row: sqlite3.Row | None = self._rows.execute(
            "SELECT * FROM biodata WHERE nik = ?", (nik,)
        ).fetchone()
        return row

    def call_nik(self, nik: int, credential: Credential) -> Rows:
        """Answer the record of one NIK."""
        row = self.find(nik)
        if row is None:
            return refuse("not_found", spelling_of(nik))
        return [render_biodata(row, credential.keys)]

    def call_kk(self, no_kk: int, credential: Credential) -> Rows:
        """Answer the records on one family card, by birth date."""
        rows = self._rows.execute(
            "SELECT * FROM biodata WHERE no_kk = ? ORDER BY lahir, nik", (no_kk,)
        ).fetchall()
        if not rows:
            return refuse("not_found", spelling_of(no_kk))
        return [render_biodata(row, credential.keys) for row in rows]

    def call_status(self, nik: int) -> Rows:
        """Answer the status of one NIK; a former NIK has none, but names its successor."""
        row = self.find(nik)
        if row is not None:
            values = (row["status"], row["status_sejak"], row["meninggal"], row["nik_baru"])
            return [render_status(nik, *values)]
        former = self._rows.execute("SELECT * FROM former WHERE nik = ?", (nik,)).fetchone()
        if former is None:
            return refuse("not_found", spelling_of(nik))
        return [render_status(nik, None, former["sejak"], None, former["nik_baru"])]

    def quotas(self) -> dict[str, object]:
        """Write the quota counts as the control route answers them."""
        return {
            name: {"limit": self.limit_of(credential), "used": self.used.get(name, 0)}
            for name, credential in CREDENTIALS.items()
        }


def refuse(reason: str, salt: int) -> Rows:
    """Write a refusal."""
    return [{("RESPON", "RESPONSE")[salt % 2]: _REFUSALS[reason][salt % 3]}]


def parse_number(value: object) -> int | None:
    """Read a NIK or KK number from a number or text; None when it is neither."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**16:
        return value
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) == 16:
        return int(value.strip())
    return None
