"""The registry's two messages, as they arrive.

In: a body ``{"receiveNib": {…}}`` or ``{"receiveLicenseStatus": {…}}``. Out: its fields with the
method's name, the keys under which it is found (the NIB, the owner's NIK), and the sender's
message id. What is wrong inside a message is a defect of a field later; here only what could never
be found again is refused.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from adapters.kit.normalize.nik import is_nik, normalize_nik
from adapters.kit.normalize.null import clean_text
from adapters.sources.inbox import MessageRefused, Reading

__all__ = ["KEYS_VERSION", "LICENSE_STATUS", "METHOD", "NIB_DATA", "nik_of", "read_message"]

KEYS_VERSION: Final = "1"
"""Another one whenever ``read_message`` gives other keys: all stored pushes are then read again."""

METHOD: Final = "@method"
NIB_DATA: Final = "receiveNib"
LICENSE_STATUS: Final = "receiveLicenseStatus"

_NIB = re.compile(r"[0-9]{13}")


def read_message(body: bytes) -> Reading:
    """Read a push; raises ``MessageRefused``."""
    try:
        message = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        raise MessageRefused("the body is no JSON") from None
    if not isinstance(message, dict) or len(message) != 1:
        raise MessageRefused(f'the body must hold one of "{NIB_DATA}" and "{LICENSE_STATUS}"')
    ((method, fields),) = message.items()
    if method not in (NIB_DATA, LICENSE_STATUS) or not isinstance(fields, dict):
        raise MessageRefused(f'the body must hold one of "{NIB_DATA}" and "{LICENSE_STATUS}"')
    nib = clean_text(fields.get("nib"))
    if nib is None or _NIB.fullmatch(nib) is None:
        raise MessageRefused('"nib" must have 13 digits')
    keys = [("nib", nib)]
    nik = nik_of(fields)
    if method == NIB_DATA and nik is not None:
        keys.append(("nik", nik))
    return Reading(
        {**fields, METHOD: method, "nib": nib}, tuple(keys), clean_text(fields.get("id_pesan"))
    )


def nik_of(fields: dict[str, Any]) -> str | None:
    """Give the NIK of the person in charge; None where the identity is none, or unreadable."""
    try:
        nik = normalize_nik(fields.get("no_identitas_penanggung_jwb"))
    except ValueError:
        return None
    return nik if is_nik(nik) else None
