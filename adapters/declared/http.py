"""Declared types over REST resources that answer with JSON.

In: paths and parameters of the service, and where its records are in an answer. Out: rows. Keys go
one a call into ``{path}`` places, or many a call into one parameter or a body; lists are walked
without a total (``http_paging``). Calls for several keys run at the same time, within the cap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from pydantic import Field, field_validator

from adapters.declared.asking import (
    MANY,
    ask_parts,
    batches,
    fill,
    fill_all,
    find_unasked,
    text_of,
    texts_in,
    values_by_path,
)
from adapters.declared.draft_openapi import draft_openapi
from adapters.declared.http_auth import AnyAuth, build_auth, build_signing
from adapters.declared.http_errors import ToldError, build_find_error
from adapters.declared.http_paging import FIRST, Paging
from adapters.declared.kind import (
    Declaration,
    Kind,
    KindSettings,
    Ordering,
    Place,
    Question,
    Sought,
)
from adapters.declared.nested import flatten, records_of, require_columns
from adapters.declared.plan import Row, TypePlan
from adapters.errors import BadRecord
from adapters.http_client import HttpClient
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.kit.outcome import Page
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.resilience.guard import SourceGuard
from adapters.sources.http import HttpSource
from adapters.yaml_document import Finding

__all__ = ["HTTP"]

_LISTED = ","  # between the values of one filter
_PARALLEL = 10  # a service that takes one key a call is not to feel a page of a thousand


class HttpKindSettings(KindSettings):
    """A service."""

    url: str = Field(description="Its base, before every path.")
    auth: AnyAuth | None = Field(None, description="How it is told who we are.")
    errors: tuple[ToldError, ...] = Field((), description="How it tells of errors inside a 200.")


class Find(Place):
    """How records are found by some paths."""

    path: str | None = Field(None, description="With {path} places; the collection's, if absent.")
    query: dict[str, str] = Field(default_factory=dict, description="Values with {path} places.")
    many: str | None = Field(None, description="The parameter that takes many keys at once.")
    join: str | None = Field(",", description="Between many keys; null: the parameter repeats.")
    body: dict[str, Any] | None = Field(
        None, description='Sent as JSON by POST, with {path} places, or "{*}" for many keys.'
    )
    at_most: int = Field(100, ge=1, description="Keys in one call.")
    records: str | None = Field(None, description="Where the records are, if elsewhere.")

    @property
    def takes_many(self) -> bool:
        """Tell whether one call asks for many keys."""
        return self.many is not None or MANY in texts_in(self.body)

    @property
    def texts(self) -> tuple[str, ...]:
        """Give the texts in which a key's values have their places."""
        return (self.path or "", *self.query.values(), *texts_in(self.body))


class Sort(Place):
    """How the collection is sorted."""

    parameter: str = Field(description="Takes what it is sorted by.")
    fields: dict[str, str] = Field(min_length=1, description="Path -> what the service calls it.")
    descending: str = Field("-{}", description="How a descending one is written.")
    join: str = Field(",", description="Between several.")

    @field_validator("descending")
    @classmethod
    def _check(cls, text: str) -> str:
        if text.count("{}") != 1:
            raise ValueError('holds "{}" once, where the field goes')
        return text


class HttpPlace(Place):
    """The resource of a type."""

    path: str = Field(description="The collection.")
    records: str = Field("", description="Dotted path of the records in an answer.")
    find: dict[str, Find] = Field(
        default_factory=dict, description="Paths, as a key names them -> how to find by them."
    )
    filters: dict[str, str] = Field(
        default_factory=dict,
        description='A path, or "path in", "path from", "path to", "path prefix" -> parameter.',
    )
    sort: Sort | None = Field(None, description="None: the service's own order.")
    query: dict[str, str] = Field(default_factory=dict, description="Sent with every list.")
    paging: Paging | None = Field(None, description="None: the collection comes whole.")


@dataclass(frozen=True, slots=True)
class _Walk:
    """One question to the service, over all its pages."""

    path: str
    query: list[tuple[str, str]]
    records: str  # where they are in an answer
    paging: Paging | None
    is_record: bool  # a path of its own: a 404 there says that there is no such record
    body: dict[str, Any] | None = None
    taken: frozenset[str] = frozenset()  # parameters that no link of the service may set


_Part: TypeAlias = tuple[list[tuple[Any, ...]], _Walk]
"""Some of the keys that are sought, and the question that asks for them."""


class HttpRecords:
    """The service, opened."""

    def __init__(
        self,
        source: HttpSource,
        guard: SourceGuard,
        own_client: HttpClient | None,
        declaration: Declaration,
    ) -> None:
        self._source = source
        self._guard = guard
        self._own_client = own_client
        self._name = declaration.name
        self._places: dict[str, HttpPlace] = dict(declaration.places)

    async def find(self, sought: Sought, context: Context) -> Sequence[Row]:
        """Give the rows of these keys."""
        place = self._places[sought.plan.name]
        ask = _many_at_once if _find(place, sought).takes_many else _one_by_one
        parts = [(keys, self._rows(walk, sought, context)) for keys, walk in ask(place, sought)]
        return await ask_parts(parts)

    async def select(self, question: Question, context: Context) -> Page:
        """Give a page of rows, of as many pages of the service as it takes."""
        place = self._places[question.plan.name]
        columns = question.plan.columns(question.fields)
        query = [*place.query.items()]
        for each in question.conditions:
            parameter = place.filters[_filter_name(each.leaf.path, each.compare)]
            texts = [text_of(each.leaf, value) for value in each.values]
            if each.compare == "in":
                texts = _separable(texts, _LISTED)
            if not texts:
                return Page([])
            query.append((parameter, _LISTED.join(texts)))
        query += _sorting(place.sort, question.order)
        after = question.page.after
        position, start = (FIRST, 0) if after is None else unpack_cursor(after, str, int)
        walk = _Walk(
            place.path, query, place.records, place.paging, is_record=False, taken=_names(place)
        )
        rows: list[Row] = []
        seen = {position}
        while True:
            records, following = await self._page(walk, position, context)
            require_columns(records, _key_columns(question.plan), self._name)
            for at in range(start, len(records)):
                if len(rows) == question.page.first:
                    return Page(rows, True, pack_cursor(position, at))
                rows.append(flatten(records[at], columns))
            if following is None:
                return Page(rows, False, pack_cursor(position, len(records)) if rows else None)
            position, start = self._unseen(following, seen), 0

    async def aclose(self) -> None:
        """End the flights and close what is ours; idempotent."""
        await self._source.aclose()
        await self._guard.aclose()
        if self._own_client is not None:
            await self._own_client.aclose()

    async def _rows(self, walk: _Walk, sought: Sought, context: Context) -> list[Row]:
        """Give the rows of a question for some of the keys."""
        records = await self._walk(walk, context)
        require_columns(records, (leaf.column for leaf in sought.by), self._name)
        columns = sought.plan.columns(sought.fields)
        return [flatten(record, columns) for record in records]

    async def _walk(self, walk: _Walk, context: Context) -> list[Any]:
        """Give all records of a question."""
        records: list[Any] = []
        position, seen = FIRST, {FIRST}
        while True:
            part, following = await self._page(walk, position, context)
            records += part
            if following is None:
                return records
            position = self._unseen(following, seen)

    def _unseen(self, position: str, seen: set[str]) -> str:
        """Give a position that the walk has not been at; raises ``BadRecord`` if it has."""
        if position in seen:
            raise BadRecord(f'source "{self._name}" answered with pages in a circle')
        seen.add(position)
        return position

    async def _page(
        self, walk: _Walk, position: str, context: Context
    ) -> tuple[list[Any], str | None]:
        """Give the records of one page, and the position of the next."""
        paging = walk.paging
        query = walk.query if paging is None else [*walk.query, *paging.ask(position, walk.taken)]
        guarded = await self._source.ask_json(
            walk.path, context.call, query=query, body=walk.body, absent_is_null=walk.is_record
        )
        answer, link = context.take(self._name, guarded)
        records = records_of(answer, walk.records, self._name)
        if paging is None:
            return records, None
        return records, paging.advance(position, answer, link, len(records), self._name)


def _find(place: HttpPlace, sought: Sought) -> Find:
    return place.find[" ".join(leaf.path for leaf in sought.by)]


def _one_by_one(place: HttpPlace, sought: Sought) -> list[_Part]:
    """Make one question a key; a record's own path has no pages."""
    find = _find(place, sought)
    parts: list[_Part] = []
    for key in sought.keys:
        values = values_by_path(sought, key)
        query = [(name, fill(text, values)) for name, text in find.query.items()]
        path = fill(find.path or place.path, values, _quote)
        parts.append(([key], _new_walk(place, find, path, query, _body(find, values))))
    return parts


def _many_at_once(place: HttpPlace, sought: Sought) -> list[_Part]:
    """Make as few questions as the service allows."""
    find = _find(place, sought)
    keys = {text_of(sought.by[0], key[0]): key for key in sought.keys}
    path = find.path or place.path
    parts: list[_Part] = []
    join = None if find.many is None else find.join
    for texts in batches(_separable([*keys], join), find.at_most):
        query = [*find.query.items()]
        if find.many is not None:
            query += _many(find.many, find.join, texts)
        walk = _new_walk(place, find, path, query, _body(find, {}, texts))
        parts.append(([keys[text] for text in texts], walk))
    return parts


def _new_walk(
    place: HttpPlace,
    find: Find,
    path: str,
    query: list[tuple[str, str]],
    body: dict[str, Any] | None,
) -> _Walk:
    records = place.records if find.records is None else find.records
    is_record = path != place.path
    paging = None if is_record or body is not None else place.paging
    taken = _names(place) | {name for name, _ in query}
    return _Walk(path, query, records, paging, is_record, body, taken)


def _body(find: Find, values: dict[str, str], many: Sequence[str] = ()) -> dict[str, Any] | None:
    return None if find.body is None else dict(fill_all(find.body, values, many))


def _names(place: HttpPlace) -> frozenset[str]:
    """Name the parameters of the service that say which records are meant."""
    sorting = () if place.sort is None else (place.sort.parameter,)
    return frozenset((*place.query, *place.filters.values(), *sorting))


def _key_columns(plan: TypePlan) -> list[str]:
    return [plan.leaves[path].column for path in plan.keys[0]]


def _sorting(sort: Sort | None, order: Ordering) -> Iterator[tuple[str, str]]:
    """Say what to sort by; a key that the service cannot sort by is left out."""
    if sort is None:
        return
    named = [(sort.fields.get(leaf.path), descending) for leaf, descending in order]
    texts = [sort.descending.format(n) if down else n for n, down in named if n is not None]
    if texts:
        yield sort.parameter, sort.join.join(texts)


def _many(parameter: str, join: str | None, texts: Sequence[str]) -> list[tuple[str, str]]:
    if join is None:
        return [(parameter, text) for text in texts]
    return [(parameter, join.join(texts))]


def _separable(texts: Sequence[str], join: str | None) -> list[str]:
    """Leave out keys that hold what stands between keys: one would be read as two."""
    return [text for text in texts if not join or join not in text]


def _quote(text: str) -> str:
    return quote(text, safe="")


def _filter_name(path: str, compare: str) -> str:
    return path if compare == "equal" else f"{path} {compare}"


def _find_mistakes(declaration: Declaration) -> Iterator[Finding]:
    for name, place in declaration.places.items():
        yield from find_unasked(name, declaration.found_by[name], place.find)
        for path, compare in declaration.listed_by.get(name, ()):
            if _filter_name(path, compare) not in place.filters:
                told = f'a list filters by "{_filter_name(path, compare)}": name its parameter'
                yield ("types", name, "from", "filters"), told
        able = {} if place.sort is None else place.sort.fields
        for path in declaration.ordered[name]:
            if path not in able:
                told = f'say how it sorts by "{path}", or leave out "order" and "sort"'
                yield ("types", name, "from", "sort"), told
        if name in declaration.summarized:
            yield (
                ("types", name),
                "a service is asked for records and does not count: leave out its summaries",
            )
        if name in declaration.refined:
            told = 'a service is asked by key: its relations have no "where" and no "sort"'
            yield ("types", name, "from"), told


def _rebase(settings: dict[str, Any], base: Path) -> dict[str, Any]:
    return settings


async def _open(
    settings: HttpKindSettings, declaration: Declaration, opening: Opening
) -> HttpRecords:
    client = opening.client or HttpClient()
    guard = opening.new_guard(declaration.name, settings.guard, parallel=_PARALLEL)
    source = HttpSource(
        declaration.name,
        settings.url,
        client,
        guard,
        auth=build_auth(settings.auth, client),
        find_error=build_find_error(declaration.name, settings.errors),
        signing=build_signing(settings.auth, lambda: opening.clock().timestamp()),
    )
    return HttpRecords(source, guard, None if opening.client else client, declaration)


HTTP = Kind(HttpKindSettings, HttpPlace, _rebase, _find_mistakes, _open, draft_openapi)
