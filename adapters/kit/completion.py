"""Turns what a record holds into JSON, and says what is wrong where it cannot be turned.

In: a step (what is asked at one place), the record's value, and the place. Out: the value as the
response carries it; an object becomes a cell of the next level, in ``found``, and a ``None`` that
is put where it belongs later. This is the semantics: the generated functions of ``writer`` do the
usual values alone and leave every other one to ``Completion.complete``.

Invariant: whatever a value is, its place gets a value or null and the faults say why; nothing is
raised, and nothing is waited for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from adapters.kit.cells import Cell, put
from adapters.kit.faults import Faults, PathLink
from adapters.kit.loading import Crashed
from adapters.kit.outcome import (
    NOT_GRANTED,
    UNREADABLE,
    Denied,
    Failed,
    FieldMark,
    Found,
    NotFound,
    Outcome,
    Page,
    Refused,
)
from adapters.kit.program import Step
from adapters.kit.reading import ABSENT
from schema.supergraph.model import TypeRef

__all__ = ["Completion"]

_MARKS = frozenset((FieldMark, Failed, Found, Denied, NotFound, Refused, Crashed))


@dataclass(slots=True)
class Completion:
    """What completing values has found so far."""

    faults: Faults
    has_null: bool = field(default=False, init=False)
    """A null stands where the SDL promises a value."""
    found: list[Cell] = field(default_factory=list, init=False)
    """The objects among the values: the next level."""

    def complete_late(self, late: Sequence[tuple[Step, Any, PathLink]], out: Any) -> None:
        """Complete the values that were not of the usual kind: ``(step, value, place)``."""
        for step, value, link in late:
            put(out, step.slot, self.complete(step, value, link, out))

    def complete(self, step: Step, value: Any, link: PathLink, out: Any) -> Any:
        """Turn a record's value into JSON; objects become cells of the next level."""
        if value is ABSENT:
            self.faults.crash(link, step.coordinate)
            value = None
        elif type(value) in _MARKS:
            value = self._unwrap(value, link, step)
        elif value is None and step.shape.type.non_null:
            self.faults.unreadable(link, step.coordinate)
        return self._complete(step, step.shape.type, value, out, step.slot, link)

    def _complete(
        self, step: Step, ref: TypeRef, value: Any, holder: Any, slot: Any, link: PathLink
    ) -> Any:
        if value is None:
            self.has_null = self.has_null or ref.non_null
            return None
        if ref.of is not None:
            return self._complete_list(step, ref.of, value, link)
        if step.below is not None:
            if isinstance(value, Page):
                value = _page_record(value)
            if step.one is not None and type(value) is dict:
                made = step.one(value, link, self)
                if made is not None:
                    return made
            self.found.append(Cell(step.below, value, holder, slot, link, non_null=ref.non_null))
            return None
        if step.convert is None:
            return value
        try:
            return step.convert(value)
        except ValueError:
            self.faults.unreadable(link, step.coordinate)
            self.has_null = self.has_null or ref.non_null
            return None

    def _complete_list(self, step: Step, ref: TypeRef, value: Any, link: PathLink) -> Any:
        if step.many is not None and type(value) is list:
            return step.many(value, link, self)
        if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
            self.faults.crash(link, step.coordinate)
            return None
        items: list[Any] = []
        for place, item in enumerate(value):
            items.append(None)
            items[place] = self.complete_item(step, ref, item, items, place, link)
        return items

    def complete_item(
        self, step: Step, ref: TypeRef, item: Any, items: list[Any], place: int, link: PathLink
    ) -> Any:
        """Turn one item of a list into JSON."""
        here = (link, place)
        if type(item) in _MARKS:
            item = self._unwrap(item, here, step)
        elif item is None and ref.non_null:
            self.faults.unreadable(here, step.coordinate)
        return self._complete(step, ref, item, items, place, here)

    def _unwrap(self, value: Any, link: PathLink, step: Step) -> Any:
        if value is UNREADABLE:
            self.faults.unreadable(link, step.coordinate)
            return None
        if value is NOT_GRANTED:
            self.faults.deny(link, step.coordinate, None)
            return None
        if isinstance(value, Found):
            self.note(link, value)
            return value.record
        self.explain(link, step.coordinate, value)
        return None

    def note(self, link: PathLink, found: Found) -> None:
        """Note what failed beside a record that was found."""
        for failure in found.failures:
            self.faults.fail(link, failure.error, failure.source)

    def explain(self, link: PathLink, coordinate: str, outcome: Outcome | Crashed) -> None:
        """Note why there is no record at ``link``, unless it is that there is none."""
        match outcome:
            case Failed(error, source):
                self.faults.fail(link, error, source)
            case Denied(source):
                self.faults.deny(link, coordinate, source)
            case Refused(message, code):
                self.faults.invalid(link, message, code)
            case Crashed():
                self.faults.crash(link, coordinate)
            case NotFound() | Found():
                pass
            case _:
                assert_never(outcome)


def _page_record(page: Page) -> dict[str, Any]:
    return {
        "nodes": page.nodes,
        "pageInfo": {"hasNextPage": page.has_next, "endCursor": page.end_cursor},
    }
