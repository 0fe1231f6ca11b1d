"""Where a process dies: named points of the way from a request to its answer.

In: a point and a seed. Out: listeners that send SIGKILL to their own process there. The product
knows nothing of it: what it does is heard from SQLAlchemy's events, from the evidence log's own
contract, and, inside the log, from the interpreter's profile of calls.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from types import FrameType
from typing import Any

import msgspec
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from adapters.contract import CallContext, GraphClient, GraphClientResult
from gateway.audit.log import Audit

__all__ = ["Death", "Doomed", "DoomedGraph", "DoomedLog", "Point", "draw_death"]

_WRITES = ("INSERT", "UPDATE", "DELETE")
_WROTE = "crash_wrote"  # in a connection's own notes: its transaction changed something

# How long after a commit began the process may die, in seconds: a commit on this store takes about
# one thousandth, so that half of these deaths are inside it and half soon after.
_COMMIT_SECONDS = 0.002
_OPENING_SECONDS = 0.05
_ANY_SECONDS = 0.4


class Point(StrEnum):
    """Where a process dies."""

    OPENING = "opening"  # while the store is opened, or soon after
    BEFORE_STATEMENT = "before-statement"  # of a transaction that writes
    AFTER_STATEMENT = "after-statement"
    BEFORE_COMMIT = "before-commit"
    INSIDE_COMMIT = "inside-commit"
    AFTER_COMMIT = "after-commit"
    BEFORE_RECORD = "before-record"  # of the evidence
    INSIDE_RECORD = "inside-record"  # the line is written, the head is not
    AFTER_RECORD = "after-record"  # and before the answer leaves
    BEFORE_SIGNING = "before-signing"  # between the two transactions of a signature
    AFTER_SIGNING = "after-signing"
    BEFORE_LINE = "before-line"  # the outbox has lent it, the register has it not
    AFTER_LINE = "after-line"  # the register has it, the outbox does not know
    BEFORE_REVOCATION = "before-revocation"  # the same around a line that is told to be revoked
    AFTER_REVOCATION = "after-revocation"
    ANY_MOMENT = "any-moment"


_MOST = {
    Point.BEFORE_STATEMENT: 30,
    Point.AFTER_STATEMENT: 30,
    Point.BEFORE_SIGNING: 2,
    Point.AFTER_SIGNING: 2,
    Point.BEFORE_LINE: 1,
    Point.AFTER_LINE: 1,
    Point.BEFORE_REVOCATION: 1,
    Point.AFTER_REVOCATION: 1,
}
"""How often a process may pass by a point that it dies at, where it is not five times."""


@dataclass(frozen=True, slots=True)
class Death:
    """One death to come."""

    point: Point
    count: int  # at the so manieth time
    seconds: float  # after it, where a point has a length


def draw_death(random: Random, point: Point | None = None) -> Death:
    """Draw a death, at a given point or at any."""
    chosen = point or random.choice([*Point])
    most = _MOST.get(chosen, 5)
    spans = {
        Point.OPENING: _OPENING_SECONDS,
        Point.INSIDE_COMMIT: _COMMIT_SECONDS,
        Point.ANY_MOMENT: _ANY_SECONDS,
    }
    return Death(chosen, random.randint(1, most), random.uniform(0, spans.get(chosen, 0)))


class Doomed:
    """A process that dies at its point, or lives."""

    def __init__(self, death: Death | None) -> None:
        self.death = death
        self._left = death.count if death else 0
        if death is not None:
            _listen(self, death)

    def pass_by(self, point: Point) -> None:
        """Note that the process is at ``point``; the last time it dies there."""
        if self.death is None or self.death.point is not point:
            return
        self._left -= 1
        if self._left > 0:
            return
        if self.death.seconds:
            die_after(self.death.seconds)
        else:
            die()


class DoomedLog:
    """The evidence log of such a process."""

    def __init__(self, audit: Audit, doomed: Doomed) -> None:
        self.key = audit.key
        self._audit = audit
        self._doomed = doomed

    def write(self, record: msgspec.Struct) -> None:
        """Write a record, and die before, inside or after."""
        self._doomed.pass_by(Point.BEFORE_RECORD)
        death = self._doomed.death
        if death is not None and death.point is Point.INSIDE_RECORD:
            sys.setprofile(self._profile)
        self._audit.write(record)
        sys.setprofile(None)
        self._doomed.pass_by(Point.AFTER_RECORD)

    def _profile(self, frame: FrameType, kind: str, called: Any) -> None:
        if kind == "c_call" and called is os.pwrite:
            self._doomed.pass_by(Point.INSIDE_RECORD)


class DoomedGraph:
    """The graph that such a process asks."""

    def __init__(self, graph: GraphClient, doomed: Doomed) -> None:
        self._graph = graph
        self._doomed = doomed

    async def run(
        self, name: str, variables: Mapping[str, Any], call: CallContext
    ) -> GraphClientResult:
        """Ask, and die before or after the authority signs."""
        if name != "tanda-tangan":
            return await self._graph.run(name, variables, call)
        self._doomed.pass_by(Point.BEFORE_SIGNING)
        answer = await self._graph.run(name, variables, call)
        self._doomed.pass_by(Point.AFTER_SIGNING)
        return answer


def die() -> None:
    """End this process as a power cut of its own would."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(seconds: float) -> None:
    """End this process after a while, whatever it does then."""
    timer = threading.Timer(seconds, die)
    timer.daemon = True
    timer.start()


def _listen(doomed: Doomed, death: Death) -> None:
    if death.point in (Point.OPENING, Point.ANY_MOMENT):
        die_after(death.seconds)
        return

    def before(connection: Connection, _: Any, statement: str, *__: Any) -> None:
        if statement.lstrip().startswith(_WRITES):
            connection.info[_WROTE] = True
            doomed.pass_by(Point.BEFORE_STATEMENT)

    def after(connection: Connection, _: Any, statement: str, *__: Any) -> None:
        if statement.lstrip().startswith(_WRITES):
            doomed.pass_by(Point.AFTER_STATEMENT)

    def commits(connection: Connection) -> None:
        if connection.info.get(_WROTE):
            doomed.pass_by(Point.BEFORE_COMMIT)
            doomed.pass_by(Point.INSIDE_COMMIT)

    def returned(_: Any, record: Any) -> None:
        if record.info.pop(_WROTE, None):
            doomed.pass_by(Point.AFTER_COMMIT)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", commits)
    event.listen(Pool, "checkin", returned)
