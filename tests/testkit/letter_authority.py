"""The authority that signs letters, and the records that letters are made of, in a test's hands.

In: a folder. Out: answers to the documents of the counter that concern letters, by name, as the
graph would give them; the root's certificate lies in the folder. Everything is made up.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.contract import GraphClientResult
from demo.bsre.authority import Authority
from demo.bsre.signers import Signer
from demo.bsre.signing import sign

__all__ = ["PASSPHRASE", "LetterAuthority"]

PASSPHRASE = "frasa-rahasia-uji"
_PLACE = {
    "nama": "Kartini",
    "kecamatan": {"nama": "Sawah Besar", "kotaKabupaten": {"nama": "Jakarta Pusat"}},
}
_ADDRESS = {"jalan": "Jl. Uji 1", "rt": "003", "rw": "005", "kelurahan": {"nama": "Kartini"}}


class LetterAuthority:
    """Signs whatever it is given, for whoever knows the passphrase."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority()
        self.roots = folder / "bsre-ca.pem"
        self.roots.write_bytes(self.authority.root_pem())
        self.signed = 0  # files so far
        self.graves: list[dict[str, Any]] = []  # permits of whoever died
        self.down: set[str] = set()  # names of documents that find no answer

    async def answer(self, name: str, variables: Mapping[str, Any]) -> GraphClientResult | None:
        """Answer a document; None if it is none of a letter's."""
        if name in self.down:
            silent = {"message": "", "extensions": {"code": "SUMBER_TIDAK_TERSEDIA"}}
            return GraphClientResult(None, (silent,))
        match name:
            case "kantor":
                return GraphClientResult({"wilayah": _PLACE}, ())
            case "orang":
                return GraphClientResult({"penduduk": person(variables["nik"])}, ())
            case "bidang":
                return GraphClientResult(
                    {"objekPajak": {"alamat": "Jl. Uji 2", "luasBumi": 120.0}}, ()
                )
            case "kegiatan":
                return GraphClientResult({"penduduk": {"usaha": []}}, ())
            case "makam":
                return GraphClientResult({"penduduk": {"izin": self.graves}}, ())
            case "tanda-tangan":
                return await self._sign(variables["masukan"])
            case _:
                return None

    async def _sign(self, asked: Mapping[str, Any]) -> GraphClientResult:
        if asked["frasaSandi"] != PASSPHRASE:
            wrong = {
                "message": "BSrE refuses to sign: the passphrase is wrong",
                "extensions": {"code": "BAD_USER_INPUT"},
            }
            return GraphClientResult({"tandaTanganiPdf": None}, (wrong,))
        self.signed += 1
        signer = Signer(asked["nik"], f"PEJABAT {asked['nik'][-2:]}", PASSPHRASE, "ISSUE")
        document = base64.b64decode(asked["dokumen"])
        enrolled = self.authority.enrol(signer)
        signed = await asyncio.to_thread(sign, enrolled, document, asked["alasan"]) or b""
        told = {"tandaTanganiPdf": {"dokumen": base64.b64encode(signed).decode()}}
        return GraphClientResult(told, ())


def person(nik: str) -> dict[str, Any]:
    """Give what a letter says of somebody."""
    return {
        "nik": nik, "nama": f"Uji {nik[-4:]}", "tempatLahir": "Jakarta",
        "tanggalLahir": "2001-01-01", "jenisKelamin": "PEREMPUAN", "agama": None,
        "pekerjaan": "Pelajar", "statusKawin": "BELUM_KAWIN", "tanggalMeninggal": None,
        "namaAyah": "Ayah Uji", "namaIbu": None, "alamat": _ADDRESS,
    }  # fmt: skip
