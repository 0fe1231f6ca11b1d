"""The ledger of several workers: one process counts, the others ask it.

In: a peer at whose other end ``answer_ledger`` answers. Out: the contract of ``ledger``. The cap
holds for all workers together, because one process counts; a parent out of reach is a ledger out
of reach, and capped sources refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cache.errors import LedgerUnavailable, PeerLost
from cache.ledger import Lease, Ledger, Refused
from cache.peer import Peer

__all__ = ["SocketLedger", "answer_ledger"]


class SocketLedger:
    """Counts at the other end of ``peer``."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def reserve(self, key: str, units: int = 1, *, limit: int) -> Lease | Refused:
        """Count ``units`` if the day's ``limit`` covers them; raises ``LedgerUnavailable``."""
        try:
            answer = await self._peer.call("reserve", key=key, units=units, limit=limit)
        except PeerLost as error:
            raise LedgerUnavailable("the process that counts quotas is gone") from error
        if "day" in answer:
            return Lease(key, units, date.fromisoformat(answer["day"]), answer["used"])
        if "resets_at" in answer:
            return Refused(key, limit, datetime.fromisoformat(answer["resets_at"]))
        raise LedgerUnavailable(answer["unavailable"])


async def answer_ledger(ledger: Ledger, arguments: Mapping[str, Any]) -> dict[str, str | int]:
    """Answer a worker's ``reserve``."""
    try:
        answer = await ledger.reserve(
            arguments["key"], arguments["units"], limit=arguments["limit"]
        )
    except LedgerUnavailable as error:
        return {"unavailable": str(error)}
    if isinstance(answer, Refused):
        return {"resets_at": answer.resets_at.isoformat()}
    return {"day": answer.day.isoformat(), "used": answer.used}
