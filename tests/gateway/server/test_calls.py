"""How many calls edge and pipeline add to a warm operation: a clock tells little on a busy machine.

The bound is a tenth above what it takes today. Whoever needs more calls raises it knowingly: they
are on every request there is.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from bench.reviews import OPERATIONS, build_executors, build_supergraph, build_truth
from gateway.config.model import Config
from gateway.pipeline import Pipeline
from gateway.server.connections import Connections
from gateway.server.graphql_http import GraphQLHttp
from gateway.server.load import Load
from gateway.server.log import OperationLog
from gateway.server.metrics import Metrics
from gateway.server.request_reader import RequestReader
from gateway.server.settings import EdgeSettings
from gateway.snapshot import SchemaSnapshot, SnapshotHolder
from gateway.telemetry import Telemetry
from tests.testkit.work import counting_calls

pytestmark = pytest.mark.anyio

_MOST = 26
_COUNTED = ("/gateway/server/", "/gateway/pipeline", "/gateway/context", "/gateway/snapshot")
_TOLD = ("/gateway/trace", "/gateway/telemetry", "/executor/state/")


async def _close_nothing() -> None:
    """There is nothing to close."""


def _open() -> tuple[GraphQLHttp, RequestReader]:
    config = Config.model_validate(
        {"supergraph": {"file": "unread"}, "headers": {"propagate": ["x-request"]}}
    )
    executors = build_executors(build_truth())
    snapshot = SchemaSnapshot(config, build_supergraph(), executors, _close_nothing)
    telemetry = Telemetry(Metrics(dict), OperationLog())
    pipeline = Pipeline(SnapshotHolder(snapshot), telemetry, lambda: datetime.now(UTC))
    settings = EdgeSettings()
    endpoint = GraphQLHttp(pipeline.answer, settings, Load(9, shedding_seconds=1.0))
    return endpoint, RequestReader(Connections(settings))


async def test_a_warm_request_makes_few_calls() -> None:
    """From the bytes of a request, with an id of its own, to the bytes of the answer."""
    endpoint, reader = _open()
    body = msgspec.json.encode({"query": OPERATIONS["simple"]})

    async def ask(number: int) -> int:
        lines = b"Host: a\r\nContent-Type: application/json\r\nX-Request: %d\r\n" % number
        head = b"POST /graphql HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n" % (lines, len(body))
        with counting_calls(*_COUNTED, *_TOLD) as calls:
            reader.buffer = head + body
            request = reader.read()
            assert request is not None
            reply = await endpoint(*request)
        assert reply.status == 200
        return calls.python

    counts = [await ask(number) for number in range(6)]
    assert counts[-1] <= _MOST < counts[0]
