"""What a client gives the counter: the input types.

In: nothing. Out: strawberry's input types. The runtime gives them to functions as mappings by the
names of the SDL.
"""

from __future__ import annotations

import strawberry

from adapters.kit.python import input_field, text
from adapters.kit.scalars import NIK, NIP, KodeWilayah, Tanggal
from adapters.loket.enums import State

__all__ = ["BerkasMasukan", "IsianMasukan", "PermohonanMasukan", "SaringPermohonan"]


@strawberry.input(description=text("Isian formulir.", "A filled-in field."))
class IsianMasukan:
    """A filled-in field."""

    nama: str = input_field("Nama isian.", "Its name.", required=True)
    nilai: list[str] = input_field("Nilainya.", "Its values.", required=True)


@strawberry.input(
    description=text("Berkas pada penyimpanan instansi.", "A paper in the agency's own store.")
)
class BerkasMasukan:
    """A paper."""

    jenis: str = input_field("Kode syarat.", "Code of the requirement.", required=True)
    lokasi: str = input_field("Letaknya.", "Where it is kept.", required=True)
    sha256: str = input_field("SHA-256 isinya.", "SHA-256 of its content.", required=True)
    media: str = input_field("Jenis media.", "Media type.", required=True)
    ukuran: int = input_field("Ukuran, bita.", "Size in bytes.", required=True)


@strawberry.input(description=text("Permohonan baru.", "A new application."))
class PermohonanMasukan:
    """A new application."""

    layanan: str = input_field("Kode layanan.", "Code of the service.", required=True)
    kelurahan: KodeWilayah = input_field("Kelurahan tujuan.", "The kelurahan.", required=True)
    pemohon: NIK = input_field("NIK pemohon.", "NIK of the applicant.", required=True)
    kuasa: NIK | None = input_field("NIK penerima kuasa.", "NIK of the proxy.")
    rt: str | None = input_field("RT, tiga angka.", "RT, three digits.")
    rw: str | None = input_field("RW, tiga angka.", "RW, three digits.")
    isian: list[IsianMasukan] = input_field("Isian formulir.", "The form.", required=True)
    berkas: list[BerkasMasukan] | None = input_field("Berkas.", "Papers.")


@strawberry.input(
    description=text("Permohonan yang dicari; yang kosong tidak membatasi.", "What is sought.")
)
class SaringPermohonan:
    """What is sought."""

    wilayah: KodeWilayah | None = input_field("Wilayah.", "A kelurahan, or an area above it.")
    layanan: str | None = input_field("Kode layanan.", "Code of the service.")
    status: list[State] | None = input_field("Kedudukannya.", "States.")
    petugas: NIP | None = input_field("NIP petugas.", "NIP of who works on it.")
    rt: str | None = input_field("RT.", "RT.")
    rw: str | None = input_field("RW.", "RW.")
    dari: Tanggal | None = input_field("Diajukan sejak.", "Submitted since.")
    sampai: Tanggal | None = input_field("Diajukan sampai.", "Submitted until, included.")
