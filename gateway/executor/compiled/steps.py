"""One execution on records; what came is kept, so that the reference can take over.

In: a ``RecordProgram`` and the execution's context. Out: the root record, ready to be encoded; or
``has_deviated``, and then no more is sent: the reference runs the plan over ``received``, and asks
only for what is not there.

Of a level the first branch runs in the caller's own task, and only the others have tasks. As in the
reference, its answers are merged in plan order after all have arrived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs

from adapters.contract import (
    CallContext,
    Path,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.errors import SourceCode
from gateway.executor.compiled.entities import Asked, AskedInParts
from gateway.executor.compiled.fetches import FetchProgram
from gateway.executor.compiled.record_program import RecordProgram
from gateway.executor.compiled.records import FetchShape, is_decoded
from gateway.executor.compiled.schedule import Branch, Schedule
from gateway.executor.compiled.source import Deviation
from gateway.executor.fetch.call import (
    FetchAnswer,
    call_subgraph,
    call_together,
    let_others_run,
)
from gateway.executor.fetch.context import Received
from gateway.executor.fetch.join import join_answers
from gateway.executor.state.account import FetchAccount
from gateway.executor.state.options import ExecutionOptions

__all__ = ["RecordSteps", "read_again"]

# From where on a step takes milliseconds: the loop then gets its turn between two of them. Twice
# that, and the others wait twice as long; a tenth, and a turn of the loop costs what it divides.
_MANY = 2_000  # representations
_LARGE_BODY = 500_000  # bytes


class _Arrival(msgspec.Struct, frozen=True, gc=False):
    """A fetch's answer and what it was asked for."""

    program: FetchProgram
    asked: Asked | None
    answer: FetchAnswer


class RecordSteps:
    """One execution on records."""

    def __init__(
        self,
        program: RecordProgram,
        variables: Mapping[str, Any],
        executors: Mapping[str, SubgraphExecutor],
        call: CallContext,
        options: ExecutionOptions,
    ) -> None:
        self.has_deviated = False
        self.number_for: str | None = None  # of the deviation
        self.is_large = False  # others wait while its records are walked
        self.received: dict[int, Sequence[Received]] = {}
        self._program = program
        self._variables = variables
        self._executors = executors
        self._call = call
        self._options = options
        self._accounts: dict[int, FetchAccount] = {}
        self._root: Any = program.root()
        self._gathered: list[list[Any]] = [[] for _ in range(program.list_count)]
        self._gathered[0].append(self._root)

    async def run(self) -> None:
        """Make all fetches. Raises only on cancellation or our bug."""
        await self._run(self._program.schedule)

    def answer(self) -> Any:
        """Give the root record, with nothing in it that was not asked, as the client sees it."""
        for each in self._program.introspected:
            each.fill(self._root, self._variables)
        if self._program.finish is not None:
            self._program.finish(self._gathered)
        return self._root

    def denied(self) -> tuple[dict[str, Path], bool]:
        """Give each coordinate that is not granted with its nearest list, in response order.

        And tell whether the whole answer is null for one of them.
        """
        denials = self._program.denials
        return ({}, False) if denials is None else denials.find(self._root)

    def accounts_in_plan_order(self) -> list[FetchAccount]:
        """List what every fetch did that was sent."""
        accounts = self._accounts
        if len(accounts) == 1:
            return list(accounts.values())
        return [accounts[fetch_id] for fetch_id in sorted(accounts)]

    async def _run(self, schedule: Schedule) -> None:
        for level in schedule.levels:
            if self.has_deviated:
                return
            if self.is_large:
                await let_others_run()  # between what was merged and the walk for what to ask
            if len(level) == 1:
                self._merge(await self._branch(level[0]))
            else:
                for arrival in await self._together(level):
                    self._merge(arrival)

    async def _together(self, level: Sequence[Branch]) -> list[_Arrival | None]:
        """Run the branches of a level at the same time; if one fails, all end."""
        begin = asyncio.get_running_loop().create_task
        tasks = [begin(self._branch(branch)) for branch in level[1:]]
        try:
            arrivals = [await self._branch(level[0])]
            for task in tasks:
                arrivals.append(await task)  # noqa: PERF401  # a comprehension loses what came
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            raise
        return arrivals

    async def _branch(self, branch: Branch) -> _Arrival | None:
        """Run one branch; a fetch is given back unmerged, None: the reference shall send it."""
        if isinstance(branch, Schedule):
            await self._run(branch)
            return None
        asked = None
        if branch.ask is not None:
            asked = self._ask(branch)
            if asked is None or not asked.items:
                return None
            if len(asked.items) > _MANY:
                await let_others_run()
        if self.has_deviated:
            return None
        if type(asked) is AskedInParts:
            return await self._in_parts(branch, asked)
        request = self._request(branch, asked)
        answer = await call_subgraph(request, self._executors, self._options)
        self.received[branch.fetch.id] = (
            Received(request.representations, request.variables, answer),
        )
        if len(answer.response.body or b"") > _LARGE_BODY:
            self.is_large = True
            await let_others_run()
        return _Arrival(branch, asked, answer)

    async def _in_parts(self, program: FetchProgram, asked: AskedInParts) -> _Arrival | None:
        """Send a request per set of contextual arguments, and join their answers."""
        whole = self._request(program, asked)
        requests, first = [], 0
        for values, size in asked.parts:
            items = asked.items[first : first + size]
            variables = {**whole.variables, **values}
            requests.append(structs.replace(whole, variables=variables, representations=items))
            first += size
        answers = await call_together(requests, self._executors, self._options)
        self.received[program.fetch.id] = [
            Received(request.representations, request.variables, answer)
            for request, answer in zip(requests, answers, strict=True)
        ]
        sizes = [size for _, size in asked.parts]
        try:
            parts = [
                program.accept_part(size, answer.response.data)
                for size, answer in zip(sizes, answers, strict=True)
            ]
        except Deviation as deviation:
            self._deviate(deviation)
            return None
        accepted = [
            structs.replace(each, response=structs.replace(each.response, data=data))
            for each, data in zip(answers, parts, strict=True)
        ]
        return _Arrival(program, asked, join_answers(accepted, sizes))

    def _ask(self, program: FetchProgram) -> Asked | None:
        assert program.ask is not None
        if self.has_deviated:
            return None
        try:
            return program.ask(self._gathered)
        except Deviation as deviation:
            self._deviate(deviation)
            return None

    def _request(self, program: FetchProgram, asked: Asked | None) -> SubgraphRequest:
        fetch, given = program.fetch, self._variables
        return SubgraphRequest(
            fetch.subgraph,
            self._program.documents[fetch.id],
            fetch.selection_set,
            self._call,
            {name: given[name] for name in fetch.variables if name in given} if given else {},
            None if asked is None or fetch.requires is None else asked.items,
            program.is_mutation,
            None,
            program.shape,
        )

    def _merge(self, arrival: _Arrival | None) -> None:
        """Merge an answer into the records."""
        if arrival is None or self.has_deviated:
            return
        program, asked, answer = arrival.program, arrival.asked, arrival.answer
        response = answer.response
        try:
            if response.errors or response.defects or response.data is None:
                raise Deviation
            if asked is None:
                program.merge_root(self._root, response.data, self._gathered)
            else:
                program.merge_entities(asked, response.data, self._gathered)
        except Deviation as deviation:
            self._deviate(deviation)
            return
        except RecursionError:
            self._deviate(Deviation())
            return
        self._accounts[program.fetch.id] = FetchAccount(
            fetch_id=program.fetch.id,
            subgraph=program.fetch.subgraph,
            reports=response.reports,
            as_of=response.as_of,
            was_sent=answer.was_sent,
            span=answer.span,
        )

    def _deviate(self, deviation: Deviation) -> None:
        self.has_deviated = True
        self.number_for = deviation.number_for


def read_again(received: Received, shape: FetchShape, *, is_entity_fetch: bool) -> Received:
    """Give an answer in dicts, as the reference reads it."""
    response = received.answer.response
    if not is_decoded(response.data):
        return received
    if response.body is None:
        assert shape.filled is not None, "only bytes are decoded into other records"
        data = shape.filled.read(response.data)
    else:
        try:
            data = msgspec.json.decode(response.body)["data"]
        except (ValueError, RecursionError):  # what was passed over as bytes is not JSON
            error = SubgraphError("", SourceCode.SUMBER_TIDAK_TERSEDIA)
            return _replaced(received, structs.replace(response, data=None, errors=(error,)))
        data = data["_entities"] if is_entity_fetch else data
    return _replaced(received, structs.replace(response, data=data))


def _replaced(received: Received, response: SubgraphResponse) -> Received:
    answer = structs.replace(received.answer, response=response)
    return structs.replace(received, answer=answer)
