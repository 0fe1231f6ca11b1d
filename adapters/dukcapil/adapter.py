"""The graph over the civil registry.

In: NIKs, KK numbers, claims. Out: ``Penduduk``, ``KartuKeluarga``, ``HasilVerifikasi``. The
registry owns these types: what other agencies know of a resident, they add by NIK.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

import strawberry

from adapters.dukcapil.functions import cards_by_number, people_by_nik, spouses, verify_claims
from adapters.dukcapil.settings import DukcapilSettings
from adapters.dukcapil.source import open_dukcapil
from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcome
from adapters.kit.python import (
    by_key,
    define,
    field,
    input_field,
    listing,
    reference_key,
    relation,
    text,
)
from adapters.kit.scalars import NIK, KodeWilayah, NomorKK, Tanggal

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM
SPESIFIK: Final = TingkatKelas.SPESIFIK


@strawberry.enum(description=text("Jenis kelamin.", "Sex."))
class JenisKelamin(Enum):
    """Sex."""

    LAKI_LAKI = "LAKI_LAKI"
    PEREMPUAN = "PEREMPUAN"


@strawberry.enum(description=text("Status perkawinan.", "Marital status."))
class StatusKawin(Enum):
    """Marital status."""

    BELUM_KAWIN = "BELUM_KAWIN"
    KAWIN = "KAWIN"
    CERAI_HIDUP = "CERAI_HIDUP"
    CERAI_MATI = "CERAI_MATI"


@strawberry.enum(description=text("Agama atau kepercayaan.", "Religion or belief."))
class Agama(Enum):
    """Religion."""

    ISLAM = "ISLAM"
    KRISTEN = "KRISTEN"
    KATOLIK = "KATOLIK"
    HINDU = "HINDU"
    BUDDHA = "BUDDHA"
    KHONGHUCU = "KHONGHUCU"
    KEPERCAYAAN = "KEPERCAYAAN"


@strawberry.enum(description=text("Hubungan dalam keluarga.", "Place in the family."))
class HubunganKeluarga(Enum):
    """Place in the family."""

    KEPALA_KELUARGA = "KEPALA_KELUARGA"
    SUAMI = "SUAMI"
    ISTRI = "ISTRI"
    ANAK = "ANAK"
    MENANTU = "MENANTU"
    CUCU = "CUCU"
    ORANG_TUA = "ORANG_TUA"
    MERTUA = "MERTUA"
    FAMILI_LAIN = "FAMILI_LAIN"
    PEMBANTU = "PEMBANTU"
    LAINNYA = "LAINNYA"


@strawberry.enum(description=text("Status NIK.", "Status of a NIK."))
class StatusNik(Enum):
    """Status of a NIK."""

    AKTIF = "AKTIF"
    DIBEKUKAN = "DIBEKUKAN"
    MENINGGAL = "MENINGGAL"
    PINDAH = "PINDAH"
    GANDA = "GANDA"


@strawberry.enum(description=text("Elemen yang diverifikasi.", "Element that is verified."))
class ElemenVerifikasi(Enum):
    """Elements of a verification."""

    NIK = "NIK"
    NAMA = "NAMA"
    TEMPAT_LAHIR = "TEMPAT_LAHIR"
    TANGGAL_LAHIR = "TANGGAL_LAHIR"
    JENIS_KELAMIN = "JENIS_KELAMIN"
    NOMOR_KK = "NOMOR_KK"
    ALAMAT = "ALAMAT"
    RT = "RT"
    RW = "RW"
    NAMA_AYAH = "NAMA_AYAH"
    NAMA_IBU = "NAMA_IBU"
    NIK_AYAH = "NIK_AYAH"
    NIK_IBU = "NIK_IBU"
    AGAMA = "AGAMA"
    STATUS_KAWIN = "STATUS_KAWIN"
    HUBUNGAN_KELUARGA = "HUBUNGAN_KELUARGA"
    PEKERJAAN = "PEKERJAAN"
    PENDIDIKAN = "PENDIDIKAN"


@strawberry.input(
    description=text(
        "Yang diakui warga; hanya elemen yang diisi diverifikasi.",
        "What a citizen claims; only elements that are given are verified.",
    )
)
class VerifikasiInput:
    """Claims."""

    nik: NIK = input_field("NIK.", "NIK.", required=True)
    nama: str | None = input_field("Nama lengkap.", "Full name.")
    tempat_lahir: str | None = input_field("Tempat lahir.", "Place of birth.")
    tanggal_lahir: Tanggal | None = input_field("Tanggal lahir.", "Date of birth.")
    jenis_kelamin: JenisKelamin | None = input_field("Jenis kelamin.", "Sex.")
    no_kk: NomorKK | None = input_field("Nomor KK.", "Family card number.")
    alamat: str | None = input_field("Alamat jalan.", "Street address.")
    rt: str | None = input_field("RT.", "RT.")
    rw: str | None = input_field("RW.", "RW.")
    nama_ayah: str | None = input_field("Nama ayah.", "Father's name.")
    nama_ibu: str | None = input_field("Nama ibu.", "Mother's name.")
    nik_ayah: NIK | None = input_field("NIK ayah.", "Father's NIK.")
    nik_ibu: NIK | None = input_field("NIK ibu.", "Mother's NIK.")
    agama: Agama | None = input_field("Agama.", "Religion.")
    status_kawin: StatusKawin | None = input_field("Status perkawinan.", "Marital status.")
    hubungan_keluarga: HubunganKeluarga | None = input_field(
        "Hubungan dalam keluarga.", "Place in the family."
    )
    pekerjaan: str | None = input_field("Pekerjaan.", "Occupation.")
    pendidikan: str | None = input_field("Pendidikan.", "Education.")
    batas_skor: int = input_field(
        "Skor terendah yang dianggap sesuai, 0 sampai 100.",
        "The lowest score that counts as agreeing, 0 to 100.",
        default=100,
    )


async def verify(wanted: Wanted, context: Context, input: VerifikasiInput) -> Outcome:
    """Verify claims; the runtime gives ``input`` as a mapping of the SDL's names."""
    given: Any = input
    return await verify_claims(given, context)


@strawberry.federation.type(
    keys=[reference_key("kode")],
    description=text("Kelurahan.", "An urban village."),
)
class Kelurahan:
    """An area, owned by the subgraph of areas."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")


@strawberry.type(description=text("Alamat menurut KK.", "Address according to the family card."))
class Alamat:
    """An address."""

    jalan: str | None = field(
        "Jalan dan nomor.", "Street and number.", kelas=UMUM, samarkan=PolaSamaran.ALAMAT
    )
    rt: str | None = field("RT, tiga angka.", "RT, three digits.", kelas=UMUM)
    rw: str | None = field("RW, tiga angka.", "RW, three digits.", kelas=UMUM)
    kelurahan: Kelurahan | None = field("Kelurahannya.", "Its kelurahan.", kelas=UMUM)


@strawberry.federation.type(keys=["noKk"], description=text("Kartu keluarga.", "A family card."))
class KartuKeluarga:
    """A family card."""

    no_kk: NomorKK = field("Nomor KK.", "Family card number.", kelas=UMUM, samarkan=PolaSamaran.KK)
    alamat: Alamat | None = field("Alamat keluarga.", "The family's address.", kelas=UMUM)
    anggota: list[Penduduk | None] | None = field(
        "Semua yang tercatat pada kartu, menurut tanggal lahir; yang meninggal tetap tercatat.",
        "All on the card, by birth date; the dead stay on it.",
        kelas=UMUM,
    )


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """A resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    nama: str | None = field("Nama lengkap.", "Full name.", kelas=UMUM, samarkan=PolaSamaran.NAMA)
    jenis_kelamin: JenisKelamin | None = field("Jenis kelamin.", "Sex.", kelas=UMUM)
    tempat_lahir: str | None = field("Tempat lahir.", "Place of birth.", kelas=UMUM)
    tanggal_lahir: Tanggal | None = field(
        "Tanggal lahir.", "Date of birth.", kelas=UMUM, samarkan=PolaSamaran.TANGGAL
    )
    nomor_akta_lahir: str | None = field(
        "Nomor akta lahir.", "Number of the birth certificate.", kelas=UMUM
    )
    golongan_darah: str | None = field("Golongan darah.", "Blood group.", kelas=SPESIFIK)
    agama: Agama | None = field("Agama.", "Religion.", kelas=UMUM)
    status_kawin: StatusKawin | None = field("Status perkawinan.", "Marital status.", kelas=UMUM)
    tanggal_kawin: Tanggal | None = field("Tanggal kawin.", "Date of marriage.", kelas=UMUM)
    nomor_akta_kawin: str | None = field(
        "Nomor akta kawin.", "Number of the marriage certificate.", kelas=UMUM
    )
    tanggal_cerai: Tanggal | None = field("Tanggal cerai.", "Date of divorce.", kelas=UMUM)
    nomor_akta_cerai: str | None = field(
        "Nomor akta cerai.", "Number of the divorce certificate.", kelas=UMUM
    )
    pendidikan: str | None = field(
        "Pendidikan akhir, menurut kata Dukcapil.",
        "Education, in the registry's words.",
        kelas=UMUM,
    )
    pekerjaan: str | None = field(
        "Pekerjaan, menurut kata Dukcapil.", "Occupation, in the registry's words.", kelas=UMUM
    )
    hubungan_keluarga: HubunganKeluarga | None = field(
        "Hubungan dalam keluarga.", "Place in the family.", kelas=UMUM
    )
    alamat: Alamat | None = field("Alamat menurut KK.", "Registered address.", kelas=UMUM)
    kartu_keluarga: KartuKeluarga | None = field("Kartu keluarganya.", "Family card.", kelas=UMUM)
    nama_ayah: str | None = field(
        "Nama ayah.", "Father's name.", kelas=UMUM, samarkan=PolaSamaran.NAMA
    )
    nama_ibu: str | None = field(
        "Nama ibu.", "Mother's name.", kelas=UMUM, samarkan=PolaSamaran.NAMA
    )
    ayah: Penduduk | None = field("Ayah, bila NIK-nya tercatat.", "Father, by NIK.", kelas=UMUM)
    ibu: Penduduk | None = field("Ibu, bila NIK-nya tercatat.", "Mother, by NIK.", kelas=UMUM)
    pasangan: Penduduk | None = relation(
        spouses,
        "Suami atau istri pada KK yang sama; kosong bila meragukan.",
        "Husband or wife on the same family card; null where the card leaves a doubt.",
        takes=("nik", "kartuKeluarga.noKk"),
        kelas=UMUM,
    )
    status_nik: StatusNik | None = field(
        "Status NIK; kosong bila NIK sudah diganti.",
        "Status of the NIK; null if the NIK was replaced.",
        kelas=UMUM,
    )
    status_nik_sejak: Tanggal | None = field(
        "Sejak kapan status itu.", "Since when it has that status.", kelas=UMUM
    )
    tanggal_meninggal: Tanggal | None = field(
        "Tanggal meninggal yang tercatat.", "Recorded date of death.", kelas=UMUM
    )
    nik_baru: NIK | None = field(
        "NIK yang menggantikan NIK ini.",
        "The NIK that replaces this one.",
        kelas=UMUM,
        samarkan=PolaSamaran.NIK,
    )


@strawberry.type(description=text("Hasil verifikasi satu elemen.", "The verdict on one element."))
class VerifikasiElemen:
    """A verdict; it holds no value of the registry's record."""

    elemen: ElemenVerifikasi = field("Elemennya.", "The element.")
    sesuai: bool | None = field("Sesuai dengan data Dukcapil.", "It agrees.", kelas=UMUM)
    skor: int | None = field("Kemiripan 0 sampai 100.", "Likeness, 0 to 100.", kelas=UMUM)


@strawberry.type(
    description=text(
        "Hasil verifikasi; data Dukcapil sendiri tidak dibuka.",
        "The verdict; the registry's own data stay closed.",
    )
)
class HasilVerifikasi:
    """Verdicts on all claimed elements."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    elemen: list[VerifikasiElemen] = field("Hasil per elemen.", "The verdicts by element.")


@strawberry.type
class Query:
    """Where a question to the registry begins."""

    penduduk: Penduduk | None = by_key("Penduduk menurut NIK.", "A resident by NIK.", nik=NIK)
    kartu_keluarga: KartuKeluarga | None = by_key(
        "Kartu keluarga menurut nomornya.", "A family card by number.", noKk=NomorKK
    )
    verifikasi: HasilVerifikasi | None = listing(
        verify,
        "Periksa pengakuan warga tanpa membuka data; kosong bila NIK tidak ada.",
        "Verify claims without disclosing data; null if there is no such NIK.",
    )


definition = define(
    "dukcapil", query=Query, types=[Penduduk], lookups=[people_by_nik, cards_by_number]
)

adapter = Adapter(definition, DukcapilSettings, open_dukcapil)
