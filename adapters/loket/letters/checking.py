"""Checks a signed file beside the event loop, and loads what that takes at the first file.

In: a file, trusted certificates in PEM, an instant. Out: a ``SignatureCheck``. What reads PAdES
signatures takes a second to load and tens of milliseconds a file: no start and no other request
waits for it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

__all__ = ["SignatureCheck", "check_document"]

_READER = "adapters.loket.letters.signature"


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What a file's signatures say, taken together."""

    signers: tuple[str, ...]  # common names of the certificates, in the order of signing
    genuine: bool  # every signature holds, is trusted, and the last one covers the whole file
    why: str = ""  # what is wrong, when it is not genuine; holds nothing personal


async def check_document(document: bytes, roots: bytes, *, at: datetime) -> SignatureCheck:
    """Check a file as of ``at``; raises ``ValueError`` for roots that are no PEM."""
    return await asyncio.to_thread(_check, document, roots, at)


def _check(document: bytes, roots: bytes, at: datetime) -> SignatureCheck:
    reader = import_module(_READER)
    check = reader.check_signatures(document, reader.read_roots(roots), at=at)
    found: SignatureCheck = asyncio.run(check)
    return found
