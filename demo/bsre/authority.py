"""The authority's keys: a root made at each start, and a certificate for whoever signs.

In: a signer. Out: what a signature is made with, and the root's certificate, with which anybody can
check it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from demo.bsre.signers import Signer
from demo.clock import NOW

__all__ = ["Authority", "Enrolled"]

_YEARS = timedelta(days=3650)
_ROOT_NAME = "BSrE (rekaan)"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who may sign, in DER."""

    name: str
    certificate: bytes
    key: bytes = field(repr=False)  # PKCS #8
    root: bytes  # the certificate that vouches for it


@dataclass(slots=True)
class Authority:
    """A root certificate with its key."""

    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    _root: x509.Certificate = field(init=False)
    _enrolled: dict[str, Enrolled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._root = self._certify(_ROOT_NAME, self._key, is_root=True)

    def root_pem(self) -> bytes:
        """Give the root's certificate."""
        return self._root.public_bytes(Encoding.PEM)

    def enrol(self, signer: Signer) -> Enrolled:
        """Give the signer's certificate and key, made the first time."""
        known = self._enrolled.get(signer.nik)
        if known is None:
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = self._certify(signer.name, key, is_root=False)
            known = self._enrolled[signer.nik] = Enrolled(
                signer.name,
                certificate.public_bytes(Encoding.DER),
                key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
                self._root.public_bytes(Encoding.DER),
            )
        return known

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
