"""The authority's keys: a root made at each start, and a certificate for whoever signs.

In: a signer, a PDF. Out: the PDF with a signature over all its bytes, which anybody can check with
the root's certificate; a changed byte breaks it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

from demo.bsre.signers import Signer
from demo.clock import NOW

__all__ = ["Authority"]

_YEARS = timedelta(days=3650)
_ROOT_NAME = "BSrE (rekaan)"


@dataclass(slots=True)
class Authority:
    """A root certificate with its key."""

    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    _root: x509.Certificate = field(init=False)
    _signers: dict[str, SimpleSigner] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._root = self._certify(_ROOT_NAME, self._key, is_root=True)

    def root_pem(self) -> bytes:
        """Give the root's certificate, with which signatures are checked."""
        return self._root.public_bytes(Encoding.PEM)

    def sign(self, signer: Signer, document: bytes, reason: str) -> bytes:
        """Sign a PDF; raises whatever pyHanko raises for what is none."""
        known = self._signers.get(signer.nik)
        if known is None:
            known = self._signers[signer.nik] = self._enrol(signer)
        writer = IncrementalPdfFileWriter(BytesIO(document))
        count = len(list(writer.prev.embedded_signatures))
        about = PdfSignatureMetadata(
            field_name=f"Tanda{count + 1}", name=signer.name, reason=reason or None
        )
        signed = BytesIO()
        sign_pdf(writer, about, known, output=signed)
        return signed.getvalue()

    def _enrol(self, signer: Signer) -> SimpleSigner:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certify(signer.name, key, is_root=False)
        encoded = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko is half typed
        store.register(_asn1(self._root))
        return SimpleSigner(
            signing_cert=_asn1(certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(encoded),
            cert_registry=store,
        )

    def _certify(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, is_root: bool
    ) -> x509.Certificate:
        begins = datetime(NOW.year - 1, 1, 1)
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _ROOT_NAME)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + _YEARS)
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=not is_root,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=is_root,
                    crl_sign=is_root,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .sign(self._key, SHA256())
        )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    loaded: asn1_x509.Certificate = asn1_x509.Certificate.load(
        certificate.public_bytes(Encoding.DER)
    )
    return loaded
