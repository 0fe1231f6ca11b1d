"""Signed requests: the canonical string, and a server that builds it for itself."""

from __future__ import annotations

import hmac
from base64 import b64decode
from hashlib import sha256, sha512
from itertools import count

import pytest

from adapters.contract import CallContext
from adapters.sources.http_signing import HmacSigning
from tests.testkit.http_server import Received, json_reply, reply
from tests.testkit.rest_source import rest_source

pytestmark = pytest.mark.anyio

NOW = 1_790_000_000.5


def signing(**options: object) -> HmacSigning:
    """Sign at a known time."""
    values = {"clock": lambda: NOW, "nonce": lambda: "n1", **options}
    return HmacSigning("k1", "rahasia", **values)  # type: ignore[arg-type]  # options of the test


def verify(received: Received) -> bool:
    """Build the canonical string from what arrived, and compare."""
    body = sha256(received.body).hexdigest()
    stamp = received.headers["x-timestamp"]
    text = f"{received.method}\n{received.target}\n{stamp}\n{body}"
    expected = hmac.new(b"rahasia", text.encode(), sha256).hexdigest()
    return received.headers["x-signature"] == expected


async def test_a_server_can_verify_what_arrives() -> None:
    """The canonical string is of what is sent: path, query and body, byte for byte."""
    async with rest_source(lambda _: json_reply(1), signing=signing()) as (made, server):
        await made.get_json("surat/a b", CallContext(), query=[("q", "é,1")])
        await made.post_json("cari", {"nama": "José"}, CallContext())
    assert [each.target for each in server.requests] == [
        "/api/surat/a%20b?q=%C3%A9%2C1",
        "/api/cari",
    ]
    assert all(verify(each) for each in server.requests)
    assert {each.headers["x-key-id"] for each in server.requests} == {"k1"}
    assert {each.headers["x-timestamp"] for each in server.requests} == {"1790000000"}


async def test_every_attempt_is_signed_anew() -> None:
    """A retry carries its own time and nonce: the first would be refused as a replay."""
    times, answers = count(NOW), [reply("x", 500), json_reply(1)]
    nonces = (str(n) for n in count())
    headers = {"x-timestamp": "{timestamp}", "x-nonce": "{nonce}", "x-signature": "{signature}"}
    made_by = signing(clock=lambda: next(times), nonce=lambda: next(nonces), headers=headers)
    async with rest_source(lambda _: answers.pop(0), signing=made_by) as (made, server):
        assert (await made.get_json("a", CallContext())).value == 1
    assert len({each.headers["x-nonce"] for each in server.requests}) == 2
    assert all(verify(each) for each in server.requests)


def test_an_agencys_own_canonical_string() -> None:
    """Its order, hash, encoding, time and headers are told by templates."""
    made = signing(
        canonical="{method}:{path}?{query}:{key_id}:{nonce}:{body}:{timestamp}",
        headers={"authorization": 'HMAC id="{key_id}", ts="{timestamp}", sig="{signature}"'},
        digest="sha512",
        encoding="base64",
        timestamp="iso",
    )
    ((name, value),) = made.sign("POST", "/a?b=1", b"{}")
    stamp = "2026-09-21T14:13:20Z"
    head, _, rest = value.partition(' sig="')
    assert (name, head) == ("authorization", f'HMAC id="k1", ts="{stamp}",')
    expected = hmac.new(b"rahasia", f"POST:/a?b=1:k1:n1:{{}}:{stamp}".encode(), sha512).digest()
    assert b64decode(rest.removesuffix('"')) == expected


def test_milliseconds() -> None:
    """Some agencies count in thousandths."""
    made = signing(timestamp="unix_ms", headers={"t": "{timestamp}"})
    assert made.sign("GET", "/", None) == (("t", "1790000000500"),)


@pytest.mark.parametrize(
    "wrong", [{"canonical": "{methode}"}, {"canonical": "{signature}"}, {"headers": {"x": "{y}"}}]
)
def test_an_unknown_place_is_refused(wrong: dict[str, object]) -> None:
    """A template that cannot be filled is found at start, not at the first request."""
    with pytest.raises(ValueError, match="no part of a request"):
        signing(**wrong)


def test_the_secret_is_not_printed() -> None:
    """Representations land in logs."""
    assert "rahasia" not in repr(signing())
