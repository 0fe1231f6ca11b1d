"""Everything derived from one supergraph, immutable but for what it remembers, swapped as a whole.

In: a configuration and its supergraph. Out: a ``SchemaSnapshot``, which gives the operation of a
text and its prepared form, both kept; and a ``SnapshotHolder``, which lets requests finish on the
snapshot they began with. A snapshot owns the executors of its subgraphs and closes them when the
last request has let go of it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from adapters.contract import PushReceiver, SubgraphExecutor
from adapters.remote.executor import RemoteExecutor
from cache.lru import LRU
from gateway.config.model import Config
from gateway.context import Caller, Identification
from gateway.errors import ClientError
from gateway.executor.executor import CompileMode, KeptPrograms
from gateway.operation.limits import OperationLimits, check_limits
from gateway.operation.model import Operation
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.secrets import SecretVariables, find_secrets
from gateway.operation.validate import validate_document
from gateway.planner.cost import PlanBudget
from gateway.policy.access import build_access_rules, find_refused
from gateway.policy.authorize import Authorization, authorize, find_classed
from gateway.policy.classes import build_classes
from gateway.policy.grants import build_grants
from gateway.policy.personal_arguments import has_personal_arguments
from gateway.prepare import PreparedOperation, prepare_operation
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.model import Supergraph
from schema.supergraph.render import render_supergraph

__all__ = [
    "Decision",
    "KnownOperation",
    "ReadyOperation",
    "SchemaSnapshot",
    "SnapshotHolder",
    "operation_limits",
]

# Kept texts may be long; an operation's objects weigh about this many times its text.
_WEIGHT_OF_TEXT = 30
_OPERATIONS_WEIGHT = 256_000_000

# A plan with its shapes weighs about this many times the texts of its fetches.
_WEIGHT_OF_DOCUMENTS = 40
_PREPARED_WEIGHT = 256_000_000

Close = Callable[[], Awaitable[None]]

_ReadyKey = tuple[str, str | None, str, str | None]
"""Text, operation name, the caller's name, purpose: what the stages before variables depend on."""


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation with what every request for it asks."""

    key: str  # hash of text and operation name
    text: str
    name: str | None  # as the request had it
    operation: Operation
    has_personal_arguments: bool  # then it may not come by GET
    classed: tuple[str, ...] = ()  # coordinates that it uses and that need a grant
    secrets: SecretVariables = field(default_factory=dict)


@dataclass(slots=True)
class Decision:
    """What a caller is denied of an operation, and how often it was asked."""

    known: KnownOperation
    caller: str
    purpose: str | None
    authorization: Authorization
    uses: int = 0


@dataclass(frozen=True, slots=True)
class ReadyOperation:
    """All that the stages before variables give for one caller and purpose."""

    known: KnownOperation
    authorization: Authorization
    prepared: PreparedOperation
    decision: Decision  # the first two are its own; here they are found a step sooner


class SchemaSnapshot:
    """One supergraph, ready to answer."""

    def __init__(
        self,
        config: Config,
        supergraph: Supergraph,
        executors: Mapping[str, SubgraphExecutor],
        close: Close,
        *,
        inboxes: Mapping[str, PushReceiver] | None = None,
        compile_mode: CompileMode = CompileMode.SECOND_USE,
    ) -> None:
        self.config = config
        self.supergraph = supergraph
        self.executors = executors
        self.inboxes = inboxes or {}  # what takes pushes, by the subgraph's name
        # A local adapter is asked by function calls: one request of several would save nothing.
        self.batched = frozenset(
            name for name, each in executors.items() if isinstance(each, RemoteExecutor)
        )
        # Its guard and its client keep to a call's deadline wherever they wait.
        self.punctual = self.batched
        self.hash = hashlib.sha256(render_supergraph(supergraph).encode()).hexdigest()[:12]
        self.api_schema = build_api_schema(supergraph)
        self.query_graph = build_query_graph(supergraph)
        self.classes = build_classes(supergraph)
        self.access = build_access_rules(supergraph)
        self.identification = Identification(config)
        self.has_adapters = any(each.adapter for each in config.subgraphs.values())
        self.shares_requests = config.dedupe.requests
        self.max_fetches = config.limits.fetches
        self.shows_upstream_messages = config.errors.upstream == "show"
        self._grants = build_grants(config.grants)
        self._limits = operation_limits(config)
        self._budget = PlanBudget(
            seconds=config.limits.plan_seconds, nodes=config.limits.plan_nodes
        )
        kept = config.limits.prepared_operations
        self._operations: LRU[tuple[str, str | None], KnownOperation] = LRU(
            kept, _OPERATIONS_WEIGHT
        )
        self._decisions: LRU[tuple[str, str, str | None], Decision] = LRU(4 * kept)
        self._prepared: LRU[tuple[str, str], PreparedOperation] = LRU(kept, _PREPARED_WEIGHT)
        # What was used since one of the three last changed, so that nothing here is kept longer
        # than there, and what is often used stays among the latest there too.
        self._ready: dict[_ReadyKey, ReadyOperation] = {}
        self._programs = KeptPrograms(kept, config.limits.compiled_bytes)
        self._compile_mode = compile_mode
        self._close = close

    def find_ready(
        self, text: str, operation_name: str | None, caller: Caller, purpose: str | None
    ) -> ReadyOperation | None:
        """Give at once what ``prepare`` gave, if nothing new was kept since."""
        ready = self._ready.get((text, operation_name, caller.name, purpose))
        if ready is not None:
            ready.decision.uses += 1
        return ready

    def read_operation(self, text: str, operation_name: str | None) -> KnownOperation:
        """Parse, validate and normalize, or give what is kept; raises ``ClientError``."""
        sent = (text, operation_name)
        known = self._operations.get(sent)
        if known is None:
            known = self._read(text, operation_name)
            self._operations.put(sent, known, _WEIGHT_OF_TEXT * len(text))
            self._ready.clear()
        return known

    def authorize(self, known: KnownOperation, caller: Caller, purpose: str | None) -> Decision:
        """Decide what the caller is denied of this operation; raises ``PurposeRequired``."""
        key = (known.key, caller.name, purpose)
        decision = self._decisions.get(key)
        if decision is None:
            grants = self._grants.of(caller.agency, purpose)
            refused = find_refused(
                known.operation,
                self.access,
                frozenset(caller.roles),
                is_named=caller.agency != "",
            )
            authorization = authorize(
                known.operation, self.classes, grants, purpose, refused=refused
            )
            decision = Decision(known, caller.name, purpose, authorization)
            self._decisions.put(key, decision)
            self._ready.clear()
        decision.uses += 1
        return decision

    def prepare(self, decision: Decision) -> ReadyOperation:
        """Plan and prepare, or give what is kept; raises ``PlanBudgetExceeded``."""
        known, authorization = decision.known, decision.authorization
        key = (known.key, authorization.profile)
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = prepare_operation(
                known.operation,
                authorization,
                self.api_schema,
                self.query_graph,
                self._budget,
                compile_mode=self._compile_mode,
                kept=self._programs,
            )
            self._prepared.put(key, prepared, _WEIGHT_OF_DOCUMENTS * prepared.size)
            self._ready.clear()
        ready = ReadyOperation(known, authorization, prepared, decision)
        sent = (known.text, known.name)
        if sent in self._operations and key in self._prepared:  # neither was too heavy to keep
            self._ready[(*sent, decision.caller, decision.purpose)] = ready
        return ready

    def warm_from(self, former: SchemaSnapshot, count: int = 100) -> None:
        """Prepare the operations most used on ``former``, so that a swap costs no request."""
        used = (decision for _, decision in former._decisions.items())
        callers = self.identification.callers()
        for decision in sorted(used, key=lambda each: -each.uses)[:count]:
            caller = callers.get(decision.caller)
            if caller is None:
                continue
            try:
                known = self.read_operation(decision.known.text, decision.known.name)
                self.prepare(self.authorize(known, caller, decision.purpose))
            except ClientError:
                continue  # no longer valid: its next request will be told why

    async def aclose(self) -> None:
        """Close the executors."""
        await self._close()

    def _read(self, text: str, operation_name: str | None) -> KnownOperation:
        document = parse_document(text, max_tokens=self._limits.tokens)
        check_limits(document, self._limits)
        validate_document(document, self.api_schema, introspection=self.config.introspection_on)
        operation = normalize_document(document, operation_name, self.api_schema)
        personal = has_personal_arguments(operation, self.api_schema, self.classes)
        key = hashlib.sha256(f"{operation_name or ''}\0{text}".encode()).hexdigest()
        classed = find_classed(operation, self.classes)
        secrets = find_secrets(operation, self.api_schema)
        return KnownOperation(key, text, operation_name, operation, personal, classed, secrets)


class SnapshotHolder:
    """Holds the current snapshot; at most two are alive, the current and the one being left."""

    def __init__(self, snapshot: SchemaSnapshot) -> None:
        self._current = snapshot
        self._users = 0  # of the current snapshot
        self._leaving: _Leaving | None = None

    @property
    def current(self) -> SchemaSnapshot:
        """The snapshot that new requests get."""
        return self._current

    def acquire(self) -> SchemaSnapshot:
        """Hold the current snapshot for one request; whoever acquired it must ``release`` it.

        Two calls and no context manager: that is on every request's way and would cost two
        microseconds.
        """
        self._users += 1
        return self._current

    def release(self, snapshot: SchemaSnapshot) -> None:
        """Let go of a snapshot that was held."""
        if snapshot is self._current:
            self._users -= 1
            return
        leaving = self._leaving
        if leaving is not None and leaving.snapshot is snapshot:
            leaving.users -= 1
            if leaving.users == 0:
                leaving.done.set()

    async def swap(self, snapshot: SchemaSnapshot) -> None:
        """Give new requests ``snapshot``; close the former when its last request is done.

        If the one before is still in use, waits for it first: two are alive at most.
        """
        if self._leaving is not None:
            await self._leaving.done.wait()
        leaving = _Leaving(self._current, self._users)
        self._current, self._users = snapshot, 0
        if leaving.users:
            self._leaving = leaving
            await leaving.done.wait()
            self._leaving = None
        await leaving.snapshot.aclose()

    async def aclose(self) -> None:
        """Close the current snapshot."""
        await self._current.aclose()


class _Leaving:
    """A snapshot that only its remaining requests still hold."""

    def __init__(self, snapshot: SchemaSnapshot, users: int) -> None:
        self.snapshot = snapshot
        self.users = users
        self.done = asyncio.Event()


def operation_limits(config: Config) -> OperationLimits:
    """Take from the configuration what it says about operations."""
    limits = config.limits
    return OperationLimits(
        tokens=limits.tokens,
        depth=limits.depth,
        fields=limits.fields,
        directives=limits.directives,
        fragment_visits=limits.fragment_visits,
        root_aliases=limits.root_aliases,
        variables=limits.variables,
        list_items=limits.list_items,
        operations=limits.operations,
    )
