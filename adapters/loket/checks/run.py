"""One round of checks: every check of the service, asked without holding anything.

In: an ``Inquiry`` and a service. Out: one row per check, as the store keeps it: result, reason,
sources, and a keyed hash of what was asked with. The values themselves are not kept.
"""

from __future__ import annotations

from typing import Any

import msgspec

from adapters.loket.checks.catalog import CHECKS
from adapters.loket.checks.finding import Finding, Result
from adapters.loket.checks.inquiry import Inquiry, Unanswered
from adapters.loket.services import Service
from cache.hash_chain import keyed_hash

__all__ = ["FORM_INCOMPLETE", "make_checks"]

FORM_INCOMPLETE = "ISIAN_KURANG"
"""Why a check is not made while the form is being filled in; an application's form is whole."""


async def make_checks(inquiry: Inquiry, service: Service, key: bytes) -> list[dict[str, Any]]:
    """Make all checks of ``service``; never raises for what an agency may do."""
    return [
        await _make(inquiry, code, blocks=blocks, key=key)
        for code, blocks in service.checks.items()
    ]


async def _make(inquiry: Inquiry, code: str, *, blocks: bool, key: bytes) -> dict[str, Any]:
    inquiry.begin()
    check = CHECKS[code]
    try:
        if not all(inquiry.facts.form.get(name) for name in check.needs):
            raise Unanswered(FORM_INCOMPLETE)
        found = await check.make(inquiry)
    except Unanswered as unanswered:
        found = Finding(Result.BELUM_DAPAT, unanswered.code)
    notes = inquiry.notes
    told = [code, inquiry.facts.applicant, notes.inputs]
    return {
        "kode": code,
        "hasil": str(found.result),
        "alasan": found.reason,
        "menghalangi": blocks,
        "sumber": ",".join(notes.sources),
        "sidik": keyed_hash(key, msgspec.json.encode(told, order="deterministic").decode()),
    }
