"""The directives of our data specification: how protected a field is, and how it is masked.

In: nothing. Out: ``Kelas`` and ``Samarkan`` for an author's fields. They are linked as
``https://specs.simpul.example/data/v1.0`` and composed by ``@composeDirective``, so that the
gateway's policy finds them in the supergraph. No class means public; the stricter of two wins.
"""

from __future__ import annotations

from enum import Enum

import strawberry
from strawberry.schema_directive import Location

__all__ = ["DATA_SPEC", "Kelas", "PolaSamaran", "Samarkan", "TingkatKelas"]

DATA_SPEC = "https://specs.simpul.example/data/v1.0"


@strawberry.enum(
    description="Kelas perlindungan data pribadi (UU 27/2022).\n\n"
    "Protection class of personal data (Law 27/2022)."
)
class TingkatKelas(Enum):
    """Protection classes, the stricter last."""

    UMUM = "UMUM"
    SPESIFIK = "SPESIFIK"


@strawberry.enum(description="Pola penyamaran nilai.\n\nPattern by which a value is masked.")
class PolaSamaran(Enum):
    """Masks by kind of value."""

    NIK = "NIK"
    KK = "KK"
    NAMA = "NAMA"
    TANGGAL = "TANGGAL"
    ALAMAT = "ALAMAT"
    TELEPON = "TELEPON"


@strawberry.federation.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    name="kelas",
    compose=True,
    import_url=DATA_SPEC,
    description="Kelas data pribadi.\n\nClass of personal data.",
)
class Kelas:
    """``@kelas(tingkat: …)``."""

    tingkat: TingkatKelas


@strawberry.federation.schema_directive(
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    name="samarkan",
    compose=True,
    import_url=DATA_SPEC,
    description="Cara nilai disamarkan.\n\nHow the value is masked.",
)
class Samarkan:
    """``@samarkan(pola: …)``."""

    pola: PolaSamaran
