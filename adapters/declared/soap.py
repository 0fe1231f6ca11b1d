"""Declared types over SOAP operations.

In: operations of a WSDL, their requests with places for keys, and where the records are in an
answer. Out: rows. Keys go one a call, or many a call where the request takes a list; a column is a
path inside a record. There are no lists: an operation is asked by key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr

from adapters.declared.asking import (
    MANY,
    KeyValues,
    ask_parts,
    batches,
    fill_all,
    find_unasked,
    text_of,
    texts_in,
    values_by_path,
)
from adapters.declared.draft_wsdl import draft_wsdl
from adapters.declared.kind import (
    Declaration,
    Kind,
    KindSettings,
    Place,
    Question,
    Sought,
)
from adapters.declared.nested import flatten, records_of
from adapters.declared.plan import Row
from adapters.http_client import HttpClient
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.kit.outcome import InvalidArgument, Page
from adapters.resilience.guard import SourceGuard
from adapters.sources.soap import SoapSettings, SoapSource
from adapters.yaml_document import Finding

__all__ = ["SOAP"]

_PARALLEL = 5  # such services run on one old machine


class SoapKindSettings(KindSettings):
    """A service."""

    wsdl: str = Field(description="A file, or a URL.")
    address: str | None = Field(None, description="Where it listens; as the WSDL says, if absent.")
    service: str | None = Field(None, description="Of the WSDL; the first, if absent.")
    port: str | None = Field(None, description="Of the service; the first, if absent.")
    username: str | None = Field(None, description="Of the WS-Security UsernameToken.")
    password: SecretStr = Field(SecretStr(""), description="Its password.")
    password_digest: bool = Field(False, description="Send a digest instead of the password.")
    headers: dict[str, Any] | None = Field(None, description="SOAP headers of every call.")


class SoapFind(Place):
    """How records are found by some paths."""

    operation: str = Field(description="Of the WSDL.")
    request: dict[str, Any] = Field(description='With {path} places, or "{*}" for many keys.')
    records: str = Field("", description="Dotted path of the records in an answer.")
    at_most: int = Field(100, ge=1, description='Keys in one call, for "{*}".')

    @property
    def takes_many(self) -> bool:
        """Tell whether one call asks for many keys."""
        return MANY in self.texts

    @property
    def texts(self) -> list[str]:
        """Give the texts in which a key's values have their places."""
        return texts_in(self.request)


class SoapPlace(Place):
    """The operations of a type."""

    find: dict[str, SoapFind] = Field(description="Paths, as a key names them -> how to find.")


class SoapRecords:
    """The service, opened."""

    def __init__(
        self,
        source: SoapSource,
        guard: SourceGuard,
        own_client: HttpClient | None,
        declaration: Declaration,
        headers: dict[str, Any] | None,
    ) -> None:
        self._source = source
        self._guard = guard
        self._own_client = own_client
        self._headers = headers
        self._name = declaration.name
        self._places: dict[str, SoapPlace] = dict(declaration.places)

    async def find(self, sought: Sought, context: Context) -> Sequence[Row]:
        """Give the rows of these keys."""
        find = self._places[sought.plan.name].find[" ".join(leaf.path for leaf in sought.by)]
        size = find.at_most if find.takes_many else 1
        fill_in = _many_at_once if find.takes_many else _one_by_one
        columns = sought.plan.columns(sought.fields)

        async def rows(request: dict[str, Any]) -> list[Row]:
            return [flatten(each, columns) for each in await self._call(find, request, context)]

        return await ask_parts(
            [(keys, rows(fill_in(find, sought, keys))) for keys in batches(sought.keys, size)]
        )

    async def select(self, question: Question, context: Context) -> Page:
        """Refuse: no list is declared over an operation."""
        raise InvalidArgument(f'"{question.plan.name}" cannot be listed')

    async def aclose(self) -> None:
        """End the flights and close what is ours; idempotent."""
        await self._source.aclose()
        await self._guard.aclose()
        if self._own_client is not None:
            await self._own_client.aclose()

    async def _call(self, find: SoapFind, request: dict[str, Any], context: Context) -> list[Any]:
        guarded = await self._source.call(
            find.operation, request, context.call, headers=self._headers
        )
        return [*records_of(context.take(self._name, guarded), find.records, self._name)]


def _one_by_one(find: SoapFind, sought: Sought, keys: Sequence[KeyValues]) -> dict[str, Any]:
    return dict(fill_all(find.request, values_by_path(sought, keys[0])))


def _many_at_once(find: SoapFind, sought: Sought, keys: Sequence[KeyValues]) -> dict[str, Any]:
    return dict(fill_all(find.request, {}, [text_of(sought.by[0], key[0]) for key in keys]))


def _find_mistakes(declaration: Declaration) -> Iterator[Finding]:
    for name, place in declaration.places.items():
        yield from find_unasked(name, declaration.found_by[name], place.find)
        if name in declaration.listed:
            yield ("types", name), "a SOAP operation is asked by key and cannot be listed"
        if name in declaration.summarized:
            yield ("types", name), "a SOAP operation does not count: leave out its summaries"
        if name in declaration.refined:
            told = 'a SOAP operation is asked by key: its relations have no "where" and no "sort"'
            yield ("types", name), told


def _rebase(settings: dict[str, Any], base: Path) -> dict[str, Any]:
    wsdl = settings.get("wsdl")
    if isinstance(wsdl, str) and "://" not in wsdl:
        return {**settings, "wsdl": str(base / wsdl)}
    return settings


async def _open(
    settings: SoapKindSettings, declaration: Declaration, opening: Opening
) -> SoapRecords:
    client = opening.client or HttpClient()
    guard = opening.new_guard(declaration.name, settings.guard, parallel=_PARALLEL)
    is_url = "://" in settings.wsdl
    described = SoapSettings(
        settings.wsdl if is_url else opening.base / settings.wsdl,
        settings.address,
        settings.service,
        settings.port,
        settings.username,
        settings.password.get_secret_value(),
        settings.password_digest,
    )
    source = SoapSource(declaration.name, described, client, guard)
    own_client = None if opening.client else client
    return SoapRecords(source, guard, own_client, declaration, settings.headers)


SOAP = Kind(SoapKindSettings, SoapPlace, _rebase, _find_mistakes, _open, draft_wsdl)
