"""The counter's settings: where its store is, and who acts for which area.

In: what the configuration gives. Out: a frozen model. A caller of the gateway acts at the counter
by the roles that the configuration gives it; officers and heads of RT and RW are named besides,
with the area in which they act.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from adapters.kit.adapter import AdapterSettings, GuardOptions
from adapters.kit.scalar_rules import is_area
from adapters.loket.life import Role

__all__ = ["LoketSettings", "OfficerSettings", "RegisterSettings"]

_REGISTER_FIELDS = (
    *("nomor", "tahun", "urut", "tanggal", "jenis", "nama", "nik", "rt", "rw"),
    *("penandatangan", "keterangan"),
)


# What makes a line one of its kind, and where it is told that its letter was revoked.
_NEEDED = ("nomor", "tahun", "keterangan")


class OfficerSettings(BaseModel):
    """Somebody who acts for an office: one caller of the gateway."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    caller: str  # the name under "callers" of the gateway's configuration
    nip: str = Field(pattern=r"^[0-9]{18}$")  # heads of RT and RW: the number of their decree
    nama: str
    jabatan: str
    # By which the certificate authority knows who signs; needed of signers only.
    nik: str | None = Field(None, pattern=r"^[0-9]{16}$")
    roles: tuple[Role, ...] = Field(min_length=1)
    wilayah: str  # code of the area; it covers all areas below
    rt: str | None = Field(None, pattern=r"^[0-9]{3}$")  # a head of an RT acts in this one only
    rw: str | None = Field(None, pattern=r"^[0-9]{3}$")

    @field_validator("wilayah")
    @classmethod
    def _check_area(cls, code: str) -> str:
        if not is_area(code):
            raise ValueError('an area is named by its code, such as "31.71.02"')
        return code

    def covers(self, kelurahan: str, rt: str | None, rw: str | None) -> bool:
        """Tell whether the officer acts in this kelurahan, and in this RT and RW."""
        inside = kelurahan == self.wilayah or kelurahan.startswith(f"{self.wilayah}.")
        return inside and self.rt in (None, rt) and self.rw in (None, rw)


class RegisterSettings(BaseModel):
    """A kelurahan's register that is a table: the numbers of its letters are written into it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kelurahan: str
    url: SecretStr  # with the credential that may write; SQLite, MariaDB or PostgreSQL
    table: str
    columns: dict[str, str]  # our field -> their column; three are needed
    encoding: str | None = None  # of texts in a SQLite file that are not UTF-8
    date_format: str = "%Y-%m-%d"
    guard: GuardOptions = Field(default_factory=GuardOptions)

    @field_validator("columns")
    @classmethod
    def _check_columns(cls, columns: dict[str, str]) -> dict[str, str]:
        unknown = sorted({*columns} - {*_REGISTER_FIELDS})
        if unknown or not {*_NEEDED} <= {*columns}:
            needed = ", ".join(f'"{name}"' for name in _NEEDED)
            raise ValueError(f"{needed} and others of {', '.join(_REGISTER_FIELDS)}")
        if len({*columns.values()}) != len(columns):
            raise ValueError("two fields are written into the same column")
        return columns

    @field_validator("encoding")
    @classmethod
    def _check_encoding(cls, name: str | None) -> str | None:
        try:
            return None if name is None else codecs.lookup(name).name
        except LookupError:
            raise ValueError("there is no such encoding") from None


class LoketSettings(AdapterSettings):
    """Settings of the counter."""

    store: str | None = None  # None: a SQLite file in the gateway's state folder
    guard: GuardOptions = Field(default_factory=GuardOptions)  # of who reads, and of who writes
    key_file: Path | None = None  # of seals and keyed hashes; None: made in the state folder
    standards: Path | None = None  # decrees of kelurahan; None: the province's template alone
    holidays: Path | None = None  # a folder of calendars, one CSV a year; None: 2026
    officers: tuple[OfficerSettings, ...] = ()
    # Certificates in PEM that signatures are checked with; None: no letter can be signed.
    signature_roots: Path | None = None
    # What the QR of a letter holds: "{kode}" stands for its code.
    verification_url: str = "https://loket.example/periksa/{kode}"

    registers: tuple[RegisterSettings, ...] = ()  # of other kelurahan a clerk fetches the lines

    @field_validator("verification_url")
    @classmethod
    def _has_code(cls, url: str) -> str:
        if url.count("{kode}") != 1:
            raise ValueError('the address holds "{kode}" once, where the code of a letter stands')
        return url

    @model_validator(mode="after")
    def _once(self) -> LoketSettings:
        for name in ("caller", "nip"):
            values = [getattr(officer, name) for officer in self.officers]
            if len(values) != len({*values}):
                raise ValueError(f'two officers have the same "{name}"')
        places = [register.kelurahan for register in self.registers]
        if len(places) != len({*places}):
            raise ValueError('two registers have the same "kelurahan"')
        return self
