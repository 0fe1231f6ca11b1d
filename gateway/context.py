"""Who asks, for which purpose, under which deadline: decided once, before anything is parsed.

In: request headers and the configuration's callers. Out: a ``RequestContext``, and from it the
``CallContext`` that adapters get. What does not belong here: which fields may be read (``policy``).
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import msgspec

from adapters.contract import CallBudget, CallContext, Priority, Purpose
from gateway.config.model import CallerSettings, Config
from gateway.errors import BadUserInput, Unauthenticated, quote

__all__ = ["PUBLIC", "Caller", "Identification", "RequestContext", "new_operation_id"]

_PURPOSES: tuple[str, ...] = get_args(Purpose)

# Spellings of right keys: a caller has one, but "Bearer" may be written in many ways.
_KEPT_HEADERS = 1_000

# Seeded by the operating system in each process; asking it for each id costs five times as much.
_IDS = random.Random()


@dataclass(frozen=True, slots=True)
class Caller:
    """A known caller; ``agency`` is empty for the public."""

    name: str
    agency: str = ""
    roles: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    default_purpose: str | None = None
    priority: Priority = Priority.CITIZEN
    names_person: bool = False  # trusted to say which person asks through it


PUBLIC = Caller("public")
"""Everyone, where the configuration names no anonymous caller: public fields only."""


class RequestContext(msgspec.Struct, frozen=True, gc=False):
    """One request's identity. ``deadline`` is of the running loop's clock, in seconds.

    Built per request: a struct costs a fifth of a frozen dataclass.
    """

    caller: Caller
    purpose: str | None
    case: str | None  # the matter this is asked for, as the caller names it
    deadline: float
    forwarded: tuple[tuple[str, str], ...]  # headers that travel on to remote subgraphs
    require_complete: bool
    operation_id: str  # joins answer, log and audit; also the error id
    depth: int = 0  # 1: asked by an adapter, within another operation
    person: str | None = None  # NIK of who asks, as an app that logged the person in says


class Identification:
    """Tells who asks, by the callers and headers of one configuration."""

    def __init__(self, config: Config) -> None:
        self._by_hash = {
            settings.key_sha256: _caller(name, settings)
            for name, settings in config.callers.items()
            if settings.key_sha256 is not None
        }
        anonymous = [
            _caller(name, settings)
            for name, settings in config.callers.items()
            if settings.anonymous
        ]
        self._anonymous = anonymous[0] if anonymous else PUBLIC
        self._known: dict[str, Caller] = {}  # by header; hashing a key costs two microseconds
        self._propagated = tuple(map(str.lower, config.headers.propagate))
        self._sends_token = "authorization" in self._propagated
        self._seconds = config.limits.operation_seconds
        self._source_calls = config.limits.source_calls

    def callers(self) -> dict[str, Caller]:
        """Give every caller by its name."""
        return {caller.name: caller for caller in (*self._by_hash.values(), self._anonymous)}

    def identify(
        self, headers: Mapping[str, str], *, now: float, operation_id: str
    ) -> RequestContext:
        """Build the context of one request; raises ``Unauthenticated`` or ``BadUserInput``."""
        get = headers.get
        key, purpose, person = get("authorization"), get("simpul-purpose"), get("simpul-person")
        caller = self._anonymous if key is None or not self._by_hash else self._find(key)
        forwarded = []
        for name in self._propagated:
            if name in headers:
                forwarded.append((name, headers[name]))  # noqa: PERF401  # each would be one more call
        return RequestContext(
            caller,
            caller.default_purpose if purpose is None else _read_purpose(purpose, caller),
            get("simpul-case"),
            now + self._seconds,
            tuple(forwarded),
            "simpul-require" in headers and headers["simpul-require"].strip().lower() == "complete",
            operation_id,
            0,
            None if person is None else _read_person(person, caller),
        )

    def call_context(self, context: RequestContext, grant_profile: str) -> CallContext:
        """Give what adapters may know; the budget is fresh for each operation."""
        caller = context.caller
        return CallContext(
            caller.name,
            caller.agency,
            grant_profile,
            context.purpose,
            context.case,
            caller.priority,
            context.deadline,
            context.forwarded,
            context.operation_id,
            self._sends_token and any(name == "authorization" for name, _ in context.forwarded),
            CallBudget(self._source_calls),
            caller.roles,
            context.depth,
            context.person,
        )

    def _find(self, authorization: str) -> Caller:
        known = self._known.get(authorization)
        if known is None:
            known = self._find_by_key(authorization)
            if len(self._known) >= _KEPT_HEADERS:
                self._known.clear()
            self._known[authorization] = known
        return known

    def _find_by_key(self, authorization: str) -> Caller:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Unauthenticated('the header "Authorization" must be "Bearer KEY"')
        digest = hashlib.sha256(key.strip().encode()).hexdigest()
        for known, caller in self._by_hash.items():
            if hmac.compare_digest(known, digest):
                return caller
        raise Unauthenticated("no caller has this key; check the key, or ask for one")


def new_operation_id() -> str:
    """Draw an id that joins answer, log and audit; it need not be hard to guess."""
    return f"{_IDS.getrandbits(128):032x}"


def _caller(name: str, settings: CallerSettings) -> Caller:
    return Caller(
        name=name,
        agency=settings.agency,
        roles=settings.roles,
        purposes=settings.purposes,
        default_purpose=settings.default_purpose,
        priority=Priority[settings.priority],
        names_person=settings.names_person,
    )


def _read_person(named: str, caller: Caller) -> str:
    """Read who asks through an app; the number itself is in no message."""
    if not caller.names_person:
        raise BadUserInput(
            f'the caller "{caller.name}" may not say which person asks; leave the header '
            '"Simpul-Person" out, or set "names_person" for an app that people log in to'
        )
    person = named.strip()
    if len(person) != 16 or not (person.isascii() and person.isdigit()):
        raise BadUserInput('the header "Simpul-Person" must hold a NIK, sixteen digits')
    return person


def _read_purpose(named: str, caller: Caller) -> str:
    purpose = named.strip()
    if purpose not in _PURPOSES:
        raise BadUserInput(
            f'the header "Simpul-Purpose" names no purpose: {quote(purpose)}; '
            f"use one of {', '.join(_PURPOSES)}"
        )
    if caller.agency and purpose not in caller.purposes:
        raise BadUserInput(
            f'the caller "{caller.name}" may not ask for the purpose "{purpose}"; '
            f"its purposes are {', '.join(caller.purposes) or 'none'}"
        )
    return purpose
