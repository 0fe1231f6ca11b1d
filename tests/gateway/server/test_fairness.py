"""Whoever asks waits as long as everybody else: connections are served in turn."""

import asyncio
from collections import Counter

import pytest

from tests.testkit.raw_http import PATIENCE, RawClient, post

pytestmark = pytest.mark.anyio

CLIENTS, TIMES = 30, 40
ONE = post({"query": "{ a }"}, close=False)


def widest(order: list[str], names: list[str]) -> int:
    """By how many answers was the first ever ahead of the last, while all were asking?"""
    served, worst = Counter(dict.fromkeys(names, 0)), 0
    for name in order:
        served[name] += 1
        if max(served.values()) >= TIMES:  # from here on one after another leaves
            return worst
        worst = max(worst, max(served.values()) - min(served.values()))
    return worst


async def keep_asking(client: RawClient, name: str, order: list[str], *, ahead: bool) -> None:
    """Ask so many times: at once, or each time when the answer before has come."""
    if ahead:
        await client.send(ONE * TIMES)
    for _ in range(TIMES):
        if not ahead:
            await client.send(ONE)
        await client.read_answer()
        order.append(name)


@pytest.mark.parametrize("flooding", [0, 3], ids=["each in turn", "some send all ahead"])
async def test_no_connection_is_served_ahead_of_the_others(edge, flooding):
    """Of thirty that ask without a pause none gets two answers more than any other, or three."""
    names = [f"client {number}" for number in range(CLIENTS)]
    clients = [RawClient(edge.address) for _ in names]
    order: list[str] = []
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for client in clients:
            await client.__aenter__()
        for at, (client, name) in enumerate(zip(clients, names, strict=True)):
            group.create_task(keep_asking(client, name, order, ahead=at < flooding))
    for client in clients:
        await client.__aexit__(None, None, None)
    assert len(order) == CLIENTS * TIMES
    assert widest(order, names) <= 3
