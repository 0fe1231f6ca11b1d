"""One content for each of the nine letters; all persons are made up."""

from __future__ import annotations

from datetime import date

from adapters.loket.letters.content import LetterContent, Office, Person, Signer
from adapters.loket.letters.kinds import KINDS

__all__ = ["make_content"]

_FACTS = {
    "keperluan": "Beasiswa sekolah",
    "status": "Belum kawin",
    "tanggalAkad": "10 Juli 2026",
    "putus": "CERAI_MATI",
    "nomorN1": "N1/0042/2026",
    "hariKerja": "7",
    "tanggalMeninggal": "2 Januari 2026",
    "nop": "31.71.020.001.003-0042.0",
    "nomorLetterC": "C-118",
    "letak": "Blok A petak 12",
    "luas": "120 meter persegi",
    "namaUsaha": "Warung Tiga Roda",
    "kegiatan": "Perdagangan eceran makanan",
    "nib": "Belum ada",
    "jenisIptm": "BARU",
    "berlakuSampai": "1 Juli 2029",
}


def make_content(service: str, *, name: str = "Zulqarnayn Wirjopranoto") -> LetterContent:
    """Make the content of one letter of ``service``."""
    kind = KINDS[service]
    return LetterContent(
        service=service,
        number="31.71.02.1001/L/SKTM/2026/0007",
        day=date(2026, 7, 1),
        office=Office("Kota Administrasi Jakarta Pusat", "Sawah Besar", "Pasar Baru"),
        applicant=Person(name, (("NIK", "3171020101809001"), ("Alamat", "Jl. Uji 1"))),
        signers=(Signer("Lurah Pasar Baru", "Qodariyah Uji", "198001012005011001"),),
        verify_url="https://loket.example/periksa/0123456789ABCDEFGHJKMNPQRS",
        others=tuple(
            Person(f"Orang Ke-{index}", (("NIK", f"317102010180900{index + 2}"),))
            for index in range(kind.others[0])
        ),
        facts={fact: _FACTS[fact] for fact in kind.facts},
    )
