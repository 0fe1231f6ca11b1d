"""Who asks, for which purpose, under which deadline: decided once, before anything is parsed.

In: request headers and the configuration's callers. Out: a ``RequestContext``, and from it the
``CallContext`` that adapters get. What does not belong here: which fields may be read (``policy``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from adapters.contract import CallBudget, CallContext, Priority
from gateway.config.model import CallerSettings, Config, Purpose
from gateway.errors import BadUserInput, Unauthenticated, quote

__all__ = ["Caller", "CallerDirectory", "RequestContext", "build_call_context", "identify"]

PURPOSES: tuple[str, ...] = get_args(Purpose)


@dataclass(frozen=True, slots=True)
class Caller:
    """A known caller; ``agency`` is empty for the public."""

    name: str
    agency: str = ""
    roles: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    default_purpose: str | None = None
    priority: Priority = Priority.CITIZEN


PUBLIC = Caller("public")
"""Everyone, where the configuration names no anonymous caller: public fields only."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request's identity. ``deadline`` is of the running loop's clock, in seconds."""

    caller: Caller
    purpose: str | None
    case: str | None  # the matter this is asked for, as the caller names it
    deadline: float
    forwarded: tuple[tuple[str, str], ...]  # headers that travel on to remote subgraphs
    require_complete: bool
    operation_id: str  # joins answer, log and audit; also the error id


class CallerDirectory:
    """The callers of one configuration, found by the hash of their key."""

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

    def by_name(self) -> dict[str, Caller]:
        """Give every caller by its name."""
        return {caller.name: caller for caller in (*self._by_hash.values(), self._anonymous)}

    def find(self, authorization: str | None) -> Caller:
        """Find the caller of an ``Authorization`` value; raises ``Unauthenticated``."""
        if authorization is None or not self._by_hash:
            return self._anonymous
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Unauthenticated('the header "Authorization" must be "Bearer KEY"')
        digest = hashlib.sha256(key.strip().encode()).hexdigest()
        for known, caller in self._by_hash.items():
            if hmac.compare_digest(known, digest):
                return caller
        raise Unauthenticated("no caller has this key; check the key, or ask for one")


def identify(
    headers: Mapping[str, str],
    callers: CallerDirectory,
    config: Config,
    *,
    now: float,
    operation_id: str,
) -> RequestContext:
    """Build the context of one request; raises ``Unauthenticated`` or ``BadUserInput``."""
    caller = callers.find(headers.get("authorization"))
    return RequestContext(
        caller=caller,
        purpose=_find_purpose(headers.get("simpul-purpose"), caller),
        case=headers.get("simpul-case"),
        deadline=now + config.limits.operation_seconds,
        forwarded=tuple(
            (name, headers[name])
            for name in map(str.lower, config.headers.propagate)
            if name in headers
        ),
        require_complete=headers.get("simpul-require", "").strip().lower() == "complete",
        operation_id=operation_id,
    )


def build_call_context(
    context: RequestContext, *, grant_profile: str, source_calls: int
) -> CallContext:
    """Give what adapters may know; the budget is fresh for each operation."""
    return CallContext(
        caller=context.caller.name,
        agency=context.caller.agency,
        grant_profile=grant_profile,
        purpose=context.purpose,
        case=context.case,
        priority=context.caller.priority,
        deadline=context.deadline,
        headers=context.forwarded,
        operation_id=context.operation_id,
        personal_token=any(name == "authorization" for name, _ in context.forwarded),
        budget=CallBudget(source_calls),
    )


def _caller(name: str, settings: CallerSettings) -> Caller:
    return Caller(
        name=name,
        agency=settings.agency,
        roles=settings.roles,
        purposes=settings.purposes,
        default_purpose=settings.default_purpose,
        priority=Priority[settings.priority],
    )


def _find_purpose(named: str | None, caller: Caller) -> str | None:
    if named is None:
        return caller.default_purpose
    purpose = named.strip()
    if purpose not in PURPOSES:
        raise BadUserInput(
            f'the header "Simpul-Purpose" names no purpose: {quote(purpose)}; '
            f"use one of {', '.join(PURPOSES)}"
        )
    if caller.agency and purpose not in caller.purposes:
        raise BadUserInput(
            f'the caller "{caller.name}" may not ask for the purpose "{purpose}"; '
            f"its purposes are {', '.join(caller.purposes) or 'none'}"
        )
    return purpose
