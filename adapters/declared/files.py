"""Declared types over files in a folder, each version whole in memory.

In: the files' names, forms and columns. Out: rows. Keys and filters are compared as the rules read
them, so that a file may spell a value in any way; a version's age goes with every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from adapters.declared.draft_csv import draft_csv
from adapters.declared.kind import (
    Declaration,
    Kind,
    KindSettings,
    Measured,
    Ordering,
    Place,
    Question,
    Sought,
)
from adapters.declared.plan import Leaf, Row, TypePlan
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.kit.outcome import FieldMark, Page
from adapters.kit.paging import page_of
from adapters.kit.summary import Cell, Measure
from adapters.resilience.guard import SourceGuard
from adapters.sources.files import FileFormat, FilesSettings, FilesSource, Folder, KeyOf, Table
from adapters.yaml_document import Finding

__all__ = ["FILES", "FilePlace", "FileRecords", "FilesKindSettings", "find_mistakes", "open_files"]


class FilesKindSettings(KindSettings):
    """A folder."""

    folder: Path = Field(description="Where the files are put.")
    refresh_seconds: float = Field(
        5.0, gt=0, description="How often a newer version is looked for."
    )
    least_share: float = Field(
        0.5, ge=0, le=1, description="Of the rows in service that a newer version must have."
    )


class FilePlace(Place):
    """The file of a type."""

    file: str = Field(description="A name, or a glob of which the file changed last counts.")
    format: Literal["csv", "dbf", "fixed", "xls", "xlsx"] = Field(description="Its form.")
    columns: tuple[str, ...] = Field(min_length=1, description="All its columns, in order.")
    encoding: str = Field("utf-8", description="Of its texts.")
    delimiter: str = Field(",", min_length=1, max_length=1, description="Of CSV.")
    final_newline: bool = Field(True, description="A text whose last line has no end is truncated.")
    sheet: str | None = Field(None, description="Of a workbook; the first, if absent.")
    header_row: int = Field(1, ge=1, description="Of a workbook: the row that names the columns.")
    widths: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (), description="Of fixed: of each column, in characters."
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        expected = len(self.columns) if self.format == "fixed" else 0
        if len(self.widths) != expected:
            raise ValueError(f'format "{self.format}" needs {expected} widths, one a column')
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError(f'there is no encoding "{self.encoding}"') from None
        return self


class FileRecords:
    """The files, opened."""

    def __init__(
        self,
        sources: dict[str, FilesSource],
        guard: SourceGuard,
        declaration: Declaration,
        folder: Path | Folder,
    ) -> None:
        self._sources = sources
        self._guard = guard
        self._folder = folder
        self._name = declaration.name

    async def find(self, sought: Sought, context: Context) -> Sequence[Row]:
        """Give the rows of these keys."""
        table = await self._table(sought.plan, context)
        index = _index_name(tuple(leaf.path for leaf in sought.by))
        found = [row for key in sought.keys for row in table.find(index, key)]
        rows = [row for row in found if all(c.holds(row) for c in sought.conditions)]
        return _sorted(rows, sought.order)

    async def select(self, question: Question, context: Context) -> Page:
        """Give a page of rows."""
        table = await self._table(question.plan, context)
        rows = [row for row in table.rows if all(c.holds(row) for c in question.conditions)]
        return page_of(_sorted(rows, question.order), question.page)

    async def summarize(self, measured: Measured, context: Context) -> Sequence[Cell]:
        """Count the rows."""
        table = await self._table(measured.plan, context)
        groups: dict[tuple[Any, ...], list[Row]] = {} if measured.groups else {(): []}
        for row in table.rows:
            if all(c.holds(row) for c in measured.conditions):
                groups.setdefault(tuple(leaf.read(row) for leaf in measured.groups), []).append(row)
        return [
            Cell(group, len(rows), tuple(_measure(leaf, n, rows) for leaf, n in measured.values))
            for group, rows in groups.items()
        ]

    async def aclose(self) -> None:
        """Close all files; idempotent."""
        if not isinstance(self._folder, Path):
            await self._folder.aclose()  # what is under way ends by it
        for source in self._sources.values():
            await source.aclose()
        await self._guard.aclose()

    async def _table(self, plan: TypePlan, context: Context) -> Table:
        guarded = await self._sources[plan.name].table(context.call)
        as_of = None if guarded.value is None else guarded.value.as_of
        return context.take(self._name, guarded, as_of=as_of)


def _measure(leaf: Leaf, is_number: bool, rows: Sequence[Row]) -> Measure:
    read = [leaf.read(row) for row in rows]
    values = [value for value in read if value is not None and not isinstance(value, FieldMark)]
    if not values:
        return Measure(0)
    mean = float(sum(values)) / len(values) if is_number else None
    return Measure(len(values), min(values), max(values), mean)


def _sorted(given: Iterable[Row], order: Ordering) -> list[Row]:
    """Sort by the last first: sorting keeps the order of equals."""
    rows = [*given]
    for leaf, descending in reversed(order):
        rows.sort(key=partial(_rank, leaf), reverse=descending)
    return rows


def _rank(leaf: Leaf, row: Row) -> tuple[bool, str, Any]:
    """Give what a row is sorted by: what cannot be read comes first, kinds never meet."""
    value = leaf.read(row)
    is_value = value is not None and not isinstance(value, FieldMark)
    return (is_value, type(value).__name__, value if is_value else 0)


def _index_name(paths: tuple[str, ...]) -> str:
    return " ".join(paths)


def _key_of(leaves: tuple[Leaf, ...]) -> KeyOf:
    """Make the index of a key; a row with a part that cannot be read is not found by it."""

    def key_of(row: Row) -> Hashable | None:
        key = tuple(leaf.read(row) for leaf in leaves)
        if any(value is None or isinstance(value, FieldMark) for value in key):
            return None
        return key

    return key_of


def find_mistakes(declaration: Declaration) -> Iterator[Finding]:
    """Find the fields whose column is not in their file."""
    for name, plan in declaration.plans.items():
        columns = declaration.places[name].columns
        for field, leaves in plan.fields.items():
            for leaf in leaves:
                if leaf.column not in columns:
                    told = f'"{leaf.column}" is not among the columns of the file'
                    yield ("types", name, "fields", field), told


def _rebase(settings: dict[str, Any], base: Path) -> dict[str, Any]:
    if "folder" in settings:
        return {**settings, "folder": base / str(settings["folder"])}
    return settings


async def _open(
    settings: FilesKindSettings, declaration: Declaration, opening: Opening
) -> FileRecords:
    return open_files(settings, declaration, opening, opening.base / settings.folder)


def open_files(
    settings: FilesKindSettings, declaration: Declaration, opening: Opening, folder: Path | Folder
) -> FileRecords:
    """Open a source for each type's file in ``folder``, which the records then close."""
    guard = opening.new_guard(declaration.name, settings.guard)
    sources: dict[str, FilesSource] = {}
    for name, place in declaration.places.items():
        plan = declaration.plans[name]
        options = place.model_dump(exclude={"file", "format", "columns"})
        indexes = {
            _index_name(paths): _key_of(tuple(plan.leaves[path] for path in paths))
            for paths in declaration.found_by[name]
        }
        files = FilesSettings(
            folder,
            place.file,
            FileFormat(place.format, place.columns, **options),
            indexes,
            settings.refresh_seconds,
            least_share=settings.least_share,
        )
        source = sources[name] = FilesSource(declaration.name, files, guard)
        opening.observed[f"{declaration.name}/{place.file}"] = _describe(source)
    return FileRecords(sources, guard, declaration, folder)


def _describe(source: FilesSource) -> Callable[[], Mapping[str, Any]]:
    return lambda: source.status.describe()


FILES = Kind(FilesKindSettings, FilePlace, _rebase, find_mistakes, _open, draft_csv)
