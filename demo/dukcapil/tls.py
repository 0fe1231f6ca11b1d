"""Self-signed TLS, as the verifying service has it.

In: a folder. Out: a server context, and the file of the authority that a client must trust.
"""

import ssl
from pathlib import Path

import trustme

from demo.server import HOST

__all__ = ["make_tls"]


def make_tls(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a self-signed authority with one certificate; return the context and the CA's file."""
    authority = trustme.CA(organization_name="Dukcapil demo")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, "localhost").configure_cert(context)
    path = folder / "dukcapil-ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return context, path
