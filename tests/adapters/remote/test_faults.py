"""A subgraph that misbehaves at random: every fetch ends, and none gets another's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from adapters.errors import SourceCode
from adapters.http_client import HttpClient, HttpLimits
from adapters.remote import RemoteExecutor
from adapters.resilience import GuardSettings, SourceGuard
from schema.selection import SelectionSet
from tests.testkit.http_server import Talk, json_reply, raw_server, read_request, reply

MISDEEDS = (
    "answer",
    "answer",
    "late",
    "close-after",
    "close-before",
    "half",
    "mute",
    "500",
    "garbage",
    "twice",
)
Run = Callable[[Coroutine[Any, Any, None]], None]
CODES = {str(code) for code in SourceCode}


def misbehaving(misdeeds: Sequence[str]) -> Talk:
    """Do one misdeed after the other, whatever the connection, and then only answer."""
    left = list(misdeeds)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (received := await read_request(reader)) is not None:
            answer = json_reply({"data": {"n": received.json()["variables"]["n"]}})
            match left.pop(0) if left else "answer":
                case "answer":
                    writer.write(answer)
                case "late":
                    for _ in range(5):
                        await asyncio.sleep(0)
                    writer.write(answer)
                case "close-after":
                    writer.write(answer)
                    await writer.drain()
                    return
                case "close-before":
                    return
                case "half":
                    writer.write(answer[:-3])
                    await writer.drain()
                    return
                case "mute":
                    await asyncio.Event().wait()
                case "500":
                    writer.write(reply("oops", 500))
                case "garbage":
                    writer.write(b"\x00" * 40)
                case "twice":
                    writer.write(answer + json_reply({"data": {"n": -1}}))
            await writer.drain()

    return talk


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(
    misdeeds=st.lists(st.sampled_from(MISDEEDS), max_size=25),
    asked=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 4), st.sampled_from(["stay", "stay", "leave"])),
        min_size=1,
        max_size=25,
    ),
    connections=st.integers(1, 4),
    run=st.sampled_from([asyncio.run, uvloop.run]),
)
def test_every_fetch_ends_with_its_own_answer_or_a_code(
    misdeeds: list[str], asked: list[tuple[int, int, str]], connections: int, run: Run
) -> None:
    """Equal and different questions, at once and apart, some left: at the end all is at rest."""

    async def scenario() -> None:
        async with raw_server(misbehaving(misdeeds)) as server:
            client = HttpClient(HttpLimits(connections=connections))
            guard = SourceGuard("s", GuardSettings(timeout_seconds=0.05, retry_base_seconds=0.001))
            executor = RemoteExecutor("s", server.url, client, guard)
            tasks = []
            for number, pause, _ in asked:
                request = SubgraphRequest(
                    "s", b"q", SelectionSet("Query"), CallContext(), variables={"n": number}
                )
                tasks.append(asyncio.ensure_future(executor.execute(request)))
                for _ in range(pause):
                    await asyncio.sleep(0)
            for task, (_, _, leaving) in zip(tasks, asked, strict=True):
                if leaving == "leave":
                    task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            for result, (number, _, leaving) in zip(results, asked, strict=True):
                if isinstance(result, asyncio.CancelledError):
                    assert leaving == "leave"
                    continue
                assert isinstance(result, SubgraphResponse)
                assert result.data == {"n": number} or {e.code for e in result.errors} <= CODES
                assert (result.data is None) == bool(result.errors)
            for _ in range(10):
                await asyncio.sleep(0)
            status = guard.status()
            assert (status["busy"], status["waiting"], status["flights"]) == (0, 0, 0)
            for pool in client.status().values():
                assert (pool.busy, pool.waiting) == (0, 0)
            await guard.aclose()
            await client.aclose()

    run(scenario())
