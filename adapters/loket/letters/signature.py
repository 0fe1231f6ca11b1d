"""Whether a signed file is still what was signed, and by whom.

Reads the PAdES signatures in a PDF against the roots that are trusted. No network is asked: that a
letter was revoked is the register's word (its status), not the certificate's.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from adapters.loket.letters.checking import SignatureCheck

__all__ = ["check_signatures", "read_roots"]


# A file may come from anybody, and the reader trusts what it reads: of a damaged one it raises what
# Python raises of a missing entry, a wrong type, or a structure that ends in itself.
_UNREADABLE = (
    PdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)


def read_roots(certificates: bytes) -> tuple[x509.Certificate, ...]:
    """Read one or more trusted certificates in PEM."""
    return tuple(
        x509.Certificate.load(encoded) for _, _, encoded in pem.unarmor(certificates, multiple=True)
    )


async def check_signatures(
    document: bytes, roots: Sequence[x509.Certificate], *, at: datetime
) -> SignatureCheck:
    """Check a file as of ``at``, an instant with its zone; what is no PDF is not genuine."""
    try:
        signatures = PdfFileReader(io.BytesIO(document)).embedded_regular_signatures
    except _UNREADABLE:
        return SignatureCheck((), False, "the file cannot be read as a PDF")
    if not signatures:
        return SignatureCheck((), False, "the file bears no signature")
    context = ValidationContext(trust_roots=list(roots), moment=at, allow_fetching=False)
    ends: list[datetime] = []
    for signature in signatures:
        found = await _validate(signature, context, last=signature is signatures[-1])
        if isinstance(found, str):
            return SignatureCheck((), False, found)
        ends.append(found)
    names = tuple(_name(signature) for signature in signatures)
    return SignatureCheck(names, True, until=min(ends))


async def _validate(
    signature: EmbeddedPdfSignature, context: ValidationContext, *, last: bool
) -> str | datetime:
    """Say what is wrong with a signature, or until when its certificates hold."""
    try:
        status = await async_validate_pdf_signature(signature, context)
    except (SignatureValidationError, *_UNREADABLE):
        return "a signature cannot be read"
    if not status.intact or not status.valid:
        return "the file was changed after it was signed"
    if not status.trusted or status.validation_path is None:
        return "a signature comes from a certificate that is not trusted"
    if last and status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return "the file was added to after it was signed"
    if not status.bottom_line:
        return "the file was changed after it was signed"
    certificates = status.validation_path.iter_certs(include_root=True)
    until: datetime = min(each.not_valid_after for each in certificates)
    return until


def _name(signature: EmbeddedPdfSignature) -> str:
    name = signature.signer_cert.subject.native.get("common_name", "")
    return name if isinstance(name, str) else ""
