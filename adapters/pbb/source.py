"""The tax office's service: parcels by NOP or by taxpayer, 50 of them in one call.

In: NOPs, NIKs. Out: rows by the WSDL's names; raises ``SourceError``. The service tells by faults
what others tell by answers: that nothing was found, that the day's calls are used up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr

from adapters.errors import AccessDenied, QuotaExhausted, RecordNotFound, SourceError
from adapters.http_client import HttpClient
from adapters.kit.adapter import AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.resilience.guard import SourceGuard
from adapters.sources.soap import SoapFault, SoapSettings, SoapSource

__all__ = ["SOURCE", "Pbb", "PbbSettings", "open_pbb"]

SOURCE: Final = "pbb"

_WSDL = Path(__file__).parent / "pbb.wsdl"
_AT_ONCE = 50  # the most that one call may ask for
_PARALLEL = 5
_HEADERS = {"sesi": {"kanal": "simpul"}}


class PbbSettings(AdapterSettings):
    """Where the service listens, and who we are to it."""

    url: str
    username: str
    password: SecretStr
    guard: GuardOptions = Field(default_factory=GuardOptions)


class Pbb:
    """The service, opened."""

    def __init__(
        self, source: SoapSource, guard: SourceGuard, own_client: HttpClient | None
    ) -> None:
        self._source = source
        self._guard = guard
        self._own_client = own_client

    async def find(
        self, by: str, keys: Sequence[str], context: Context
    ) -> tuple[list[dict[str, Any]], dict[str, SourceError]]:
        """Give the parcels with one of these keys (``by``: ``nop`` or ``nik``), and why for some
        keys there is no answer."""
        parts = [keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE)]
        answers = await asyncio.gather(*(self._ask(by, part, context) for part in parts))
        rows: list[dict[str, Any]] = []
        failed: dict[str, SourceError] = {}
        for part, answer in zip(parts, answers, strict=True):
            if isinstance(answer, SourceError):
                failed |= dict.fromkeys(part, answer)
            else:
                rows += answer
        return rows, failed

    async def aclose(self) -> None:
        """End the flights and close what is ours; idempotent."""
        await self._source.aclose()
        await self._guard.aclose()
        if self._own_client is not None:
            await self._own_client.aclose()

    async def _ask(
        self, by: str, keys: Sequence[str], context: Context
    ) -> list[dict[str, Any]] | SourceError:
        operation = "CariMenurutNop" if by == "nop" else "CariMenurutNik"
        guarded = await self._source.call(operation, {by: [*keys]}, context.call, headers=_HEADERS)
        if isinstance(guarded.error, RecordNotFound):
            context.record(SOURCE, calls=guarded.calls, span=guarded.span)  # it answered
            return []
        try:
            rows = context.take(SOURCE, guarded)
        except SourceError as error:
            return error
        return [row for row in rows or () if isinstance(row, dict)]


async def open_pbb(settings: PbbSettings, opening: Opening) -> Pbb:
    """Open the service; its WSDL is in this package, so it may be down."""
    client = opening.client or HttpClient()
    guard = opening.new_guard(SOURCE, settings.guard, parallel=_PARALLEL)
    described = SoapSettings(
        _WSDL,
        settings.url,
        username=settings.username,
        password=settings.password.get_secret_value(),
    )
    source = await asyncio.to_thread(
        lambda: SoapSource(SOURCE, described, client, guard, read_fault=_read_fault)
    )
    return Pbb(source, guard, None if opening.client else client)


def _read_fault(fault: SoapFault) -> SourceError | None:
    match fault.detail.get("kode"):
        case "DATA_KOSONG":
            return RecordNotFound("the tax office knows none of them")
        case "KUOTA_HABIS":
            return QuotaExhausted("the tax office's calls of today are used up")
        case "TIDAK_BERHAK":
            return AccessDenied("the tax office does not let us ask this")
    return None
