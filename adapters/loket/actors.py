"""Who acts: a caller's roles, and the area in which each holds.

In: a ``CallContext``, whose roles are the gateway's, and the officers of the settings. Out: an
``Actor``. A role of an office holds only for a caller that is named as its officer, and there only
in the officer's area; who applies, for oneself or as an app for others, has no area.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.contract import CallContext
from adapters.loket.life import Role
from adapters.loket.settings import OfficerSettings

__all__ = ["Actor", "Actors"]

_WITHOUT_AREA = frozenset({Role.PEMOHON, Role.PUBLIK})
_KNOWN = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Actor:
    """One caller at the counter."""

    caller: str
    roles: tuple[Role, ...]  # all that the caller has, wherever they hold
    officer: OfficerSettings | None = None

    def roles_at(
        self, kelurahan: str, rt: str | None, rw: str | None, submitted_by: str | None
    ) -> tuple[Role, ...]:
        """Give the roles that hold for an application; None: it is being submitted.

        Who applies acts only on what the same caller submitted.
        """
        is_own = submitted_by in (None, self.caller)
        inside = self.officer is not None and self.officer.covers(kelurahan, rt, rw)
        return tuple(role for role in self.roles if (is_own if role in _WITHOUT_AREA else inside))


class Actors:
    """All officers, by caller and by NIP."""

    def __init__(self, officers: Iterable[OfficerSettings]) -> None:
        self._by_caller = {officer.caller: officer for officer in officers}
        self.by_nip = {officer.nip: officer for officer in self._by_caller.values()}

    def find(self, call: CallContext) -> Actor:
        """Give who calls; roles that the counter does not know are left out."""
        officer = self._by_caller.get(call.caller)
        held = frozenset(officer.roles) if officer else frozenset()
        roles = tuple(
            Role(name)
            for name in call.roles
            if name in _KNOWN and (name in _WITHOUT_AREA or name in held)
        )
        return Actor(call.caller, roles, officer)
