"""The graph over the national certificate authority.

In: a signer's NIK; a document with a passphrase, as variables of a mutation. Out: the state of the
certificate; the signed document. The passphrase is passed on once and kept nowhere.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

import strawberry

from adapters.bsre.source import Bsre, BsreSettings, SigningRefused, is_named, open_bsre
from adapters.errors import AccessDenied, SourceError
from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Failed, InvalidArgument, Outcome, Outcomes
from adapters.kit.python import by_key, define, field, input_field, lookup, mutation, text
from adapters.kit.scalars import NIK, Rahasia

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM


@strawberry.enum(description=text("Status sertifikat elektronik.", "State of a certificate."))
class StatusSertifikat(Enum):
    """How a signer's certificate stands."""

    AKTIF = "AKTIF"
    KEDALUWARSA = "KEDALUWARSA"
    DICABUT = "DICABUT"
    TIDAK_TERDAFTAR = "TIDAK_TERDAFTAR"


@lookup("PenandaTanganElektronik", key="nik")
async def signers_by_nik(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give signers by NIK; the authority is asked for one at a time, and only for its state."""
    if "statusSertifikat" not in wanted:
        return {nik: {"nik": nik} for nik in keys}
    told = await asyncio.gather(*(_signer(nik, context) for nik in keys))
    return dict(zip(keys, told, strict=True))


async def _signer(nik: str, context: Context) -> Outcome | dict[str, Any]:
    bsre: Bsre = context.sources
    try:
        return {"nik": nik, "statusSertifikat": await bsre.state(nik, context)}
    except SourceError as error:
        return Failed(error)


@strawberry.input(description=text("Dokumen yang ditandatangani.", "A document to be signed."))
class MasukanTandaTangan:
    """What is to be signed, and by whom; only as a variable, so that no text holds a secret."""

    nik: NIK = input_field("NIK penanda tangan.", "The signer's NIK.", required=True)
    frasa_sandi: Rahasia = input_field(
        "Frasa sandi penanda tangan; tidak disimpan dan tidak dicatat.",
        "The signer's passphrase; neither kept nor logged.",
        required=True,
    )
    dokumen: str = input_field("Berkas PDF, base64.", "A PDF in base64.", required=True)
    alasan: str = input_field("Alasan penandatanganan.", "Why it is signed.", default="")


async def sign_pdf(wanted: Wanted, context: Context, masukan: MasukanTandaTangan) -> dict[str, Any]:
    """Let the authority sign a PDF."""
    bsre: Bsre = context.sources
    if not is_named(context.call):
        raise AccessDenied("only a caller of an agency may have documents signed")
    told: Any = masukan  # the runtime gives input objects as mappings
    try:
        document = base64.b64decode(told["dokumen"], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidArgument('"dokumen" must be base64') from None
    if not document.startswith(b"%PDF-"):
        raise InvalidArgument('"dokumen" must be a PDF')
    try:
        signed = await bsre.sign(
            document, told["nik"], told["frasaSandi"], told.get("alasan") or "", context
        )
    except SigningRefused as refused:
        raise InvalidArgument(f"BSrE refuses to sign: {refused}") from None
    return {
        "dokumen": base64.b64encode(signed).decode(),
        "sidikJari": hashlib.sha256(signed).hexdigest(),
        "ukuran": len(signed),
    }


@strawberry.federation.type(
    keys=["nik"],
    description=text("Penanda tangan elektronik.", "Somebody who signs electronically."),
)
class PenandaTanganElektronik:
    """A signer."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    status_sertifikat: StatusSertifikat | None = field(
        "Status sertifikat menurut BSrE.", "State of the certificate as BSrE tells it.", kelas=UMUM
    )


@strawberry.type(description=text("Dokumen bertanda tangan.", "A signed document."))
class HasilTandaTangan:
    """What was signed."""

    dokumen: str | None = field("Berkas PDF, base64.", "The PDF in base64.")
    sidik_jari: str | None = field("SHA-256 berkas, heksadesimal.", "SHA-256 of the file, in hex.")
    ukuran: int | None = field("Ukuran berkas dalam bita.", "Size of the file in bytes.")


@strawberry.type
class Query:
    """Where a question to the authority begins."""

    penanda_tangan_elektronik: PenandaTanganElektronik | None = by_key(
        "Penanda tangan menurut NIK.", "A signer by NIK.", nik=NIK
    )


@strawberry.type
class Mutation:
    """What the authority does."""

    tanda_tangani_pdf: HasilTandaTangan | None = mutation(
        sign_pdf,
        "Bubuhkan tanda tangan elektronik BSrE pada PDF. Tidak diulang sendiri: setelah"
        " BATAS_WAKTU tidak diketahui apakah dokumen telah ditandatangani.",
        "Put a signature of BSrE on a PDF. Not repeated by itself: after BATAS_WAKTU it is not"
        " known whether the document was signed.",
    )


definition = define("bsre", query=Query, mutation=Mutation, lookups=[signers_by_nik])

adapter = Adapter(definition, BsreSettings, open_bsre)
