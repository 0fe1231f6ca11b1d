"""What a kind of source offers to a declared adapter.

In: types with their columns, and what is asked of them. Out: raw rows; which key a row belongs to
is read from the row by the caller. ``Kind`` is what an entry point of the group
``simpul.declared`` names, so that a package can bring another.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from adapters.declared.draft import Draft
from adapters.declared.plan import Leaf, Row, TypePlan
from adapters.errors import SourceError
from adapters.kit.adapter import AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.kit.filtering import Compare
from adapters.kit.outcome import Page, PageRequest
from adapters.kit.summary import Cell
from adapters.yaml_document import Finding

__all__ = [
    "Condition",
    "Declaration",
    "Kind",
    "KindSettings",
    "Measured",
    "Ordering",
    "PartlyFailed",
    "Place",
    "Question",
    "Records",
    "Sought",
    "Summaries",
]


class KindSettings(AdapterSettings):
    """The settings of every kind."""

    guard: GuardOptions = Field(default_factory=GuardOptions)


class Place(BaseModel):
    """The base of what ``from`` of a type says: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter with its value."""

    leaf: Leaf
    compare: Compare
    value: Any  # of "in" a tuple

    @property
    def values(self) -> tuple[Any, ...]:
        """Give what the leaf is compared with, one by one."""
        return self.value if self.compare == "in" else (self.value,)

    def holds(self, row: Row) -> bool:
        """Tell whether a row is meant; one whose value cannot be read is not."""
        value = self.leaf.read(row)
        return any(
            type(value) is type(each) and _compare(self.compare, value, each)
            for each in self.values
        )


def _compare(compare: Compare, value: Any, given: Any) -> bool:
    match compare:
        case "equal" | "in":
            return bool(value == given)
        case "from":
            return bool(value >= given)
        case "to":
            return bool(value <= given)
        case "prefix":
            return str(value).startswith(str(given))


Ordering: TypeAlias = "tuple[tuple[Leaf, bool], ...]"
"""What records are sorted by, the first first; True: descending."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Records that are sought by the values at some paths."""

    plan: TypePlan
    by: tuple[Leaf, ...]
    keys: Sequence[tuple[Any, ...]]  # one value per leaf
    fields: tuple[str, ...]  # of the type: what the rows must tell
    conditions: tuple[Condition, ...] = ()  # that they must fulfil as well
    order: Ordering = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A page of a list."""

    plan: TypePlan
    conditions: tuple[Condition, ...]
    order: Ordering
    fields: tuple[str, ...]
    page: PageRequest


@dataclass(frozen=True, slots=True)
class Measured:
    """What is counted and measured."""

    plan: TypePlan
    conditions: tuple[Condition, ...]
    groups: tuple[Leaf, ...]
    values: tuple[tuple[Leaf, bool], ...]  # True: a number, which has a mean


class PartlyFailed(Exception):
    """Some of several calls failed: what the others gave, and whose answers are lost."""

    def __init__(self, rows: Sequence[Row], failed: Mapping[tuple[Any, ...], SourceError]) -> None:
        super().__init__(f"{len(failed)} keys were not answered")
        self.rows = rows
        self.failed = failed  # by key, as ``Sought`` holds them


class Records(Protocol):
    """An opened source of one declared adapter. Both raise ``SourceError``.

    ``find`` raises ``PartlyFailed`` where only some of its calls failed.
    """

    async def find(self, sought: Sought, context: Context) -> Sequence[Row]:
        """Give the rows of these keys, in any order if none is asked; others are passed over."""

    async def select(self, question: Question, context: Context) -> Page:
        """Give a page of rows."""

    async def aclose(self) -> None:
        """Close the source; idempotent."""


class Summaries(Records, Protocol):
    """A source that can count; the others' kinds refuse a file with ``summaries``."""

    async def summarize(self, measured: Measured, context: Context) -> Sequence[Cell]:
        """Give the cells, several of one group if it is spelled so; raises ``SourceError``."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a kind is told when it opens."""

    name: str  # under which the source is reported
    plans: Mapping[str, TypePlan]
    places: Mapping[str, Any]  # type -> its ``from``, of the kind's own model
    found_by: Mapping[str, tuple[tuple[str, ...], ...]]  # type -> the paths it is sought by
    listed_by: Mapping[str, tuple[tuple[str, Compare], ...]]
    """Type -> (path, comparison) of all filters of its lists and relations."""
    listed: frozenset[str]  # types that have a list
    ordered: Mapping[str, tuple[str, ...]]  # type -> paths that its lists and relations order by
    refined: frozenset[str]  # types of which a relation has filters or orders
    summarized: frozenset[str]  # types that are counted


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source."""

    settings: type[KindSettings]
    place: type[Place]
    rebase: Callable[[dict[str, Any], Path], dict[str, Any]]
    """Settings of a file -> the same with paths from the file's folder."""
    find_mistakes: Callable[[Declaration], Iterable[Finding]]
    """What this kind cannot do."""
    open: Callable[[Any, Declaration, Opening], Awaitable[Records]]
    draft: Callable[[str], Coroutine[Any, Any, Draft]]
    """An address or a file -> a first version; raises ``DraftError``."""
