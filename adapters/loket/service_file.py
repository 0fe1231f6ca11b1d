"""The files that hold the services: every key, checked.

In: what ``data/standar.yaml`` and an agency's decrees hold. Out: frozen models; unknown keys, parts
that the law does not name and roles that do not exist are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from adapters.loket.life import Role

__all__ = [
    "PARTS",
    "SERVICE_CODES",
    "CheckEntry",
    "Condition",
    "DecreeFile",
    "FieldKind",
    "FormFieldEntry",
    "RequirementEntry",
    "ServiceEntry",
    "TemplateFile",
]

SERVICE_CODES = (
    "SKTM",
    "PM1-UMUM",
    "KAWIN-1",
    "KAWIN-2",
    "DISPENSASI-KAWIN",
    "AHLI-WARIS",
    "RIWAYAT-TANAH",
    "SKU-NIB",
    "IPTM",
)
"""The nine services."""

PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "dasar_hukum": ("Dasar hukum", "legal basis"),
        "persyaratan": ("Persyaratan", "requirements"),
        "prosedur": ("Sistem, mekanisme dan prosedur", "procedure"),
        "jangka_waktu": ("Jangka waktu penyelesaian", "time"),
        "biaya": ("Biaya atau tarif", "fee"),
        "produk": ("Produk pelayanan", "product"),
        "sarana": ("Sarana, prasarana dan fasilitas", "facilities"),
        "kompetensi_pelaksana": ("Kompetensi pelaksana", "competence of staff"),
        "pengawasan_internal": ("Pengawasan internal", "internal supervision"),
        "pengaduan": ("Penanganan pengaduan, saran dan masukan", "complaints"),
        "jumlah_pelaksana": ("Jumlah pelaksana", "number of staff"),
        "jaminan_pelayanan": ("Jaminan pelayanan", "assurance of service"),
        "jaminan_keamanan": ("Jaminan keamanan dan keselamatan", "assurance of safety"),
        "evaluasi": ("Evaluasi kinerja pelaksana", "evaluation"),
    }
)
"""The fourteen parts of UU 25/2009 article 21, in its order."""


def _is_service(code: str) -> str:
    if code not in SERVICE_CODES:
        raise ValueError(f"there is no such service; the services are {', '.join(SERVICE_CODES)}")
    return code


def _is_part(name: str) -> str:
    if name not in PARTS:
        raise ValueError(f"the law knows no such part; its parts are {', '.join(PARTS)}")
    return name


ServiceCode: TypeAlias = Annotated[str, AfterValidator(_is_service)]
Part: TypeAlias = Annotated[str, AfterValidator(_is_part)]


class FieldKind(StrEnum):
    """What a field of a form holds."""

    TEKS = "TEKS"
    TANGGAL = "TANGGAL"
    NIK = "NIK"
    NIB = "NIB"
    NOP = "NOP"
    PILIHAN = "PILIHAN"


class Condition(StrEnum):
    """When a requirement holds at all."""

    KUASA = "KUASA"  # somebody applies for somebody else
    IPTM_LAMA = "IPTM_LAMA"  # a grave permit is extended or stacked


def _is_signing(role: Role) -> Role:
    if role not in (Role.LURAH, Role.CAMAT, Role.PTSP):
        raise ValueError("only LURAH, CAMAT and PTSP sign letters")
    return role


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RequirementEntry(_Entry):
    """A paper that an application needs."""

    kode: str
    nama: str
    terbukti_oleh: str | None = None  # the check whose passing proves it, without the paper
    bila: Condition | None = None  # None: always


class CheckEntry(_Entry):
    """A check against the records, and whether an application stops at it."""

    kode: str
    akibat: Literal["MENGHALANGI", "PERINGATAN"]

    @property
    def blocks(self) -> bool:
        """Tell whether an application stops at it."""
        return self.akibat == "MENGHALANGI"


class FormFieldEntry(_Entry):
    """A field of a service's form."""

    nama: str
    label: str
    jenis: FieldKind
    wajib: bool = False
    banyak: bool = False  # several values
    pilihan: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _choices(self) -> FormFieldEntry:
        if (self.jenis is FieldKind.PILIHAN) != bool(self.pilihan):
            raise ValueError('"pilihan" goes with the kind PILIHAN')
        return self


class CommonEntry(_Entry):
    """What all services share."""

    bagian: dict[Part, str]
    persyaratan: tuple[RequirementEntry, ...] = ()
    pemeriksaan: tuple[CheckEntry, ...] = ()
    formulir: tuple[FormFieldEntry, ...] = ()


class ServiceEntry(_Entry):
    """What one service has of its own."""

    tanda_tangan: tuple[tuple[Annotated[Role, AfterValidator(_is_signing)], ...], ...] = Field(
        min_length=1
    )
    bagian: dict[Part, str] = Field(default_factory=dict)
    persyaratan: tuple[RequirementEntry, ...] = ()
    pemeriksaan: tuple[CheckEntry, ...] = ()
    formulir: tuple[FormFieldEntry, ...] = ()


class TemplateFile(_Entry):
    """The province's template."""

    berlaku_sejak: date
    umum: CommonEntry
    layanan: dict[ServiceCode, ServiceEntry]


class DecreeEntry(_Entry):
    """What one kelurahan decreed for one service."""

    kelurahan: str = Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$")
    layanan: ServiceCode
    berlaku_sejak: date
    nomor: str  # of the decree: the legal basis from then on
    sla_hari_kerja: int | None = Field(None, gt=0)
    bagian: dict[Part, str] = Field(default_factory=dict)
    persyaratan_tambahan: tuple[RequirementEntry, ...] = ()


class DecreeFile(_Entry):
    """The decrees of an agency's kelurahan."""

    keputusan: tuple[DecreeEntry, ...]
