"""A letter's content to its file: PDF/A-2b by typst, with the QR of its verification.

Compilers are kept, one per service: fonts are read once, a letter then takes some milliseconds of
CPU in the calling thread. A compiler makes one letter at a time; another thread waits for it.
Personal text enters as data, never as markup, and no error repeats it. Fonts are typst's own, so
that the same content gives the same bytes on every machine.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock

import segno
import typst

from adapters.loket.letters.content import LetterContent, Person, spell_day
from adapters.loket.letters.kinds import KINDS, LetterKind

__all__ = ["LetterError", "render_letter"]

_TEMPLATES = Path(__file__).parent / "templates"

# A QR may be masked by any of eight patterns; its reader is told which. To try all and keep the one
# that a worn camera reads best takes four milliseconds, more than the whole file does; codes are
# random, so that no pattern is better for long.
_MASK = 3

_BUSY = {service: Lock() for service in KINDS}


class LetterError(Exception):
    """A letter that cannot be made; the message names the service and what is missing."""


def render_letter(content: LetterContent) -> bytes:
    """Make the file. Raises ``LetterError`` if the content lacks what its kind must be told."""
    kind = KINDS.get(content.service)
    if kind is None:
        raise LetterError(f"there is no letter for the service {content.service}")
    _check(content, kind)
    described = json.dumps(_describe(content, kind), ensure_ascii=False)
    with _BUSY[content.service]:
        document = _compiler(content.service).compile(
            format="pdf",
            sys_inputs={"surat": described},
            pdf_standards=["a-2b"],
            timestamp=datetime.combine(content.day, time(), UTC),
        )
    if not isinstance(document, bytes):
        raise LetterError(f"the template of {content.service} makes no single file")
    return document


@cache
def _compiler(service: str) -> typst.Compiler:
    return typst.Compiler(_TEMPLATES / f"{service}.typ", root=_TEMPLATES, ignore_system_fonts=True)


def _check(content: LetterContent, kind: LetterKind) -> None:
    missing = [name for name in kind.facts if not content.facts.get(name)]
    if missing:
        raise LetterError(f"a letter of {content.service} must be told {', '.join(missing)}")
    least, most = kind.others
    if not least <= len(content.others) <= most:
        raise LetterError(
            f"a letter of {content.service} speaks of {least} to {most} further persons, "
            f"not of {len(content.others)}"
        )
    if not content.signers:
        raise LetterError(f"a letter of {content.service} must have a signer")


def _describe(content: LetterContent, kind: LetterKind) -> dict[str, object]:
    office = content.office
    return {
        "judul": kind.title,
        "kepala": "PTSP" if content.is_of_ptsp else kind.head,
        "nomor": content.number,
        "tanggal": spell_day(content.day),
        "naskah": content.text.split("\n\n") if content.text.strip() else [],
        "kantor": {
            "kota": office.city,
            "kecamatan": office.district,
            "kelurahan": office.village,
            "alamat": office.address,
        },
        "pemohon": _describe_person(content.applicant),
        "lain": [_describe_person(person) for person in content.others],
        "fakta": dict(content.facts),
        "penandatangan": [
            {"jabatan": signer.title, "nama": signer.name, "nip": signer.nip}
            for signer in content.signers
        ],
        "alamat_verifikasi": content.verify_url,
        "qr": _draw_qr(content.verify_url),
    }


def _describe_person(person: Person) -> dict[str, object]:
    return {"nama": person.name, "baris": [[label, text] for label, text in person.rows]}


def _draw_qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False, mask=_MASK).save(drawn, kind="svg", border=2)
    return drawn.getvalue().decode("utf-8")
