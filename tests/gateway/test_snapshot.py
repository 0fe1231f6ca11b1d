"""What a snapshot takes from its configuration, and what it keeps of the operations it answers."""

from __future__ import annotations

from dataclasses import asdict

from gateway.config.model import Config, LimitSettings, SubgraphSettings
from gateway.context import PUBLIC
from gateway.operation.limits import OperationLimits
from gateway.snapshot import ReadyOperation, SchemaSnapshot, operation_limits
from tests.testkit.composing import supergraph_of

GRAPH = {"w": SubgraphSettings(adapter="wilayah")}
NOT_A_SETTING = {"errors"}  # how many problems one answer lists


def test_every_limit_of_an_operation_is_a_setting() -> None:
    """What the configuration says is what is enforced, and the defaults agree."""
    assert operation_limits(Config(subgraphs=GRAPH)) == OperationLimits()
    names = asdict(OperationLimits()).keys() - NOT_A_SETTING
    config = Config(subgraphs=GRAPH, limits=LimitSettings(**dict.fromkeys(names, 7)))
    limits = asdict(operation_limits(config))
    assert {name: limits[name] for name in names} == dict.fromkeys(names, 7)


def _snapshot(prepared_operations: int) -> SchemaSnapshot:
    limits = LimitSettings(prepared_operations=prepared_operations)
    graph = supergraph_of(w="type Query { a: Int b: Int c: Int }")
    return SchemaSnapshot(Config(subgraphs=GRAPH, limits=limits), graph, {}, _close_nothing)


async def _close_nothing() -> None:
    """There is nothing to close."""


def _ask(snapshot: SchemaSnapshot, text: str) -> ReadyOperation:
    known = snapshot.read_operation(text, None)
    return snapshot.prepare(snapshot.authorize(known, PUBLIC, None))


def _find(snapshot: SchemaSnapshot, text: str) -> ReadyOperation | None:
    return snapshot.find_ready(text, None, PUBLIC, None)


def test_what_was_prepared_is_ready_for_the_same_caller_and_purpose() -> None:
    """And for nobody else; each finding is a use."""
    snapshot = _snapshot(9)
    ready = _ask(snapshot, "{ a }")
    assert _find(snapshot, "{ a }") is ready
    assert snapshot.find_ready("{ a }", None, PUBLIC, "PELAYANAN_PUBLIK") is None
    assert snapshot.find_ready("{ a }", "A", PUBLIC, None) is None
    assert ready.decision.uses == 2


def test_nothing_is_ready_that_is_no_longer_kept() -> None:
    """What is let go, to keep something new, is in no other place either."""
    snapshot = _snapshot(1)
    _ask(snapshot, "{ a }")
    snapshot.read_operation("{ b }", None)
    assert _find(snapshot, "{ a }") is None


def test_nothing_is_ready_that_is_too_heavy_to_keep() -> None:
    """A text of ten megabytes is read anew each time, and its plan is not kept here either."""
    snapshot = _snapshot(9)
    text = "{ a }" + " " * 10_000_000
    _ask(snapshot, text)
    assert _find(snapshot, text) is None


def test_what_is_ready_is_among_those_used_latest() -> None:
    """To be found at once keeps an operation no less than to be read."""
    snapshot = _snapshot(2)
    first = _ask(snapshot, "{ a }")
    second = _ask(snapshot, "{ b }")
    assert _ask(snapshot, "{ a }").prepared is first.prepared
    assert _find(snapshot, "{ a }") is not None
    _ask(snapshot, "{ c }")
    assert _ask(snapshot, "{ a }").prepared is first.prepared
    assert _ask(snapshot, "{ b }").prepared is not second.prepared
