"""How a check asks the graph, and what it may conclude when no answer comes: nothing.

In: the facts of one application, and a way to ask. Out: ``Answer``s, of which a check reads paths.
A path that an error covers raises ``Unanswered``: an agency that is down, a field that is not
granted or a record that is broken makes a check that could not be made, never one that passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from adapters.contract import CallContext, GraphClient, GraphClientResult
from adapters.loket.form import Form
from adapters.loket.working_days import WorkingDays

__all__ = ["Answer", "Facts", "Inquiry", "Notes", "Unanswered"]

_ALONE = GraphClientResult(
    None, ({"message": "", "extensions": {"code": "SUMBER_TIDAK_TERSEDIA"}},)
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check knows of an application before it asks."""

    kelurahan: str
    applicant: str  # NIK
    form: Form
    papers: frozenset[str]  # kinds of papers that somebody vouched for at the counter
    today: date
    calendar: WorkingDays

    def one(self, name: str) -> str:
        """Give the value of a field of the form; empty if it has none."""
        values = self.form.get(name, ())
        return values[0] if values else ""


class Unanswered(Exception):
    """A value could not be had; the code says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the graph gave for one document."""

    result: GraphClientResult

    def read(self, *path: str) -> Any:
        """Give the value at ``path``, None where there is none; raises ``Unanswered``."""
        for error in self.result.errors:
            covered = tuple(step for step in error.get("path", ()) if isinstance(step, str))
            shared = min(len(covered), len(path))
            if covered[:shared] == path[:shared]:
                raise Unanswered(str(error.get("extensions", {}).get("code", "")))
        if self.result.data is None:
            raise Unanswered("SUMBER_TIDAK_TERSEDIA")
        value: Any = self.result.data
        for step in path:
            value = None if value is None else value[step]
        return value

    @property
    def sources(self) -> tuple[str, ...]:
        """Name who was asked; beside whoever did not answer with what it holds now, why."""
        stated: Sequence[Mapping[str, Any]] = (self.result.completeness or {}).get("sources", ())
        return tuple(
            each["source"] if each["status"] == "ANSWERED" else f"{each['source']} {each['status']}"
            for each in stated
        )


@dataclass(slots=True)
class Notes:
    """What one check asked: its inputs, of which a keyed hash is kept, and its sources."""

    inputs: list[Any] = field(default_factory=list)
    sources: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Inquiry:
    """Asks the graph for one round of checks; what was asked once is not asked again."""

    graph: GraphClient | None  # None: the counter is served alone
    call: CallContext
    facts: Facts
    notes: Notes = field(default_factory=Notes)  # of the check under way
    _known: dict[tuple[str, bytes], Answer] = field(default_factory=dict)

    def begin(self) -> None:
        """Begin the notes of the next check."""
        self.notes = Notes()

    def note(self, *inputs: Any) -> None:
        """Note what a check decides by besides what it asks."""
        self.notes.inputs.append(inputs)

    async def ask(self, document: str, **variables: Any) -> Answer:
        """Run a document of the adapter."""
        key = (document, msgspec.json.encode(variables, order="deterministic"))
        self.notes.inputs.append((document, variables))
        answer = self._known.get(key)
        if answer is None:
            result = _ALONE
            if self.graph is not None:
                result = await self.graph.run(document, variables, self.call)
            answer = self._known[key] = Answer(result)
        self.notes.sources.update(dict.fromkeys(answer.sources))
        return answer
