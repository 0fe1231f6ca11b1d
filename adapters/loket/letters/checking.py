"""Checks signed files beside the event loop, each of them once.

In: a file, the file of trusted certificates in PEM, an instant. Out: a ``SignatureCheck``. What
reads PAdES signatures takes a second to load and ten milliseconds a file: no start and no other
request waits for it, and a letter that is found genuine when it is signed is known by its hash when
it is issued, as long as its certificates hold and the trusted ones are the same.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path

__all__ = ["DocumentChecks", "SignatureCheck"]

_READER = "adapters.loket.letters.signature"

# A letter is issued minutes or hours after it was signed: as many as a busy kelurahan has in a day,
# at some hundred bytes each. One that was forgotten is checked again.
_MOST_KNOWN = 1_000


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What a file's signatures say, taken together."""

    signers: tuple[str, ...]  # common names of the certificates, in the order of signing
    genuine: bool  # every signature holds, is trusted, and the last one covers the whole file
    why: str = ""  # what is wrong, when it is not genuine; holds nothing personal
    until: datetime | None = None  # when the first of the certificates ends; None: not genuine


@dataclass(slots=True)
class DocumentChecks:
    """Checks files one after the other, and remembers those that are genuine."""

    made: int = 0  # files that were read
    _known: OrderedDict[tuple[bytes, bytes], SignatureCheck] = field(default_factory=OrderedDict)
    # One thread at a time: each holds the interpreter for as long as the loop waits at most.
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def check(self, document: bytes, roots: Path, *, at: datetime) -> SignatureCheck:
        """Check a file as of ``at``, with the certificates in ``roots`` as they are now.

        Raises ``ValueError`` for roots that are no PEM, ``OSError`` if they cannot be read.
        """
        async with self._turn:
            return await asyncio.to_thread(self._check, document, roots, at)

    def _check(self, document: bytes, roots: Path, at: datetime) -> SignatureCheck:
        trusted = roots.read_bytes()
        key = (hashlib.sha256(document).digest(), hashlib.sha256(trusted).digest())
        known = self._known.get(key)
        if known is not None and known.until is not None and at <= known.until:
            return known
        self.made += 1
        check = _read(document, trusted, at)
        if check.genuine:
            self._known[key] = check
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return check


def _read(document: bytes, roots: bytes, at: datetime) -> SignatureCheck:
    """Read the signatures in this thread.

    What reads them is written for an event loop, as it may ask a network; here it asks none, and so
    comes to its end at once. A loop of its own would cost a fifth of all it does.
    """
    reader = import_module(_READER)
    check = reader.check_signatures(document, reader.read_roots(roots), at=at)
    try:
        check.send(None)
    except StopIteration as done:
        found: SignatureCheck = done.value
        return found
    finally:
        check.close()
    raise RuntimeError("a check of signatures waits for something")
