"""What the graph tells of letters beside ``Surat``: to the public, and to a register's clerk.

In: nothing. Out: the object types; the functions behind them stand in ``functions``.
"""

from __future__ import annotations

import strawberry

from adapters.kit.data_spec import TingkatKelas
from adapters.kit.python import field, text
from adapters.kit.scalars import Tanggal

__all__ = ["EksporRegister", "KeaslianSurat"]


@strawberry.type(
    description=text(
        "Keaslian surat, untuk siapa pun.", "Whether a letter is genuine, for anybody."
    )
)
class KeaslianSurat:
    """What the public may know of a letter."""

    asli: bool = field("Surat terbit lewat loket.", "The letter was issued here.")
    jenis: str | None = field("Kode layanan.", "Code of the service.")
    nomor: str | None = field("Nomor surat.", "Letter number.")
    tanggal: Tanggal | None = field("Tanggal surat.", "Date of the letter.")
    penandatangan: str | None = field("Penanda tangan.", "Who signed.")
    status: str | None = field("TERBIT atau DICABUT.", "TERBIT, or DICABUT if it was revoked.")
    dokumen_sesuai: bool | None = field(
        "Berkas dengan sidik jari itu ialah surat yang terbit; kosong bila tidak ditanya.",
        "The file of that hash is the letter that was issued; null if it was not asked.",
    )


@strawberry.type(
    description=text("Baris untuk register kelurahan.", "Lines for a kelurahan's register.")
)
class EksporRegister:
    """Lines of letters, for a register that the counter does not write."""

    jumlah: int = field("Jumlah baris.", "How many lines.")
    lengkap: bool = field(
        "Tidak ada baris lagi pada hari-hari itu; bila tidak, sempitkan harinya.",
        "There are no more of these days; else ask for fewer days.",
    )
    menunggu: int | None = field(
        "Surat yang belum diterima register; kosong bila loket tidak menulis ke register itu.",
        "Letters that the register does not have yet; null if the counter does not write into it.",
    )
    csv: str | None = field(
        "Baris sebagai CSV bertitik koma.",
        "The lines as CSV with semicolons.",
        kelas=TingkatKelas.SPESIFIK,
    )
