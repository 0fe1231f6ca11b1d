"""The REST source: what goes out, what comes back, and how it signs on."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import Any

import pytest

from adapters.contract import CallContext
from adapters.errors import QuotaExhausted, SourceCode, SourceError
from adapters.sources.http_auth import api_key, basic
from cache.ledger import MemoryLedger
from tests.testkit.http_server import Received, json_reply, reply
from tests.testkit.rest_source import rest_source

pytestmark = pytest.mark.anyio

NIK = "3171990101909001"


async def test_get_builds_the_query() -> None:
    """Path and query are percent-encoded, filters in brackets too."""
    async with rest_source(lambda _: json_reply({"data": []})) as (made, server):
        query = [("filter[owner][in]", "1,2"), ("q", "a b&c")]
        answer = await made.get_json("izin/é", CallContext(), query=query)
        assert answer.value == {"data": []}
        target = server.requests[0].target
        assert target == "/api/izin/%C3%A9?filter%5Bowner%5D%5Bin%5D=1%2C2&q=a+b%26c"


async def test_post_sends_json_and_keeps_big_numbers() -> None:
    """The body is JSON, and a NIK that comes as a number keeps all its digits."""
    async with rest_source(lambda _: reply('\ufeff{"NIK": 9171990101909001}')) as (made, server):
        answer = await made.post_json("get", {"nik": NIK}, CallContext())
        assert answer.value == {"NIK": 9171990101909001}
        assert server.requests[0].json() == {"nik": NIK}
        assert server.requests[0].headers["content-type"] == "application/json"


def told(answer: Any) -> SourceError | None:
    """Find the error that is told inside a 200."""
    return QuotaExhausted("used up") if answer.get("RESPON") == "Kuota habis" else None


async def test_an_error_told_inside_a_200_is_found() -> None:
    """The adapter's function says what it means."""
    async with rest_source(lambda _: json_reply({"RESPON": "Kuota habis"}), find_error=told) as (
        made,
        _,
    ):
        answer = await made.post_json("get", {}, CallContext())
        assert answer.error is not None
        assert answer.error.code is SourceCode.KUOTA_HABIS


@pytest.mark.parametrize(
    ("raw", "code", "calls"),
    [
        pytest.param(reply("<html>"), SourceCode.DATA_RUSAK, 1, id="html"),
        pytest.param(reply(""), SourceCode.DATA_RUSAK, 1, id="empty"),
        pytest.param(reply(b'{"a": "\xe9"}'), SourceCode.DATA_RUSAK, 1, id="latin1"),
        pytest.param(reply("x", 500), SourceCode.SUMBER_TIDAK_TERSEDIA, 3, id="500"),
        pytest.param(reply("x", 404), SourceCode.SUMBER_TIDAK_TERSEDIA, 1, id="404"),
        pytest.param(reply("x", 403), SourceCode.TIDAK_ADA_HAK, 1, id="403"),
        pytest.param(reply("x", 401), SourceCode.TIDAK_ADA_HAK, 1, id="401"),
        pytest.param(b"", SourceCode.SUMBER_TIDAK_TERSEDIA, 3, id="closed"),
    ],
)
async def test_failures_have_codes_and_no_person(raw: bytes, code: SourceCode, calls: int) -> None:
    """Whatever comes, the error has a code and does not repeat path or body."""

    async def talk(_: Received) -> bytes:
        if not raw:
            raise ConnectionResetError
        return raw

    async with rest_source(talk) as (made, _):
        answer = await made.post_json(f"user/{NIK}", {"nik": NIK}, CallContext())
        assert answer.error is not None
        assert (answer.error.code, answer.calls) == (code, calls)
        assert NIK not in str(answer.error)


async def test_each_attempt_is_paid_for() -> None:
    """The unit is counted per call on the wire; equal reads in flight are one."""
    ledger = MemoryLedger()
    answers = [reply("x", 500), json_reply(1), json_reply(2)]
    async with rest_source(lambda _: answers.pop(0), ledger) as (made, server):
        both = (made.post_json("get", {"nik": NIK}, CallContext()) for _ in range(2))
        first, second = await asyncio.gather(*both)
        assert (first.value, second.value) == (1, 1)
        assert len(server.requests) == ledger.used("dinas") == 2
        await made.post_json("get", {"nik": "other"}, CallContext())
        assert len(server.requests) == ledger.used("dinas") == 3


async def test_a_write_is_sent_once() -> None:
    """A failed write is not tried again."""
    async with rest_source(lambda _: reply("x", 500)) as (made, server):
        answer = await made.post_json("sign", {}, CallContext(), read=False)
        assert (answer.calls, len(server.requests)) == (1, 1)


async def test_basic_and_api_key() -> None:
    """Fixed credentials travel with each request."""
    async with rest_source(lambda _: json_reply(1), auth=lambda *_: basic("u", "p")) as (
        made,
        server,
    ):
        await made.get_json("a", CallContext())
        expected = "Basic " + b64encode(b"u:p").decode()
        assert server.requests[0].headers["authorization"] == expected
    async with rest_source(lambda _: json_reply(1), auth=lambda *_: api_key("k")) as (made, server):
        await made.get_json("a", CallContext())
        assert server.requests[0].headers["x-api-key"] == "k"
