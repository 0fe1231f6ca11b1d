"""What a kind of source offers to a declared adapter.

In: types with their columns, and what is asked of them. Out: raw rows; which key a row belongs to
is read from the row by the caller. ``Kind`` is what an entry point of the group
``simpul.declared`` names, so that a package can bring another.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from adapters.declared.draft import Draft
from adapters.declared.plan import Leaf, Row, TypePlan
from adapters.kit.adapter import AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.kit.outcome import Page, PageRequest
from adapters.yaml_document import Finding

__all__ = [
    "Condition",
    "Declaration",
    "Kind",
    "KindSettings",
    "Place",
    "Question",
    "Records",
    "Sought",
]


class KindSettings(AdapterSettings):
    """The settings of every kind."""

    guard: GuardOptions = Field(default_factory=GuardOptions)


class Place(BaseModel):
    """The base of what ``from`` of a type says: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


@dataclass(frozen=True, slots=True)
class Sought:
    """Records that are sought by the values at some paths."""

    plan: TypePlan
    by: tuple[Leaf, ...]
    keys: Sequence[tuple[Any, ...]]  # one value per leaf
    fields: tuple[str, ...]  # of the type: what the rows must tell


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter with its value."""

    leaf: Leaf
    compare: Literal["equal", "from", "to"]
    value: Any

    def holds(self, row: Row) -> bool:
        """Tell whether a row is meant; one whose value cannot be read is not."""
        value = self.leaf.read(row)
        if type(value) is not type(self.value):
            return False
        if self.compare == "equal":
            return bool(value == self.value)
        return bool(value >= self.value if self.compare == "from" else value <= self.value)


@dataclass(frozen=True, slots=True)
class Question:
    """A page of a list."""

    plan: TypePlan
    conditions: tuple[Condition, ...]
    order: tuple[Leaf, ...]
    descending: bool
    fields: tuple[str, ...]
    page: PageRequest


class Records(Protocol):
    """An opened source of one declared adapter. Both raise ``SourceError``."""

    async def find(self, sought: Sought, context: Context) -> Sequence[Row]:
        """Give the rows of these keys in any order; others among them are passed over."""

    async def select(self, question: Question, context: Context) -> Page:
        """Give a page of rows."""

    async def aclose(self) -> None:
        """Close the source; idempotent."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a kind is told when it opens."""

    name: str  # under which the source is reported
    plans: Mapping[str, TypePlan]
    places: Mapping[str, Any]  # type -> its ``from``, of the kind's own model
    found_by: Mapping[str, tuple[tuple[str, ...], ...]]  # type -> the paths it is sought by
    listed_by: Mapping[str, tuple[tuple[str, str], ...]]  # type -> (path, compare) of its filters
    listed: frozenset[str]  # types that have a list
    ordered: frozenset[str]  # types of which a list names an order


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
