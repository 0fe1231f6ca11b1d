"""The TLS of one remote subgraph, from its settings.

In: ``subgraphs.NAME.tls``. Out: a context, or ``None`` where the system's trust will do. Files are
read afresh at each call, so that a reload takes renewed certificates.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from adapters.http_client import present_certificate, trusting_context
from gateway.config.model import SubgraphSettings

__all__ = ["TlsUnreadable", "build_tls"]


class TlsUnreadable(Exception):
    """A file of the TLS settings cannot be used; the text says which, and why."""


def build_tls(settings: SubgraphSettings | None) -> ssl.SSLContext | None:
    """Build the context; raises ``TlsUnreadable``."""
    tls = settings.tls if settings else None
    if tls is None:
        return None
    context = trusting_context() if tls.ca is None else _trusting(tls.ca)
    if tls.certificate is not None:
        try:
            present_certificate(context, tls.certificate, tls.key)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            files = f'"certificate" {tls.certificate}'
            if tls.key is not None:
                files += f', "key" {tls.key}'
            raise TlsUnreadable(f"tls: {files}: cannot be used: {_reason(error)}") from None
    return context


def _trusting(ca: Path) -> ssl.SSLContext:
    try:
        return trusting_context(ca.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise TlsUnreadable(f'tls: "ca" {ca}: cannot be used: {_reason(error)}') from None


def _reason(error: OSError | ValueError) -> str:
    match error:
        case ssl.SSLError(reason="KEY_VALUES_MISMATCH"):
            return "the key is not the certificate's"
        case ssl.SSLError():
            return "not PEM, or a key under a password"
        case OSError(strerror=str(text)):
            return text
    return "not PEM"
