"""Who acts: a caller's roles, where each holds, and what the caller may see.

In: a ``CallContext``, whose roles are the gateway's, and the officers of the settings. Out: an
``Actor``. A role of an office holds only for a caller that is named as its officer, and there only
in the officer's area. Who applies acts for oneself or as the proxy that the application records;
an app says which person asks, and a caller that names nobody acts on what it submitted itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from adapters.contract import CallContext
from adapters.loket.life import Role
from adapters.loket.settings import OfficerSettings

__all__ = ["Actor", "Actors", "Matter", "Sight", "matter_of"]

_KNOWN = frozenset(Role)
_WITHOUT_OFFICE = frozenset({Role.PEMOHON, Role.PUBLIK})


@dataclass(frozen=True, slots=True)
class Matter:
    """What rights over an application depend on."""

    kelurahan: str
    rt: str | None
    rw: str | None
    applicant: str  # NIK
    proxy: str | None  # NIK
    submitted_by: str | None  # caller; None: it is being submitted


@dataclass(frozen=True, slots=True)
class Sight:
    """The applications that an actor may see: those of the area, and those of one's own."""

    area: str | None = None  # of an officer; None: of none
    rt: str | None = None
    rw: str | None = None
    person: str | None = None  # NIK of the applicant or the proxy
    submitted_by: str | None = None  # caller that names no person


@dataclass(frozen=True, slots=True)
class Actor:
    """One caller at the counter."""

    caller: str
    roles: tuple[Role, ...]  # all that the caller has, wherever they hold
    officer: OfficerSettings | None = None
    person: str | None = None  # NIK of who asks through the caller

    def roles_at(self, matter: Matter) -> tuple[Role, ...]:
        """Give the roles that hold for an application."""
        officer = self.officer
        inside = officer is not None and officer.covers(matter.kelurahan, matter.rt, matter.rw)
        holds = {Role.PEMOHON: self._is_own(matter), Role.PUBLIK: True}
        return tuple(role for role in self.roles if holds.get(role, inside))

    def may_see(self, matter: Matter) -> bool:
        """Tell whether the application is shown to the actor at all."""
        return any(role is not Role.PUBLIK for role in self.roles_at(matter))

    def is_proxy(self, matter: Matter) -> bool:
        """Tell whether the actor acts by the power of attorney that the application records."""
        return self.person is not None and self.person == matter.proxy != matter.applicant

    @property
    def sight(self) -> Sight | None:
        """What the actor may see of all applications; None: nothing."""
        own = Role.PEMOHON in self.roles
        if not own and self.officer is None:
            return None
        officer = self.officer
        return Sight(
            officer.wilayah if officer else None,
            officer.rt if officer else None,
            officer.rw if officer else None,
            self.person if own else None,
            self.caller if own and self.person is None else None,
        )

    def _is_own(self, matter: Matter) -> bool:
        if self.person is not None:
            return self.person in (matter.applicant, matter.proxy)
        return matter.submitted_by in (None, self.caller)


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
            if name in _KNOWN and (name in _WITHOUT_OFFICE or name in held)
        )
        # Who is named an officer but has no role of it in the gateway's configuration is none.
        acts = officer if not _WITHOUT_OFFICE.issuperset(roles) else None
        return Actor(call.caller, roles, acts, call.person)


def matter_of(row: Any) -> Matter:
    """Read it from a row of the table ``permohonan``."""
    return Matter(row.kelurahan, row.rt, row.rw, row.pemohon_nik, row.kuasa_nik, row.pengaju)
