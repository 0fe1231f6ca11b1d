"""How each kelurahan keeps its register, as the configuration says.

In: the ``settings`` of the subgraph. Out: ``KelurahanSettings``. ``columns`` maps the register's
own column names, in the file's order, to the names of ``FIELDS``; a column that nobody needs maps
to an empty text. ``adapters/kelurahan/registers.yaml`` shows one register of each kind.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from adapters.kit.adapter import AdapterSettings, GuardOptions
from adapters.kit.scalar_rules import INPUT_RULES

__all__ = [
    "INTRODUCTION_FIELDS",
    "LETTER_FIELDS",
    "FileBookSettings",
    "FileRegisterSettings",
    "KelurahanSettings",
    "RegisterSettings",
    "SqlBookSettings",
    "SqlRegisterSettings",
]

LETTER_FIELDS = frozenset(
    (
        *("buku", "urut", "nomor", "tanggal", "jenis", "nama", "nik", "jenisKelamin"),
        *("tempatLahir", "tanggalLahir", "tempatTanggalLahir", "kewarganegaraan", "agama"),
        *("statusKawin", "alamat", "rt", "rw", "keterangan", "penandatangan"),
    )
)
"""What a line of a book of letters may hold; ``rt`` may hold both numbers."""

INTRODUCTION_FIELDS = frozenset(
    ("nomor", "tahun", "tanggal", "rt", "rw", "nama", "nik", "keperluan", "nomorSurat")
)
"""What a line of a list of RT/RW introductions may hold."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _BookSettings(AdapterSettings):
    """One table or file."""

    columns: dict[str, str]  # the register's column -> our field, in the file's order
    kind: Literal["surat", "pengantar"] = "surat"
    year: int | None = None  # the book's year, where no column says it

    @model_validator(mode="after")
    def _check_columns(self) -> _BookSettings:
        known = LETTER_FIELDS if self.kind == "surat" else INTRODUCTION_FIELDS
        given = [field for field in self.columns.values() if field]
        unknown = sorted({field for field in given if field not in known})
        if unknown:
            raise ValueError(f"columns name unknown fields: {', '.join(unknown)}")
        if len(set(given)) != len(given):
            raise ValueError("two columns name the same field")
        return self


class SqlBookSettings(_BookSettings):
    """One table of a database."""

    table: str

    @model_validator(mode="after")
    def _check_names(self) -> SqlBookSettings:
        for name in (self.table, *self.columns):
            if _NAME.fullmatch(name) is None:
                raise ValueError(f'"{name}" is no name of a table or column')
        return self


class FileBookSettings(_BookSettings):
    """One file, or one sheet of it."""

    file: str  # a name, or a glob of which the file changed last counts
    sheet: str | None = None


class _RegisterSettings(AdapterSettings):
    """One kelurahan's register."""

    kelurahan: str  # Kemendagri code
    guard: GuardOptions = Field(default_factory=GuardOptions)

    @field_validator("kelurahan")
    @classmethod
    def _check_code(cls, code: str) -> str:
        if len(code) != 13:
            raise ValueError('a kelurahan is named by its code, such as "31.71.02.1001"')
        return str(INPUT_RULES["KodeWilayah"](code))


class SqlRegisterSettings(_RegisterSettings):
    """A register in a database."""

    store: Literal["sql"]
    url: str  # such as sqlite+aiosqlite:////srv/register.sqlite or mysql+asyncmy://…
    encoding: str | None = None  # of SQLite texts that are not UTF-8
    index_seconds: float = Field(60.0, gt=0)  # how old the list of its NIKs may be
    books: tuple[SqlBookSettings, ...] = Field(min_length=1)


class FileRegisterSettings(_RegisterSettings):
    """A register in files."""

    store: Literal["files"]
    folder: Path
    format: Literal["csv", "dbf", "xlsx"]
    encoding: str = "utf-8"
    delimiter: str = ","
    header_row: int = Field(1, ge=1)  # of a sheet: where its columns are named
    refresh_seconds: float = Field(5.0, gt=0)
    books: tuple[FileBookSettings, ...] = Field(min_length=1)


RegisterSettings = Annotated[
    SqlRegisterSettings | FileRegisterSettings, Field(discriminator="store")
]


class KelurahanSettings(AdapterSettings):
    """All registers of the subgraph."""

    registers: tuple[RegisterSettings, ...] = Field(min_length=1)

    @field_validator("registers")
    @classmethod
    def _check_once(cls, registers: tuple[RegisterSettings, ...]) -> tuple[RegisterSettings, ...]:
        codes = [register.kelurahan for register in registers]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            raise ValueError(f"registers given twice: {', '.join(doubled)}")
        return registers
