"""A sample counts for the innermost part of the gateway that it was taken in."""

from __future__ import annotations

import pytest

from bench.profile import part_of

LOOP = "event loop and kernel"
STACKS = (
    (LOOP, "gateway.app.run_forever;asyncio.runners.run"),
    ("edge", "gateway.app.run_forever;asyncio.runners.run;gateway.server.protocol.write"),
    ("encode", "gateway.server.graphql_http.answer;gateway.server.graphql_http._encode_members"),
    ("merge", "gateway.executor.executor.execute;?.gather"),
    ("project", "gateway.executor.executor.execute;gateway.executor.compiled.steps.answer"),
    ("encode", "gateway.executor.compiled.steps.answer;?.finish"),
    ("decode", "adapters.remote.wire.read_answer;gateway.executor.compiled.ranges.decode"),
    ("decode", "adapters.remote.wire.read_answer;gateway.executor.compiled.records.decode"),
    ("client", "gateway.executor.fetch.call.ask;adapters.http_client.pool.send;uvloop.x.write"),
    ("pipeline", "gateway.server.graphql_http.answer;gateway.pipeline.run"),
)


@pytest.mark.parametrize(("part", "stack"), STACKS)
def test_a_sample_counts_for_one_part(part: str, stack: str) -> None:
    """Frames of other libraries count for who called them; the loop's own for the loop."""
    assert part_of(stack.split(";")) == part
