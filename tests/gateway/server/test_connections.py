"""The register of connections: caps, deadlines, turns."""

import asyncio
from itertools import pairwise

import pytest

from gateway.server.connections import Connections
from gateway.server.settings import EdgeSettings
from tests.testkit.raw_http import PATIENCE

pytestmark = pytest.mark.anyio


class Guest:
    """A connection that counts what is asked of it."""

    def __init__(self):
        self.checks = asyncio.Event()
        self.turns = 0

    def check(self, now):
        """Note that the sweep came by."""
        self.checks.set()

    def give_way(self, now):
        """Stay."""
        return False

    def proceed(self):
        """Note a turn."""
        self.turns += 1


async def test_sweeping_begins_with_the_first_and_ends_with_the_last():
    """A server without connections has no timer."""
    loop = asyncio.get_running_loop()
    connections = Connections(EdgeSettings(sweep_seconds=0.01))
    guests = [Guest(), Guest()]
    for guest in guests:
        connections.add(guest, loop)
    for guest in guests:
        await asyncio.wait_for(guest.checks.wait(), PATIENCE)
        connections.remove(guest)
    assert len(connections) == 0
    later = Guest()
    connections.add(later, loop)
    await asyncio.wait_for(later.checks.wait(), PATIENCE)
    connections.remove(later)


async def test_few_requests_sent_ahead_begin_in_one_turn():
    """However many floods there are, the loop comes back to its sockets soon."""
    loop = asyncio.get_running_loop()
    connections = Connections(EdgeSettings())
    guests = [Guest() for _ in range(100)]
    for guest in guests:
        connections.defer(guest, loop)
    begun = [0]
    all_begun = asyncio.Event()

    def look():
        begun.append(sum(guest.turns for guest in guests))
        if begun[-1] < 100:
            loop.call_soon(look)
        else:
            all_begun.set()

    loop.call_soon(look)
    await asyncio.wait_for(all_begun.wait(), PATIENCE)
    assert max(after - before for before, after in pairwise(begun)) <= 16
    assert [guest.turns for guest in guests] == [1] * 100


async def test_the_cap_is_one_of_connections():
    """Up to the cap all are served; beyond it they are told; far beyond they are not even told."""
    loop = asyncio.get_running_loop()
    connections = Connections(EdgeSettings(connections=10))
    states = []
    guests = [Guest() for _ in range(100)]
    for guest in guests:
        connections.add(guest, loop)
        states.append((connections.is_full, connections.is_flooded))
    assert states == [(False, False)] * 10 + [(True, False)] * 64 + [(True, True)] * 26
    assert not connections.make_room(0.0, newcomer=guests[-1])
    for guest in guests:
        connections.remove(guest)
