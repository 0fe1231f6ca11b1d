"""The one file that gateway and adapters share: how a subgraph is asked, and how it answers.

In: a ``SubgraphRequest`` made by the executor from one fetch of the plan. Out: a
``SubgraphResponse``. A remote federated service and a local adapter over a SOAP service differ
only behind ``SubgraphExecutor``; resilience wraps the sources below it, never the executor above.

What does not belong here: GraphQL text handling, HTTP, policy decisions.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

import msgspec

from adapters.errors import SourceError
from schema.selection import SelectionSet

__all__ = [
    "Attempt",
    "Begun",
    "CallBudget",
    "CallContext",
    "Defect",
    "EagerExecutor",
    "GraphClient",
    "GraphClientResult",
    "Guard",
    "Guarded",
    "Path",
    "Priority",
    "Purpose",
    "PushReceiver",
    "PushRefusal",
    "PushRefused",
    "Receipt",
    "RecordShape",
    "Representation",
    "ResponseShape",
    "SourceReport",
    "SourceStatus",
    "Span",
    "SubgraphError",
    "SubgraphExecutor",
    "SubgraphRequest",
    "SubgraphResponse",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Path: TypeAlias = tuple["str | int", ...]
"""A place in a subgraph's own answer: response names and list positions."""

Span: TypeAlias = tuple[float, float]
"""From when until when a source was waited for, in seconds of the running loop's clock."""

Representation: TypeAlias = dict[str, Any]
"""One entity as the specification sends it: ``__typename``, key fields, @requires inputs."""


Purpose: TypeAlias = Literal[
    "PELAYANAN_PUBLIK",
    "PERENCANAAN_PEMBANGUNAN",
    "ALOKASI_ANGGARAN",
    "PEMBANGUNAN_DEMOKRASI",
    "PENEGAKAN_HUKUM",
]
"""The five uses of population data, UU 24/2013 article 58(4)."""


class Priority(IntEnum):
    """Who goes first where a source is scarce; lower is sooner."""

    COUNTER = 0
    CITIZEN = 1
    REPORT = 2


class SourceStatus(StrEnum):
    """What one source did for one operation (docs/architecture.md, partial answers)."""

    ANSWERED = "ANSWERED"
    DENIED = "DENIED"
    MASKED = "MASKED"
    UNAVAILABLE = "UNAVAILABLE"
    STALE = "STALE"


class CallBudget(msgspec.Struct, gc=False):
    """How many calls to sources one operation may still make; shared by all its fetches.

    The one mutable part of a CallContext: spending must be seen by siblings.
    """

    remaining: int = 250

    def spend(self, calls: int = 1) -> bool:
        """Take ``calls`` if that many are left; tell whether they were."""
        if calls > self.remaining:
            return False
        self.remaining -= calls
        return True


class CallContext(msgspec.Struct, frozen=True, gc=False):
    """All that the gateway passes down to an upstream about who asks, and why.

    Built per request: a struct costs a fifth of a frozen dataclass.
    """

    caller: str = "anonymous"
    agency: str = ""
    grant_profile: str = ""  # equal profiles may share an answer in flight
    purpose: str | None = None
    case: str | None = None
    priority: Priority = Priority.CITIZEN
    deadline: float | None = None  # of the running loop's clock, seconds; None: no limit
    headers: tuple[tuple[str, str], ...] = ()  # forwarded to remote subgraphs, names lower-case
    operation_id: str = ""
    personal_token: bool = False  # a person's own token travels: never shared in flight
    budget: CallBudget = msgspec.field(default_factory=CallBudget)
    roles: tuple[str, ...] = ()  # the caller's, as the configuration gives them
    depth: int = 0  # 1: an adapter asks this of the graph, within another's operation
    person: str | None = None  # NIK of who asks through an app, as that app says


@dataclass(frozen=True, slots=True, eq=False)  # one is itself: what is compiled for it is kept
class RecordShape:
    """How one object of an answer lies in memory: its class, and where that holds what is asked.

    Made by the executor for one fetch. An adapter that fills records gives every attribute named
    here a value of the JSON that it becomes; what else a record holds is for other fetches.
    """

    type_name: str
    record: Callable[..., Any]  # the class
    attributes: Mapping[str, str]  # response name -> attribute, of all that the fetch asks
    below: Mapping[str, RecordShape]  # by the response names that hold objects, or lists of them
    values: Mapping[str, frozenset[str]]  # by the response names of enums: what may be held
    is_positional: bool  # ``record`` takes its attributes by position, in their order

    def read(self, value: Any) -> Any:
        """Give in dicts what was filled: a record, None, or lists of them."""
        if value is None:
            return None
        if type(value) is list:
            return [self.read(each) for each in value]
        read = {name: getattr(value, held) for name, held in self.attributes.items()}
        return read | {name: shape.read(read[name]) for name, shape in self.below.items()}


class ResponseShape(Protocol):
    """How the executor wants the answer laid out in memory (the compiled path's structs)."""

    @property
    def filled(self) -> RecordShape | None:
        """How to fill the objects of the answer without bytes; None: answer in dicts.

        Of an entity fetch it is the entities', of a root fetch the root's.
        """
        ...

    def decode(self, body: bytes) -> object:
        """Decode a whole response body; raises ``ValueError`` if it does not fit the shape."""
        ...


class SubgraphRequest(msgspec.Struct, frozen=True, gc=False):
    """One fetch of the plan, with its values. Built per fetch, so a struct.

    For a root fetch ``representations`` is None and ``selection.type_name`` is the root type
    (``Query``, ``Mutation``, as the supergraph names it). For an entity fetch
    ``selection.type_name`` is ``_Entity`` and its selections are fragments on entity types.
    """

    subgraph: str
    document: bytes  # GraphQL text, for remote subgraphs
    selection: SelectionSet
    call: CallContext
    variables: Mapping[str, Any] = msgspec.field(default_factory=dict)  # only those the fetch uses
    representations: Sequence[Representation] | None = None
    is_mutation: bool = False
    operation_name: str | None = None
    shape: ResponseShape | None = None  # None: answer in dicts


class SubgraphError(msgspec.Struct, frozen=True):
    """One error of a subgraph's answer; ``path`` is in the subgraph's answer.

    For an entity fetch the path begins ``("_entities", position, …)``. A struct, because a fetch
    may have one for each of its entities.
    ``message`` is the upstream's own text and is shown only if the configuration says so.
    """

    message: str
    code: str
    path: Path | None = None  # None: concerns the whole fetch
    source: str | None = None  # None: the subgraph itself
    extensions: Mapping[str, Any] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Defect:
    """Fields that came unreadable: one per coordinate, with the first place it was seen."""

    coordinate: str
    path: Path
    count: int = 1


class SourceReport(msgspec.Struct, frozen=True, gc=False):
    """What one source did for one fetch. ``source`` is ``dukcapil`` or ``kelurahan/31.71.…``."""

    source: str
    status: SourceStatus = SourceStatus.ANSWERED
    code: str | None = None
    calls: int = 0  # attempts that reached the wire for this fetch; a shared flight counts 0
    spans: tuple[Span, ...] = ()  # when it was waited for; they may overlap
    as_of: datetime | None = None  # None: live
    # Of the entries that this fetch wrote into a history, or found written by its first attempt.
    seals: tuple[str, ...] = ()


class SubgraphResponse(msgspec.Struct, frozen=True, gc=False):
    """A subgraph's answer, whatever happened.

    ``data`` is a dict for a root fetch; for an entity fetch a list with one entry per
    representation, in order. None means that nothing came back, and ``errors`` says why.
    An executor without sources of its own may leave ``reports`` empty: the caller then accounts
    the fetch to the subgraph's name.
    """

    data: Any
    errors: tuple[SubgraphError, ...] = ()
    # The raw answer, if it came over HTTP; ``data`` then was read for this caller alone, who may
    # keep and change it. Without it, ``data`` may be shared, and is copied.
    body: bytes | None = None
    as_of: datetime | None = None
    defects: tuple[Defect, ...] = ()
    reports: tuple[SourceReport, ...] = ()


class Begun(Protocol[T_co]):
    """A question that is under way without a task of its own.

    Whoever began it waits for ``answer``, and then calls ``finish``, or leaves by ``quit``. The
    sooner it is finished the better: until then it holds a place at its source.
    """

    @property
    def answer(self) -> asyncio.Future[Any]:
        """What is to be waited for; what it gives, or fails with, is for ``finish`` to read."""
        ...

    def finish(self) -> T_co | None:
        """Read the answer, which has come. None: it failed, and ``recover`` is to be awaited.

        Raises only for our bug, or if ``answer`` was cancelled; then nothing is held any more.
        """
        ...

    async def recover(self) -> T_co:
        """Go on after a failure, as long as that takes: ask again, or tell what it means."""
        ...

    def quit(self) -> None:
        """Leave early and hold nothing any more; idempotent, also after the end."""
        ...


class SubgraphExecutor(Protocol):
    """Answers for one subgraph. Never raises for what an upstream may do.

    It may offer more: ``EagerExecutor``.
    """

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch. Raises only on cancellation or a bug."""
        ...

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield one response per event. Raises like ``execute``."""
        ...

    async def aclose(self) -> None:
        """Release what is held open; idempotent."""
        ...


class EagerExecutor(SubgraphExecutor, Protocol):
    """One that can send a fetch at once, where nothing stands in the way, and answer it later.

    Its responses name their sources in ``reports``, and it keeps deadlines itself.
    """

    def begin(self, request: SubgraphRequest) -> Begun[SubgraphResponse] | None:
        """Send one fetch; None: it was not sent, and ``execute`` is to be used. Never raises."""
        ...


class Guarded(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """What one guarded call to a source gave: a value or an expected failure, never both."""

    value: T | None
    error: SourceError | None = None
    calls: int = 0  # attempts that reached the wire for this call; a merged follower counts 0
    span: Span | None = None  # None: nothing was waited for
    stale: SourceError | None = None  # why ``value`` is the last good one, and no newer


class Attempt(Protocol[T_co]):
    """One question to a source over HTTP, that can be put without a task of its own.

    ``begin`` puts it at once if that is possible; the guard then waits for the future in the
    caller's own coroutine. ``make`` puts it in any case, and may do so again and again.
    """

    def begin(self, deadline: float) -> asyncio.Future[Any] | None:
        """Put the question if a connection is free now; None if it was not put. Never raises.

        The future fails with ``HttpError``, at ``deadline`` of the loop's clock at the latest.
        """
        ...

    def divert(self, deadline: float) -> asyncio.Future[Any]:
        """Give the answer under way to a future of its own, until another deadline.

        Nothing fulfils the earlier future any more.
        """
        ...

    def abandon(self) -> None:
        """Cut what was begun, if it is still under way."""
        ...

    def read(self, answer: Any) -> T_co:
        """Read what the future gave; raises ``SourceError``."""
        ...

    async def mend(self, error: Exception, seconds: float) -> T_co:
        """Put the question again where that costs no second attempt, else raise ``SourceError``.

        ``error`` is what the future failed with.
        """
        ...

    async def make(self, seconds: float | None) -> T_co:
        """Put the question and give what was read; raises ``SourceError``."""
        ...


class Guard(Protocol):
    """All that stands between an executor or a source and the wire (adapters/resilience)."""

    def begin(
        self,
        attempt: Attempt[T],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Begun[Guarded[T]] | None:
        """Begin ``attempt``, or follow who asks the same; None: something stands in the way."""
        ...

    async def ask(
        self,
        attempt: Attempt[T],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Do as ``run`` does, in the caller's coroutine as long as nothing stands in the way."""
        ...

    async def run(
        self,
        attempt: Callable[[float | None], Awaitable[T]],
        call: CallContext,
        *,
        key: Hashable | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[T]:
        """Make ``attempt(timeout_seconds)``, which raises ``SourceError``; never raises that.

        Calls with an equal ``key`` may share one flight; only reads are tried again; each
        attempt costs ``units`` of the source's quota and one call of ``call.budget``.
        """
        ...


@dataclass(frozen=True, slots=True)
class GraphClientResult:
    """What an operation run by an adapter gave."""

    data: Mapping[str, Any] | None
    errors: tuple[Mapping[str, Any], ...] = ()
    completeness: Mapping[str, Any] | None = None


class GraphClient(Protocol):
    """Lets an adapter ask the graph by the name of a prepared document, never by private roads."""

    async def run(
        self, name: str, variables: Mapping[str, Any], call: CallContext
    ) -> GraphClientResult:
        """Run the document ``name`` on the snapshot of ``call``'s own operation, as its caller.

        What the caller is not granted is not read for it. Ask holding no transaction, slot or
        flight: the answer may take until the deadline of ``call``. Never raises for what a client
        or an upstream may do; raises ``KeyError`` for a name that is no document of the adapter.
        """
        ...


class PushRefusal(StrEnum):
    """Why a push was not taken."""

    UNAUTHENTICATED = "UNAUTHENTICATED"  # no credential, or not the declared one
    TOO_LARGE = "TOO_LARGE"
    MEDIA_TYPE = "MEDIA_TYPE"
    UNREADABLE = "UNREADABLE"  # not a message of this inbox; sent again, it stays one
    UNAVAILABLE = "UNAVAILABLE"  # it could not be stored: send it again later


@dataclass(frozen=True, slots=True)
class PushRefused:
    """A push that was not stored; ``why`` holds no value of it and may be shown."""

    reason: PushRefusal
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A push that is stored. ``number`` counts the inbox's pushes from 1, in order of arrival."""

    number: int
    is_new: bool  # False: it had been stored before, under this number


class PushReceiver(Protocol):
    """Takes what an agency pushes; found by the subgraph's name in ``Opening.inboxes``."""

    @property
    def body_bytes(self) -> int:
        """The longest body that is taken."""
        ...

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> Receipt | PushRefused:
        """Store a push before it is acknowledged; header names are lower-case. Never raises."""
        ...
