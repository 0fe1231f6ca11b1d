"""TLS contexts: verified by default, by a given authority, or pinned to one certificate; and our
own certificate, where the other side wants to see one.

There is no way to switch verification off: a legacy system with a self-signed certificate is
pinned to exactly that certificate.
"""

from __future__ import annotations

import ssl
from pathlib import Path

__all__ = ["pinned_context", "present_certificate", "trusting_context"]


def trusting_context(authorities_pem: str | None = None) -> ssl.SSLContext:
    """Trust the system's authorities, or only those given; the host name must match."""
    return ssl.create_default_context(cadata=authorities_pem)


def pinned_context(certificate_pem: str) -> ssl.SSLContext:
    """Trust exactly this (self-signed) certificate, whatever host name it bears.

    Old certificates bear no name or a wrong one; that the peer holds this certificate's key
    says more than a name would.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=certificate_pem)
    return context


def present_certificate(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    """Let ``context`` show our certificate; raises ``OSError`` or ``ssl.SSLError``.

    Both are PEM files; without ``key`` the certificate's file holds the key too. A key under a
    password is refused: nobody is there to type it.
    """
    context.load_cert_chain(certificate, key, password=lambda: "")
