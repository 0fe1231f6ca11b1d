"""Whether a server could listen where the user wants it, before anything else is started.

In: host and port. Out: nothing, or a ``Failure`` that says what to do. The server would notice as
well, but only after the schema is composed or the fleet is up, and in the system's words.
"""

from __future__ import annotations

import errno
import os
import socket

from gateway.cli.output import Failure

__all__ = ["require_port"]


def require_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on; port 0 takes a free one."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Failure(f'cannot listen on "{host}:{port}": {_advise(error)}') from None


def _advise(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "the host is not known: name an address of this machine"
    if error.errno == errno.EADDRINUSE:
        return "the port is taken: stop what listens there, or choose another port"
    if error.errno == errno.EACCES:
        return "ports below 1024 need a privilege: choose a higher one"
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine does not have that address"
    return os.strerror(error.errno or 0)
