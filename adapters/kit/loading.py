"""Batches of one fetch: which keys and parents to ask for, asked once, matched by key.

In: an adapter's functions and the keys wanted of each. Out: outcomes by key. What one fetch has
loaded stays until its end and serves no other: a loader shared between callers would show one
person's records to another.

A function that raises ``SourceError`` failed for all its keys; one that raises anything else has
a bug, which is logged by kind and place, without its text, and masked.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.errors import SourceError, SourceTimeout
from adapters.kit.context import Context
from adapters.kit.definition import Lookup, Relation, Wanted
from adapters.kit.outcome import (
    Denied,
    Failed,
    Found,
    InvalidArgument,
    NotFound,
    Outcome,
    Refused,
)
from adapters.kit.reading import join_records

__all__ = [
    "CRASHED",
    "Crashed",
    "Loads",
    "as_outcome",
    "call_function",
    "call_relation",
    "outcome_for",
    "outcomes_of",
    "run_together",
]

_LOG = logging.getLogger("simpul.adapters")


class Crashed:
    """The outcome of a function with a bug."""


CRASHED = Crashed()
_NOT_FOUND = NotFound()
_OUTCOMES = frozenset((Found, NotFound, Denied, Failed, Refused, Crashed))


@dataclass(slots=True)
class _Loaded:
    """What was asked for one key so far, and what came."""

    asked: Wanted
    outcome: Outcome | Crashed


@dataclass(slots=True)
class Loads:
    """The lookups of one fetch: planned in a round, run together, remembered."""

    context: Context
    _known: dict[tuple[int, Any], _Loaded] = field(default_factory=dict)
    _planned: dict[int, tuple[Lookup, dict[Any, Wanted]]] = field(default_factory=dict)

    def plan(self, lookup: Lookup, key: Any, wanted: Wanted) -> None:
        """Ask for ``key`` in the coming round; what is known already is not asked again."""
        known = self._known.get((id(lookup), key))
        if known is not None:
            wanted = wanted - known.asked
            if not wanted or not isinstance(known.outcome, Found):
                return
        _, keys = self._planned.setdefault(id(lookup), (lookup, {}))
        keys[key] = keys[key] | wanted if key in keys else wanted

    async def run(self) -> None:
        """Run the planned lookups: one call per lookup and set of wanted fields."""
        batches: list[tuple[Lookup, list[Any], Wanted]] = []
        for lookup, keys in self._planned.values():
            by_wanted: dict[Wanted, list[Any]] = {}
            for key, wanted in keys.items():
                by_wanted.setdefault(wanted, []).append(key)
            batches += [(lookup, group, wanted) for wanted, group in by_wanted.items()]
        self._planned = {}
        answers = await run_together(
            [self._call(lookup, group, wanted) for lookup, group, wanted in batches]
        )
        for (lookup, group, wanted), outcomes in zip(batches, answers, strict=True):
            for key in group:
                self._keep(lookup, key, wanted, outcome_for(outcomes, key))

    def outcome(self, lookup: Lookup, key: Any) -> Outcome | Crashed:
        """Give what came for ``key``."""
        return self._known[id(lookup), key].outcome

    def forget(self) -> None:
        """Drop what was loaded: a mutation may have changed it."""
        self._known.clear()

    def _call(self, lookup: Lookup, keys: Sequence[Any], wanted: Wanted) -> Awaitable[Any]:
        return call_function(
            self.context, lookup.type_name, lambda: lookup.function(keys, wanted, self.context)
        )

    def _keep(self, lookup: Lookup, key: Any, wanted: Wanted, outcome: Outcome | Crashed) -> None:
        known = self._known.get((id(lookup), key))
        if known is None:
            self._known[id(lookup), key] = _Loaded(wanted, outcome)
            return
        known.asked |= wanted
        if isinstance(outcome, Found) and isinstance(known.outcome, Found):
            merged = join_records(known.outcome.record, outcome.record)
            known.outcome = Found(merged, outcome.as_of)
        else:
            known.outcome = outcome


async def call_relation(
    context: Context,
    relation: Relation,
    keys: Sequence[Any],
    wanted: Wanted,
    arguments: Mapping[str, Any],
) -> Any:
    """Run one relation for all ``keys``."""
    return await call_function(
        context,
        f"{relation.type_name}.{relation.field}",
        lambda: relation.function(keys, wanted, context, **arguments),
    )


async def call_function(
    context: Context, coordinate: str, call: Callable[[], Awaitable[Any]]
) -> Any:
    """Await an adapter's function under the caller's deadline; faults come back as outcomes."""
    try:
        if context.call.deadline is None:
            return await call()
        async with asyncio.timeout_at(context.call.deadline) as limit:
            return await call()
    except SourceError as error:
        return Failed(error)
    except InvalidArgument as refusal:
        return Refused(str(refusal))
    except TimeoutError as error:
        if context.call.deadline is not None and limit.expired():
            return Failed(SourceTimeout(f'"{coordinate}" was not answered before the deadline.'))
        return _masked(coordinate, error)
    except Exception as error:
        return _masked(coordinate, error)


async def run_together(calls: Sequence[Awaitable[Any]]) -> list[Any]:
    """Await all; a single one without the cost of a task. The awaitables do not raise."""
    if len(calls) == 1:
        return [await calls[0]]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_run(call)) for call in calls]
    return [task.result() for task in tasks]


async def outcomes_of(
    events: AsyncIterator[Any], coordinate: str
) -> AsyncIterator[Outcome | Crashed]:
    """Yield the outcome of each event; a fault is the last one."""
    try:
        async for event in events:
            yield as_outcome(event)
    except SourceError as error:
        yield Failed(error)
    except InvalidArgument as refusal:
        yield Refused(str(refusal))
    except Exception as error:
        yield _masked(coordinate, error)


def outcome_for(outcomes: Any, key: Any) -> Outcome | Crashed:
    """Pick the outcome of ``key`` out of a function's answer; a missing key was not found."""
    if type(outcomes) is dict:
        return as_outcome(outcomes.get(key, _NOT_FOUND))
    if isinstance(outcomes, (Failed, Denied, Refused, Crashed)):
        return outcomes
    return as_outcome(outcomes.get(key, _NOT_FOUND)) if isinstance(outcomes, Mapping) else CRASHED


def as_outcome(value: Any) -> Outcome | Crashed:
    """Take a bare record for ``Found``."""
    return value if type(value) in _OUTCOMES else Found(value)


def _masked(coordinate: str, error: Exception) -> Crashed:
    """Log a bug by kind and place: its text may hold a person's record."""
    frames: Iterable[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in [*frames][::-1][:4])
    _LOG.error('adapter function failed at "%s": %s at %s', coordinate, type(error).__name__, place)
    return CRASHED


async def _run(call: Awaitable[Any]) -> Any:
    return await call
