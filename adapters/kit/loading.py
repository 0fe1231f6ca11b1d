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
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
class _Planned:
    """What the coming round asks of one lookup."""

    lookup: Lookup
    keys: dict[Any, Wanted]
    is_mixed: bool = False  # not all keys are asked for the same fields


class _Loaded(NamedTuple):
    """One call of a lookup, and what came."""

    keys: Container[Any]
    asked: Wanted
    outcomes: Any


@dataclass(slots=True)
class Loads:
    """The lookups of one fetch: planned in a round, run together, remembered."""

    context: Context
    _known: dict[int, list[_Loaded]] = field(default_factory=dict)  # by identity of the lookup
    _planned: dict[int, _Planned] = field(default_factory=dict)

    def plan(self, lookup: Lookup, key: Any, wanted: Wanted) -> None:
        """Ask for ``key`` in the coming round; what is known already is not asked again."""
        if any(key in loaded.keys for loaded in self._known.get(id(lookup), ())):
            wanted -= self._asked(lookup, key)
            if not wanted or not isinstance(self.outcome(lookup, key), Found):
                return
        planned = self._planned.get(id(lookup))
        if planned is None:
            planned = self._planned[id(lookup)] = _Planned(lookup, {})
        elif not planned.is_mixed:
            planned.is_mixed = next(iter(planned.keys.values())) != wanted
        keys = planned.keys
        keys[key] = keys[key] | wanted if key in keys else wanted

    def plan_many(self, lookup: Lookup, keys: dict[Any, Wanted]) -> None:
        """Ask for the same of all ``keys``: the first that is planned in a fetch."""
        if keys:
            self._planned[id(lookup)] = _Planned(lookup, keys)

    async def run(self) -> None:
        """Run the planned lookups: one call per lookup and set of wanted fields."""
        batches: list[tuple[Lookup, dict[Any, Wanted], Wanted]] = []
        for planned in self._planned.values():
            batches += _batches_of(planned)
        self._planned = {}
        answers = await run_together(
            [self._call(lookup, [*keys], wanted) for lookup, keys, wanted in batches]
        )
        for (lookup, keys, wanted), outcomes in zip(batches, answers, strict=True):
            loaded = _Loaded(keys, wanted, outcomes)
            self._known.setdefault(id(lookup), []).append(loaded)

    def outcome(self, lookup: Lookup, key: Any) -> Outcome | Crashed:
        """Give what came for ``key``, by however many calls."""
        known: Outcome | Crashed | None = None
        for loaded in self._known[id(lookup)]:
            if key not in loaded.keys:
                continue
            outcome = outcome_for(loaded.outcomes, key)
            if isinstance(outcome, Found) and isinstance(known, Found):
                outcome = Found(join_records(known.record, outcome.record), outcome.as_of)
            known = outcome
        assert known is not None, "the key was planned"
        return known

    def outcomes(self, lookup: Lookup) -> dict[Any, Any] | None:
        """Give the outcomes of a lookup by key, if they came from one call as a dict."""
        known = self._known.get(id(lookup), ())
        if len(known) != 1 or type(known[0].outcomes) is not dict:
            return None
        outcomes: dict[Any, Any] = known[0].outcomes
        return outcomes

    def forget(self) -> None:
        """Drop what was loaded: a mutation may have changed it."""
        self._known.clear()

    def _call(self, lookup: Lookup, keys: Sequence[Any], wanted: Wanted) -> Awaitable[Any]:
        return call_function(
            self.context, lookup.type_name, lambda: lookup.function(keys, wanted, self.context)
        )

    def _asked(self, lookup: Lookup, key: Any) -> Wanted:
        known = self._known[id(lookup)]
        return frozenset().union(*(loaded.asked for loaded in known if key in loaded.keys))


def _batches_of(planned: _Planned) -> Iterator[tuple[Lookup, dict[Any, Wanted], Wanted]]:
    """Split what is planned into calls: keys that are asked for the same fields go together."""
    if not planned.is_mixed:
        yield planned.lookup, planned.keys, next(iter(planned.keys.values()))
        return
    by_wanted: dict[Wanted, dict[Any, Wanted]] = {}
    for key, wanted in planned.keys.items():
        by_wanted.setdefault(wanted, {})[key] = wanted
    for wanted, keys in by_wanted.items():
        yield planned.lookup, keys, wanted


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
        return Refused(str(refusal), refusal.code)
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
        yield Refused(str(refusal), refusal.code)
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
