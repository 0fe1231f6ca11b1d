"""The inbox on real SQLite files: what it takes, keeps, finds again, and survives."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import CallContext, PushRefusal, PushRefused, Receipt
from adapters.errors import SourceCode
from adapters.sources.inbox import (
    NUMBER,
    RECEIVED_AT,
    BasicCredential,
    Credential,
    HmacCredential,
    InboxSource,
    Reading,
    SecretCredential,
)
from tests.testkit.imports import ROOT
from tests.testkit.inboxes import NOW, SECRET_HEADERS, encode, open_inbox, read_note

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that does not exist yet, in a folder that does not either."""
    return f"sqlite+aiosqlite:///{tmp_path / 'var' / 'inbox.sqlite'}"


async def push(inbox: InboxSource, **note: Any) -> Receipt | PushRefused:
    """Push a note with the right credential."""
    return await inbox.receive(encode(**note), SECRET_HEADERS)


async def found(inbox: InboxSource, *about: str) -> list[Any]:
    """Give the texts of the notes about these, in order of arrival."""
    guarded = await inbox.find("about", about, CallContext())
    assert guarded.value is not None, guarded.error
    return [each["text"] for each in sorted(guarded.value, key=lambda each: int(each[NUMBER]))]


async def test_pushes_are_numbered_and_found_by_their_keys(url: str) -> None:
    """Each push has the next number, and is found by each of its keys, with its time."""
    async with open_inbox(url) as inbox:
        assert await push(inbox, id="1", about=["a"], text="one") == Receipt(1, True)
        assert await push(inbox, id="2", about=["a", "b"], text="two") == Receipt(2, True)
        assert await found(inbox, "a") == ["one", "two"]
        assert await found(inbox, "b", "c") == ["two"]
        assert await found(inbox, "c") == []
        (note,) = (await inbox.find("about", ["b"], CallContext())).value or ()
        assert (note[NUMBER], note[RECEIVED_AT], note["id"]) == (2, NOW, "2")


async def test_what_is_pushed_again_is_acknowledged_and_kept_once(url: str) -> None:
    """By the sender's id, or by equal bodies where there is none."""
    async with open_inbox(url) as inbox:
        for note in ({"id": "1", "about": ["a"], "text": "x"}, {"about": ["a"], "text": "y"}):
            first = await push(inbox, **note)
            again = await push(inbox, **note)
            assert isinstance(first, Receipt)
            assert again == Receipt(first.number, False)
        assert await found(inbox, "a") == ["x", "y"]
        assert inbox.status()["pushes_stored"] == inbox.status()["pushes_repeated"] == 2


async def test_equal_pushes_at_the_same_time_are_one(url: str) -> None:
    """Ten deliveries of one message give one number, and one of them is new."""
    async with open_inbox(url) as inbox:
        outcomes = await asyncio.gather(
            *(push(inbox, id="1", about=["a"], text="x") for _ in range(10))
        )
        assert {each.number for each in outcomes if isinstance(each, Receipt)} == {1}
        assert [each.is_new for each in outcomes if isinstance(each, Receipt)].count(True) == 1
        assert await found(inbox, "a") == ["x"]


async def test_different_pushes_at_the_same_time_have_numbers_without_gaps(url: str) -> None:
    """Two inboxes over one file, as two workers have, number all pushes once."""
    async with open_inbox(url) as one, open_inbox(url) as other:
        outcomes = await asyncio.gather(
            *(
                push(inbox, id=f"{at}", about=["a"], text=f"{at}")
                for at, inbox in enumerate([one, other] * 10)
            )
        )
        numbers = sorted(each.number for each in outcomes if isinstance(each, Receipt))
        assert numbers == [*range(1, 21)]
        assert await found(one, "a") == await found(other, "a")
        assert len(await found(one, "a")) == 20


async def test_an_id_used_for_another_message_is_refused(url: str) -> None:
    """The first message stays as it is."""
    async with open_inbox(url) as inbox:
        await push(inbox, id="1", about=["a"], text="x")
        refused = await push(inbox, id="1", about=["a"], text="y")
        assert isinstance(refused, PushRefused)
        assert refused.reason is PushRefusal.UNREADABLE
        assert await found(inbox, "a") == ["x"]


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (encode(about=["a"]), JSON, PushRefusal.UNAUTHENTICATED),
        (encode(about=["a"]), {**JSON, "x-secret": "salah"}, PushRefusal.UNAUTHENTICATED),
        (encode(about=["a"]), {**JSON, "x-secret": "rahasia-réka"}, PushRefusal.UNAUTHENTICATED),
        (encode(about=["a"], text="x" * 1_000), SECRET_HEADERS, PushRefusal.TOO_LARGE),
        (encode(about=["a"]), {**SECRET_HEADERS, "content-type": "text/xml"}, "MEDIA_TYPE"),
        (encode(about=["a"]), {"x-secret": "rahasia-rekaan"}, PushRefusal.MEDIA_TYPE),
        (b"\x00\xff", SECRET_HEADERS, PushRefusal.UNREADABLE),
        (b'{"about": 3}', SECRET_HEADERS, PushRefusal.UNREADABLE),
        (b"", SECRET_HEADERS, PushRefusal.UNREADABLE),
        (encode(about=["a"], id="9" * 300), SECRET_HEADERS, PushRefusal.UNREADABLE),
    ],
)
async def test_refused(url: str, body: bytes, headers: Mapping[str, str], reason: str) -> None:
    """A wrong push is refused with its reason, counted, and not stored."""
    async with open_inbox(url) as inbox:
        refused = await inbox.receive(body, headers)
        assert isinstance(refused, PushRefused)
        assert refused.reason == reason
        assert inbox.status()["pushes_refused"] == 1
        assert await push(inbox, about=["a"], text="first") == Receipt(1, True)


_BODY = encode(about=["a"], text="x")
_SIGNED = hmac.new(b"kunci-rekaan", _BODY, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("credential", "good", "bad"),
    [
        (
            SecretCredential("x-key", "rahasia"),
            {"x-key": "rahasia"},
            ({}, {"x-key": "rahasi"}, {"x-key": "rahasia, rahasia"}),
        ),
        (
            BasicCredential("oss", "rahasia"),
            {"authorization": "Basic " + base64.b64encode(b"oss:rahasia").decode()},
            ({}, {"authorization": "Basic x"}, {"authorization": "Bearer b3NzOnJhaGFzaWE="}),
        ),
        (
            HmacCredential("x-sign", "kunci-rekaan"),
            {"x-sign": f"sha256={_SIGNED.upper()}"},
            ({}, {"x-sign": "sha256="}, {"x-sign": _SIGNED[:-1]}, {"x-sign": "é" + _SIGNED}),
        ),
    ],
    ids=["secret", "basic", "hmac"],
)
def test_credentials(
    credential: Credential, good: Mapping[str, str], bad: tuple[Mapping[str, str], ...]
) -> None:
    """Each credential admits its own and nothing else, and does not print its secret."""
    assert credential.admits(_BODY, good)
    assert not any(credential.admits(_BODY, headers) for headers in bad)
    assert "rahasia" not in repr(credential)
    assert "kunci" not in repr(credential)


def test_a_signature_is_of_this_body() -> None:
    """What is signed cannot be changed on its way."""
    credential = HmacCredential("x-sign", "kunci-rekaan")
    assert not credential.admits(_BODY + b" ", {"x-sign": _SIGNED})


async def test_stored_pushes_outlive_the_process(url: str) -> None:
    """Another opening finds them, and goes on counting."""
    async with open_inbox(url) as inbox:
        await push(inbox, id="1", about=["a"], text="x")
    async with open_inbox(url) as inbox:
        assert await found(inbox, "a") == ["x"]
        assert await push(inbox, id="1", about=["a"], text="x") == Receipt(1, False)
        assert await push(inbox, id="2", about=["a"], text="y") == Receipt(2, True)


async def test_new_keys_are_read_from_what_is_stored(url: str) -> None:
    """Under another version of the keys all pushes are read again, once; those that a new reader
    refuses are kept, and found by nothing."""

    def by_text(body: bytes) -> Reading:
        note = read_note(body).content
        assert note["text"] != "never"
        return Reading(note, (("text", note["text"]),), note.get("id"))

    async with open_inbox(url) as inbox:
        for at in range(520):
            await push(inbox, about=["a"], text=f"t{at}")
    async with open_inbox(url, read=by_text, keys_version="2") as inbox:
        guarded = await inbox.find("text", ["t0", "t519"], CallContext())
        assert sorted(each["text"] for each in guarded.value or ()) == ["t0", "t519"]
        assert (await inbox.find("about", ["a"], CallContext())).value == []
        assert await inbox.replay() == 520
        guarded = await inbox.find("text", ["t7"], CallContext())
        assert [each[NUMBER] for each in guarded.value or ()] == [8]


async def test_found_through_another_key(url: str) -> None:
    """Every push about what a push of another key is about."""

    def read(body: bytes) -> Reading:
        note = read_note(body).content
        keys = [("about", each) for each in note["about"]]
        return Reading(note, (*keys, *(("by", each) for each in note.get("by", ()))))

    async with open_inbox(url, read=read) as inbox:
        await push(inbox, about=["a"], by=["p"], text="1")
        await push(inbox, about=["a"], by=["q"], text="2")
        await push(inbox, about=["a"], text="3")
        await push(inbox, about=["b"], by=["q"], text="4")
        await push(inbox, about=["c"], text="5")
        for person, expected in (("p", "123"), ("q", "1234"), ("r", "")):
            guarded = await inbox.find("about", [person], CallContext(), through="by")
            assert sorted(each["text"] for each in guarded.value or ()) == [*expected]


@pytest.mark.parametrize(("point", "is_new"), [("before", True), ("after", False)])
async def test_killed_around_the_commit(url: str, point: str, is_new: bool) -> None:
    """Killed before it, a push was never there; killed between it and the acknowledgement, it is
    there, and the sender who pushes it again is told so. Either way it is there once."""
    body = encode(id="1", about=["a"], text="x")
    async with open_inbox(url) as inbox:
        await push(inbox, id="0", about=["a"], text="earlier")
    command = [sys.executable, "-m", "tests.testkit.dying_inbox", url, point]
    died = subprocess.run(command, input=body, cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    async with open_inbox(url) as inbox:
        assert await inbox.receive(body, SECRET_HEADERS) == Receipt(2, is_new)
        assert await found(inbox, "a") == ["earlier", "x"]


async def test_a_store_that_is_down_refuses_and_recovers(url: str, tmp_path: Path) -> None:
    """A push that cannot be stored is to be sent again; a question is an outage."""
    (tmp_path / "var").write_text("a file stands where the folder should")
    async with open_inbox(url) as inbox:
        refused = await push(inbox, about=["a"], text="x")
        assert isinstance(refused, PushRefused)
        assert refused.reason is PushRefusal.UNAVAILABLE
        asked = await inbox.find("about", ["a"], CallContext())
        assert asked.error is not None
        assert asked.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
        (tmp_path / "var").unlink()
        assert await push(inbox, about=["a"], text="x") == Receipt(1, True)


async def test_nothing_pushed_is_logged(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """At debug level, neither drivers nor we write a body, a key or a secret."""
    caplog.set_level(logging.DEBUG)
    async with open_inbox(url) as inbox:
        await push(inbox, id="7717", about=["3171990101909001"], text="Siti Contohwati")
        await found(inbox, "3171990101909001")
        await inbox.receive(b'{"Siti Contohwati"', SECRET_HEADERS)
    for hidden in ("3171990101909001", "Siti", "7717", "rahasia"):
        assert hidden not in caplog.text


async def test_bodies_are_kept_as_they_came(url: str, tmp_path: Path) -> None:
    """Byte by byte: a later reader may understand more of them."""
    body = b' {"about": ["a"],\n"text": "x", "more": {"a": [1.50]}} '
    async with open_inbox(url) as inbox:
        await inbox.receive(body, SECRET_HEADERS)
    with closing(sqlite3.connect(tmp_path / "var" / "inbox.sqlite")) as base:
        assert base.execute("SELECT body FROM push").fetchall() == [(body,)]
