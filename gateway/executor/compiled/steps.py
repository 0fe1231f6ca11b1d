"""One execution on records; what came is kept, so that the reference can take over.

In: a ``RecordProgram`` and the execution's context. Out: the root record, ready to be encoded; or
``has_deviated``, and then no more is sent: the reference runs the plan over ``received``, and asks
only for what is not there.

All fetches of a level that can be sent at once are sent at once, and waited for one after another
in the caller's own task. What cannot (a branch of several levels, an executor that only executes)
has a task, but for the first. As in the reference, answers are merged in plan order after all have
arrived.
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
    FetchCall,
    begin_call,
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


class _Fetch(msgspec.Struct):
    """A fetch of the level that is under way."""

    program: FetchProgram
    asked: Asked | None
    request: SubgraphRequest
    call: FetchCall | None = None  # None: it could not be sent at once
    answer: FetchAnswer | None = None  # None: not there yet, or never sent
    parts: Sequence[Received] = ()  # what has come, if it was asked in parts

    def watch(self) -> None:
        """Let the answer be taken as soon as it comes."""
        if self.call is not None:
            self.call.watch()

    def quit(self) -> asyncio.Future[Any] | None:
        """Leave; gives what still has to end."""
        return None if self.call is None else self.call.quit()


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
        self.wider_for: str | None = None  # of the deviation
        self.is_large = False  # others wait while its records are walked
        self._program = program
        self._variables = variables
        self._executors = executors
        self._call = call
        self._options = options
        self._answered: dict[int, _Fetch] = {}  # by fetch id
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
        answered = self._answered
        accounts = []
        for fetch_id in sorted(answered) if len(answered) > 1 else answered:
            fetch = answered[fetch_id]
            answer = fetch.answer
            assert answer is not None
            response = answer.response
            accounts.append(
                FetchAccount(
                    fetch_id=fetch_id,
                    subgraph=fetch.request.subgraph,
                    reports=response.reports,
                    as_of=response.as_of,
                    was_sent=answer.was_sent,
                    span=answer.span,
                )
            )
        return accounts

    def received(self) -> dict[int, Sequence[Received]]:
        """Give by fetch id what has come, for the reference."""
        received = {fetch_id: fetch.parts for fetch_id, fetch in self._answered.items()}
        for fetch_id, fetch in self._answered.items():
            if fetch.answer is not None and not fetch.parts:
                request = fetch.request
                whole = Received(request.representations, request.variables, fetch.answer)
                received[fetch_id] = (whole,)
        return received

    async def _run(self, schedule: Schedule) -> None:
        for level in schedule.levels:
            if self.has_deviated:
                return
            if self.is_large:
                await let_others_run()  # between what was merged and the walk for what to ask
            if len(level) > 1 or isinstance(level[0], Schedule):
                await self._together(level)
            elif (fetch := self._begin(level[0])) is not None:
                await self._end(fetch)
                self._merge(fetch)

    async def _together(self, level: Sequence[Branch]) -> None:
        """Run the branches of a level at the same time; if one fails, all end."""
        fetches: list[_Fetch] = []  # in plan order
        others: list[_Fetch | Schedule] = []  # which take a coroutine of their own
        tasks: list[asyncio.Future[Any]] = []
        try:
            for branch in level:
                if isinstance(branch, Schedule):
                    others.append(branch)
                elif (fetch := self._begin(branch)) is not None:
                    fetches.append(fetch)
                    if fetch.call is None:
                        others.append(fetch)
            begin = asyncio.get_running_loop().create_task
            tasks += [begin(self._end(each)) for each in others[1:]]
            sent = [fetch for fetch in fetches if fetch.call is not None]
            for fetch in sent if others else sent[1:]:
                fetch.watch()  # another is waited for before it
            for each in (*others[:1], *sent):
                await self._end(each)
            for task in tasks:
                await task
        except BaseException:
            await _give_up(fetches, tasks)
            raise
        for fetch in fetches:
            self._merge(fetch)

    def _begin(self, program: FetchProgram) -> _Fetch | None:
        """Ask for what a fetch needs, and send it if that can be done at once; None: not at all."""
        asked = None
        if program.ask is not None:
            asked = self._ask(program)
            if asked is None or not asked.items:
                return None
        if self.has_deviated:
            return None
        fetch = _Fetch(program, asked, self._request(program, asked))
        if asked is None or (type(asked) is Asked and len(asked.items) <= _MANY):
            fetch.call = begin_call(fetch.request, self._executors, self._options)
        return fetch

    async def _end(self, branch: _Fetch | Schedule) -> None:
        """Wait for a branch's answers; a fetch is left unmerged."""
        if isinstance(branch, Schedule):
            await self._run(branch)
            return
        if branch.call is None:
            if branch.asked is not None and len(branch.asked.items) > _MANY:
                await let_others_run()
            if self.has_deviated:
                return
            if type(branch.asked) is AskedInParts:
                await self._in_parts(branch, branch.asked)
                return
            branch.answer = await call_subgraph(branch.request, self._executors, self._options)
        else:
            try:
                branch.answer = await branch.call.arrive()
            except BaseException:
                branch.call.quit()
                raise
        self._answered[branch.program.fetch.id] = branch
        if len(branch.answer.response.body or b"") > _LARGE_BODY:
            self.is_large = True
            await let_others_run()

    async def _in_parts(self, fetch: _Fetch, asked: AskedInParts) -> None:
        """Send a request per set of contextual arguments, and join their answers."""
        program, whole = fetch.program, fetch.request
        requests, first = [], 0
        for values, size in asked.parts:
            items = asked.items[first : first + size]
            variables = {**whole.variables, **values}
            requests.append(structs.replace(whole, variables=variables, representations=items))
            first += size
        answers = await call_together(requests, self._executors, self._options)
        fetch.parts = [
            Received(request.representations, request.variables, answer)
            for request, answer in zip(requests, answers, strict=True)
        ]
        self._answered[program.fetch.id] = fetch
        sizes = [size for _, size in asked.parts]
        try:
            parts = [
                program.accept_part(size, answer.response.data)
                for size, answer in zip(sizes, answers, strict=True)
            ]
        except Deviation as deviation:
            self._deviate(deviation)
            return
        accepted = [
            structs.replace(each, response=structs.replace(each.response, data=data))
            for each, data in zip(answers, parts, strict=True)
        ]
        fetch.answer = join_answers(accepted, sizes)

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
            program.shape if program.ranges is None else program.shape_for(asked),
        )

    def _merge(self, fetch: _Fetch) -> None:
        """Merge an answer into the records."""
        if fetch.answer is None or self.has_deviated:
            return
        program, asked, response = fetch.program, fetch.asked, fetch.answer.response
        try:
            if response.errors or response.defects or response.data is None:
                raise Deviation
            if asked is None:
                program.merge_root(self._root, response.data, self._gathered)
            else:
                program.merge_entities(asked, response.data, self._gathered)
        except Deviation as deviation:
            self._deviate(deviation)
        except RecursionError:
            self._deviate(Deviation())

    def _deviate(self, deviation: Deviation) -> None:
        self.has_deviated = True
        self.wider_for = deviation.wider_for


async def _give_up(fetches: Sequence[_Fetch], tasks: Sequence[asyncio.Future[Any]]) -> None:
    """End all that is under way, and wait until it has ended."""
    for task in tasks:
        task.cancel()
    left = (fetch.quit() for fetch in fetches)
    ending = [*tasks, *(each for each in left if each is not None)]
    if ending:
        await asyncio.wait(ending)


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
