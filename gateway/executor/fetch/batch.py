"""Makes one request of the entity fetches that are ready for one subgraph at the same moment.

In: the executor of a subgraph, and the fetches of one execution as they become ready. Out: the same
answers, each as if it had been asked alone: the request selects ``_entities`` once per fetch under
an alias, and its errors are given back by the alias in their path (docs/decisions/0004).

Invariants: a ready fetch never waits for one that is not: what is sent together is of one level of
the plan and was ready within a few turns of the loop, with no time between. (Turns alone would not
do: a busy loop's are long enough for the answer that a fetch of a later level waits for.) One fetch
alone is passed on as it is. An answer without data may be one part's fault, so then every part is
asked by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec import structs

from adapters.contract import SubgraphError, SubgraphExecutor, SubgraphRequest, SubgraphResponse
from gateway.executor.fetch.rename_variables import rename_variables
from schema.selection import Argument, Field, SelectionSet, Variable, variables_of
from schema.type_ref import TypeRef

__all__ = ["BatchDocuments", "BatchingExecutor", "Levels"]

Levels: TypeAlias = Mapping[bytes, int]
"""The level in the plan of the fetches that may be ready together, by their text."""


# How many turns of the loop the first of a level gives the others to come: a branch of its own task
# is there after one, one that was woken by the same answer or opens a level of its own after two.
_TURNS = 2
_KEPT = 64  # texts per operation; which fetches meet depends on timing, so there may be several
_REPRESENTATIONS = TypeRef(of=TypeRef("_Any", non_null=True), non_null=True)


@dataclass(frozen=True, slots=True)
class _Part:
    """One fetch that waits to be sent, and who waits for its answer."""

    request: SubgraphRequest
    answer: asyncio.Future[SubgraphResponse]


_Key: TypeAlias = tuple[tuple[bytes, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class _Document:
    text: bytes
    selection: SelectionSet


class BatchDocuments:
    """The texts of one operation's common requests, made when they are first needed."""

    def __init__(self, types: Mapping[str, TypeRef], query_type: str) -> None:
        """``types`` holds every variable that a fetch may use."""
        self._types = types
        self._query_type = query_type
        self._known: dict[_Key, _Document] = {}
        self._prefix = "_r"
        while any(name.startswith(self._prefix) for name in types):
            self._prefix += "_"

    def combine(self, requests: Sequence[SubgraphRequest]) -> SubgraphRequest:
        """Give the one request of several."""
        variables: dict[str, Any] = {}
        names = [_add_variables(each, i, variables) for i, each in enumerate(requests)]
        for index, request in enumerate(requests):
            variables[f"{self._prefix}{index}"] = request.representations
        document = self._document(requests, names)
        first = requests[0]
        return SubgraphRequest(
            first.subgraph, document.text, document.selection, first.call, variables
        )

    def _document(
        self, requests: Sequence[SubgraphRequest], names: Sequence[Mapping[str, str]]
    ) -> _Document:
        key = tuple(
            (request.document, tuple(renamed.items()))
            for request, renamed in zip(requests, names, strict=True)
        )
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[key] = self._print(requests, names)
        return known

    def _print(
        self, requests: Sequence[SubgraphRequest], names: Sequence[Mapping[str, str]]
    ) -> _Document:
        declared = {f"{self._prefix}{i}": _REPRESENTATIONS for i in range(len(requests))}
        fields: list[Field] = []
        for index, (request, renamed) in enumerate(zip(requests, names, strict=True)):
            used = variables_of(request.selection)
            for name in (name for name in self._types if name in used):
                declared[renamed.get(name, name)] = self._types[name]
            selection = rename_variables(request.selection, renamed)
            argument = Argument("representations", Variable(f"{self._prefix}{index}"))
            fields.append(Field("_entities", selection, (argument,), _alias(index)))
        whole = SelectionSet(self._query_type, tuple(fields))
        head = ", ".join(f"${name}: {type_ref}" for name, type_ref in declared.items())
        return _Document(f"query({head}) {whole}".encode(), whole)


def _add_variables(
    request: SubgraphRequest, index: int, variables: dict[str, Any]
) -> dict[str, str]:
    """Add a request's variables to the common ones; give the new names of those that differ.

    The client's are the same objects in every request; only those of contexts may differ.
    """
    renamed: dict[str, str] = {}
    for name, value in request.variables.items():
        if name in variables and variables[name] is not value:
            renamed[name] = f"{name}_of_{index}"
        variables[renamed.get(name, name)] = value
    return renamed


class BatchingExecutor:
    """Stands before a subgraph's executor for one execution."""

    def __init__(self, inner: SubgraphExecutor, documents: BatchDocuments, levels: Levels) -> None:
        self._inner = inner
        self._documents = documents
        self._levels = levels
        self._waiting: dict[int, list[_Part]] = {}  # by level

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch, together with those that are ready at the same moment."""
        level = self._levels.get(request.document)
        if level is None or request.representations is None or request.is_mutation:
            return await self._inner.execute(request)
        part = _Part(request, asyncio.get_running_loop().create_future())
        waiting = self._waiting.setdefault(level, [])
        waiting.append(part)
        if len(waiting) > 1:
            return await part.answer  # the first of the level asks for all
        try:
            for _ in range(_TURNS):
                await asyncio.sleep(0)
        finally:
            del self._waiting[level]
        return await self._lead(waiting)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Pass on."""
        return self._inner.subscribe(request)

    async def aclose(self) -> None:
        """Hold nothing open: the inner executor belongs to the snapshot."""

    async def _lead(self, level: list[_Part]) -> SubgraphResponse:
        """Ask for a whole level, and give each but the first its answer."""
        try:
            answers = await self._ask([part.request for part in level])
        except BaseException as error:
            for part in level[1:]:
                _fail(part.answer, error)
            raise
        for part, answer in zip(level[1:], answers[1:], strict=True):
            if not part.answer.done():
                part.answer.set_result(answer)
        return answers[0]

    async def _ask(self, requests: list[SubgraphRequest]) -> list[SubgraphResponse]:
        if len(requests) == 1:
            return [await self._inner.execute(requests[0])]
        response = await self._inner.execute(self._documents.combine(requests))
        if response.data is None and response.body is not None:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._inner.execute(each)) for each in requests]
            return [task.result() for task in tasks]
        return [_part_of(response, index) for index in range(len(requests))]


def _fail(answer: asyncio.Future[SubgraphResponse], error: BaseException) -> None:
    """Let a waiter end as the one it waited for."""
    if answer.done():
        return
    if isinstance(error, Exception):
        answer.set_exception(error)
    else:
        answer.cancel()


def _part_of(response: SubgraphResponse, index: int) -> SubgraphResponse:
    """Give one fetch's part of a common answer; what was sent is counted once."""
    name = _alias(index)
    data = response.data.get(name) if isinstance(response.data, dict) else None
    reports = response.reports
    if index:
        reports = tuple(structs.replace(report, calls=0) for report in reports)
    errors = tuple(_errors_of(response.errors, name))
    return SubgraphResponse(data, errors, as_of=response.as_of, reports=reports)


def _errors_of(errors: Iterable[SubgraphError], name: str) -> Iterable[SubgraphError]:
    """Give the errors at an alias as if it were alone, and those that name no place."""
    for error in errors:
        if not error.path:
            yield error
        elif error.path[0] == name:
            path = ("_entities", *error.path[1:])
            yield SubgraphError(error.message, error.code, path, error.source, error.extensions)


def _alias(index: int) -> str:
    return f"_e{index}"
