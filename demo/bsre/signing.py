"""Signatures over PDFs, by pyHanko; a module of its own, because that takes a second to load.

In: a certificate with its key, a PDF. Out: the PDF with a signature over all its bytes, which
anybody can check with the root's certificate; a changed byte breaks it.
"""

from io import BytesIO

from asn1crypto import keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from demo.bsre.authority import Enrolled

__all__ = ["sign"]


def sign(enrolled: Enrolled, document: bytes, reason: str) -> bytes | None:
    """Sign a PDF; None for what is none."""
    try:
        writer = IncrementalPdfFileWriter(BytesIO(document))
        count = len(list(writer.prev.embedded_signatures))
        about = PdfSignatureMetadata(
            field_name=f"Tanda{count + 1}", name=enrolled.name, reason=reason or None
        )
        signed = BytesIO()
        sign_pdf(writer, about, _signer(enrolled), output=signed)
    except PdfError:
        return None
    return signed.getvalue()


def _signer(enrolled: Enrolled) -> SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko is half typed
    store.register(x509.Certificate.load(enrolled.root))
    return SimpleSigner(
        signing_cert=x509.Certificate.load(enrolled.certificate),
        signing_key=keys.PrivateKeyInfo.load(enrolled.key),
        cert_registry=store,
    )
