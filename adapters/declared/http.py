"""Declared types over REST resources that answer with JSON.

In: paths and parameters of the service, and where its records are in an answer. Out: rows. Keys go
one a call into ``{path}`` places, or many a call into one parameter; lists are walked by page
number or offset, without a total. Calls for several keys run at the same time, within the cap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr

from adapters.declared.asking import batches, fill, find_unasked, text_of, values_by_path
from adapters.declared.draft_openapi import draft_openapi
from adapters.declared.kind import (
    Declaration,
    Kind,
    KindSettings,
    Place,
    Question,
    Sought,
)
from adapters.declared.nested import dig, flatten, records_of, require_columns
from adapters.declared.plan import Row
from adapters.http_client import HttpClient
from adapters.kit.adapter import AdapterSettings, Opening
from adapters.kit.context import Context
from adapters.kit.outcome import Page
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.resilience.guard import SourceGuard
from adapters.sources.http import HttpSource
from adapters.sources.http_auth import (
    Auth,
    OAuth2Credentials,
    OAuth2Password,
    api_key,
    basic,
)
from adapters.yaml_document import Finding

__all__ = ["HTTP"]

_PARALLEL = 10  # a service that takes one key a call is not to feel a page of a thousand


class ApiKey(AdapterSettings):
    """A key in a header."""

    kind: Literal["api_key"]
    header: str
    value: SecretStr


class Basic(AdapterSettings):
    """HTTP Basic."""

    kind: Literal["basic"]
    username: str
    password: SecretStr


class OAuth2(AdapterSettings):
    """OAuth2's password grant."""

    kind: Literal["oauth2"]
    token_url: str
    username: str
    password: SecretStr
    client_id: str
    client_secret: SecretStr


class HttpKindSettings(KindSettings):
    """A service."""

    url: str = Field(description="Its base, before every path.")
    auth: Annotated[ApiKey | Basic | OAuth2, Field(discriminator="kind")] | None = Field(
        None, description="How it is told who we are."
    )


class Find(Place):
    """How records are found by some paths."""

    path: str | None = Field(None, description="With {path} places; the collection's, if absent.")
    query: dict[str, str] = Field(default_factory=dict, description="Values with {path} places.")
    many: str | None = Field(None, description="The parameter that takes many keys at once.")
    join: str | None = Field(",", description="Between many keys; null: the parameter repeats.")
    at_most: int = Field(100, ge=1, description="Keys in one call.")
    records: str | None = Field(None, description="Where the records are, if elsewhere.")

    @property
    def takes_many(self) -> bool:
        """Tell whether one call asks for many keys."""
        return self.many is not None

    @property
    def texts(self) -> tuple[str, ...]:
        """Give the texts in which a key's values have their places."""
        return (self.path or "", *self.query.values())


class Paging(Place):
    """How the collection is walked."""

    style: Literal["page", "offset"]
    parameter: str = Field(description="Takes the page's number, or the offset.")
    size_parameter: str | None = Field(None, description="Takes the page's size.")
    size: int = Field(100, ge=1, description="Records of one page.")
    first: int = Field(1, ge=0, description="Number of the first page.")
    next: str | None = Field(None, description="Path that is null on the last page.")


class HttpPlace(Place):
    """The resource of a type."""

    path: str = Field(description="The collection.")
    records: str = Field("", description="Dotted path of the records in an answer.")
    find: dict[str, Find] = Field(
        default_factory=dict, description="Paths, as a key names them -> how to find by them."
    )
    filters: dict[str, str] = Field(
        default_factory=dict, description='A path, or "path from", "path to" -> parameter.'
    )
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
        columns = sought.plan.columns(sought.fields)
        answers = await asyncio.gather(*(self._walk(walk, context) for walk in ask(place, sought)))
        for records in answers:
            require_columns(records, (leaf.column for leaf in sought.by), self._name)
        return [flatten(record, columns) for records in answers for record in records]

    async def select(self, question: Question, context: Context) -> Page:
        """Give a page of rows, of as many pages of the service as it takes."""
        place = self._places[question.plan.name]
        columns = question.plan.columns(question.fields)
        query = [*place.query.items()]
        for each in question.conditions:
            parameter = place.filters[_filter_name(each.leaf.path, each.compare)]
            query.append((parameter, text_of(each.leaf, each.value)))
        after = question.page.after
        number, start = (0, 0) if after is None else unpack_cursor(after, int, int)
        walk = _Walk(place.path, query, place.records, place.paging, is_record=False)
        rows: list[Row] = []
        while True:
            records, has_next = await self._page(walk, number, context)
            for at in range(start, len(records)):
                if len(rows) == question.page.first:
                    return Page(rows, True, pack_cursor(number, at))
                rows.append(flatten(records[at], columns))
            if not has_next:
                return Page(rows, False, pack_cursor(number, len(records)) if rows else None)
            number, start = number + 1, 0

    async def aclose(self) -> None:
        """End the flights and close what is ours; idempotent."""
        await self._source.aclose()
        await self._guard.aclose()
        if self._own_client is not None:
            await self._own_client.aclose()

    async def _walk(self, walk: _Walk, context: Context) -> list[Any]:
        """Give all records of a question."""
        records: list[Any] = []
        number, has_next = 0, True
        while has_next:
            part, has_next = await self._page(walk, number, context)
            records += part
            number += 1
        return records

    async def _page(self, walk: _Walk, number: int, context: Context) -> tuple[list[Any], bool]:
        paging = walk.paging
        query = walk.query if paging is None else [*walk.query, *_paging(paging, number)]
        guarded = await self._source.get_json(
            walk.path, context.call, query=query, absent_is_null=walk.is_record
        )
        answer = context.take(self._name, guarded)
        records = records_of(answer, walk.records, self._name)
        if paging is None:
            return records, False
        if paging.next is not None:
            return records, bool(records) and dig(answer, paging.next) is not None
        return records, len(records) >= paging.size


def _find(place: HttpPlace, sought: Sought) -> Find:
    return place.find[" ".join(leaf.path for leaf in sought.by)]


def _one_by_one(place: HttpPlace, sought: Sought) -> list[_Walk]:
    """Make one question a key; a record's own path has no pages."""
    find = _find(place, sought)
    walks = []
    for key in sought.keys:
        values = values_by_path(sought, key)
        query = [(name, fill(text, values)) for name, text in find.query.items()]
        walks.append(_new_walk(place, find, fill(find.path or place.path, values, _quote), query))
    return walks


def _many_at_once(place: HttpPlace, sought: Sought) -> list[_Walk]:
    """Make as few questions as the service allows."""
    find = _find(place, sought)
    texts = [text_of(sought.by[0], key[0]) for key in sought.keys]
    return [
        _new_walk(
            place,
            find,
            find.path or place.path,
            [*find.query.items(), *_many(str(find.many), find.join, part)],
        )
        for part in batches(_separable(texts, find.join), find.at_most)
    ]


def _new_walk(place: HttpPlace, find: Find, path: str, query: list[tuple[str, str]]) -> _Walk:
    records = place.records if find.records is None else find.records
    is_record = path != place.path
    return _Walk(path, query, records, None if is_record else place.paging, is_record)


def _paging(paging: Paging, number: int) -> Iterator[tuple[str, str]]:
    at = paging.first + number if paging.style == "page" else number * paging.size
    yield paging.parameter, str(at)
    if paging.size_parameter is not None:
        yield paging.size_parameter, str(paging.size)


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
        if name in declaration.ordered:
            yield ("types", name, "from"), 'lists keep the service\'s own order: leave out "order"'


def _rebase(settings: dict[str, Any], base: Path) -> dict[str, Any]:
    return settings


def _auth(given: ApiKey | Basic | OAuth2 | None, client: HttpClient) -> Auth | None:
    match given:
        case None:
            return None
        case ApiKey():
            return api_key(given.value.get_secret_value(), given.header)
        case Basic():
            return basic(given.username, given.password.get_secret_value())
        case OAuth2():
            credentials = OAuth2Credentials(
                given.token_url,
                given.username,
                given.password.get_secret_value(),
                given.client_id,
                given.client_secret.get_secret_value(),
            )
            return OAuth2Password(credentials, client)


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
        auth=_auth(settings.auth, client),
    )
    return HttpRecords(source, guard, None if opening.client else client, declaration)


HTTP = Kind(HttpKindSettings, HttpPlace, _rebase, _find_mistakes, _open, draft_openapi)
