"""The registry's inbox, opened; and what the configuration says about it.

In: the ``settings`` of the subgraph. Out: ``Oss``, which finds businesses by NIB and by owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from adapters.kit.adapter import AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.oss.mapping import group_by_nib, map_business
from adapters.oss.messages import KEYS_VERSION, read_message
from adapters.resilience.guard import SourceGuard
from adapters.sources.inbox import InboxOptions, InboxSettings, InboxSource

__all__ = ["SOURCE", "Oss", "OssSettings", "open_oss"]

SOURCE = "oss"


class OssSettings(AdapterSettings):
    """How the registry signs in when it pushes, and where its pushes are kept."""

    inbox: InboxOptions
    guard: GuardOptions = Field(default_factory=GuardOptions)


class Oss:
    """The inbox, opened."""

    def __init__(self, inbox: InboxSource, guard: SourceGuard) -> None:
        self._inbox = inbox
        self._guard = guard

    async def by_nib(self, nibs: Sequence[str], context: Context) -> dict[str, dict[str, Any]]:
        """Give businesses by NIB. Raises ``SourceError``."""
        guarded = await self._inbox.find("nib", nibs, context.call)
        wanted = {*nibs}
        found = _businesses(context.take(SOURCE, guarded))
        return {nib: business for nib, business in found.items() if nib in wanted}

    async def by_owner(
        self, niks: Sequence[str], context: Context
    ) -> dict[str, list[dict[str, Any]]]:
        """Give the businesses that each of these people owns now. Raises ``SourceError``."""
        guarded = await self._inbox.find("nib", niks, context.call, through="nik")
        owned: dict[str, list[dict[str, Any]]] = {nik: [] for nik in niks}
        for _, business in sorted(_businesses(context.take(SOURCE, guarded)).items()):
            owner = (business["pemilik"] or {}).get("nik")
            if owner in owned:  # a former owner's number found it, too
                owned[owner].append(business)
        return owned

    async def aclose(self) -> None:
        """End the flights and close the store; idempotent."""
        await self._guard.aclose()
        await self._inbox.aclose()


async def open_oss(settings: OssSettings, opening: Opening) -> Oss:
    """Open the inbox, and let the gateway deliver to it."""
    guard = opening.new_guard(SOURCE, settings.guard)
    kept = InboxSettings(
        settings.inbox.database_url(opening.base, opening.state),
        KEYS_VERSION,
        body_bytes=settings.inbox.body_bytes,
    )
    inbox = InboxSource(
        opening.name, kept, settings.inbox.credential(), read_message, guard, clock=opening.clock
    )
    await inbox.open()
    opening.inboxes[opening.name] = inbox
    opening.observed[f"{SOURCE}/inbox"] = inbox.status
    return Oss(inbox, guard)


def _businesses(pushes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    mapped = {nib: map_business(group) for nib, group in group_by_nib(pushes).items()}
    return {nib: business for nib, business in mapped.items() if business is not None}
