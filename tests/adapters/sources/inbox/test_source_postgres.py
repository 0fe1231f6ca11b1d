"""The inbox on a real PostgreSQL, by the same code: several gateways share one."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest

from adapters.contract import CallContext, PushRefusal, PushRefused, Receipt
from adapters.sources.inbox import NUMBER, RECEIVED_AT, InboxSource
from tests.testkit.imports import ROOT
from tests.testkit.inboxes import NOW, SECRET_HEADERS, encode, open_inbox
from tests.testkit.postgres import Postgres, running_postgres

pytestmark = [pytest.mark.anyio, pytest.mark.needs_postgres]

_NAMES = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A private server."""
    with running_postgres() as running:
        yield running


@pytest.fixture
def url(server: Postgres) -> str:
    """An empty database."""
    name = f"inbox{next(_NAMES)}"
    server.run(
        f"CREATE DATABASE {name} OWNER simpul ENCODING 'UTF8' TEMPLATE template0;", "postgres"
    )
    return server.url(name)


async def found(inbox: InboxSource, about: str) -> list[tuple[int, str]]:
    """Give number and text of the notes about something, in order of arrival."""
    guarded = await inbox.find("about", [about], CallContext())
    assert guarded.value is not None, guarded.error
    return sorted((each[NUMBER], each["text"]) for each in guarded.value)


async def test_pushes_are_kept_once_and_found(url: str) -> None:
    """Numbered, known again, refused under a used id, found by key, with the time of arrival."""
    async with open_inbox(url) as inbox:
        first = encode(id="1", about=["a"], text="x")
        assert await inbox.receive(first, SECRET_HEADERS) == Receipt(1, True)
        assert await inbox.receive(first, SECRET_HEADERS) == Receipt(1, False)
        other = await inbox.receive(encode(id="1", about=["a"], text="y"), SECRET_HEADERS)
        assert isinstance(other, PushRefused)
        assert other.reason is PushRefusal.UNREADABLE
        assert await found(inbox, "a") == [(1, "x")]
        (note,) = (await inbox.find("about", ["a"], CallContext())).value or ()
        assert note[RECEIVED_AT] == NOW


async def test_two_gateways_number_all_pushes_without_gaps(url: str) -> None:
    """40 pushes at the same time, half of them twice: 40 numbers, seen by both."""
    async with open_inbox(url) as one, open_inbox(url) as other:
        pushes = [
            inbox.receive(
                encode(id=f"{at // 2 if at < 40 else at}", about=["a"], text="x"), SECRET_HEADERS
            )
            for at, inbox in enumerate([one, other] * 30)
        ]
        outcomes = await asyncio.gather(*pushes)
        numbers = {each.number for each in outcomes if isinstance(each, Receipt)}
        assert numbers == {*range(1, 41)}
        assert sum(each.is_new for each in outcomes if isinstance(each, Receipt)) == 40
        assert await found(one, "a") == await found(other, "a")
        assert len(await found(one, "a")) == 40


async def test_new_keys_are_read_from_what_is_stored(url: str) -> None:
    """Under another version of the keys all pushes are read again."""
    async with open_inbox(url) as inbox:
        await inbox.receive(encode(about=["a"], text="x"), SECRET_HEADERS)
    async with open_inbox(url, keys_version="2") as inbox:
        assert await found(inbox, "a") == [(1, "x")]
        assert await inbox.replay() == 1
        assert await found(inbox, "a") == [(1, "x")]


@pytest.mark.parametrize(("point", "is_new"), [("before", True), ("after", False)])
async def test_killed_around_the_commit(url: str, point: str, is_new: bool) -> None:
    """Before it, a push was never there; between it and the acknowledgement, it is there once."""
    body = encode(id="1", about=["a"], text="x")
    async with open_inbox(url):
        pass
    command = [sys.executable, "-m", "tests.testkit.dying_inbox", url, point]
    died = subprocess.run(command, input=body, cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    async with open_inbox(url) as inbox:
        assert await inbox.receive(body, SECRET_HEADERS) == Receipt(1, is_new)
        assert await found(inbox, "a") == [(1, "x")]
