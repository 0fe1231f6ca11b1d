"""The REST source: what goes out, what comes back, and how it signs on."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest

from adapters.contract import CallContext
from adapters.errors import QuotaExhausted, SourceCode, SourceError
from adapters.http_client import HttpClient
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.http import HttpSource
from adapters.sources.http_auth import OAuth2Credentials, OAuth2Password, api_key, basic
from cache.ledger import MemoryLedger
from tests.testkit.http_server import Received, Server, http_server, json_reply, reply

pytestmark = pytest.mark.anyio

Answer = Callable[[Received], bytes | Awaitable[bytes]]
NIK = "3171990101909001"


@asynccontextmanager
async def source(
    answer: Answer, ledger: MemoryLedger | None = None, **options: Any
) -> AsyncIterator[tuple[HttpSource, Server]]:
    """Run a source against a server that answers by ``answer``."""
    async with http_server(answer) as server:
        client = HttpClient()
        settings = GuardSettings(
            retry_base_seconds=0.001, quota_per_day=100 if ledger is not None else None
        )
        guard = SourceGuard("dinas", settings, ledger=ledger)
        if "auth" in options:
            options["auth"] = options["auth"](server, client)
        made = HttpSource("dinas", f"{server.url}/api/", client, guard, **options)
        try:
            yield made, server
        finally:
            await made.aclose()
            await guard.aclose()
            await client.aclose()


async def test_get_builds_the_query() -> None:
    """Path and query are percent-encoded, filters in brackets too."""
    async with source(lambda _: json_reply({"data": []})) as (made, server):
        query = [("filter[owner][in]", "1,2"), ("q", "a b&c")]
        answer = await made.get_json("izin/é", CallContext(), query=query)
        assert answer.value == {"data": []}
        target = server.requests[0].target
        assert target == "/api/izin/%C3%A9?filter%5Bowner%5D%5Bin%5D=1%2C2&q=a+b%26c"


async def test_post_sends_json_and_keeps_big_numbers() -> None:
    """The body is JSON, and a NIK that comes as a number keeps all its digits."""
    async with source(lambda _: reply('\ufeff{"NIK": 9171990101909001}')) as (made, server):
        answer = await made.post_json("get", {"nik": NIK}, CallContext())
        assert answer.value == {"NIK": 9171990101909001}
        assert server.requests[0].json() == {"nik": NIK}
        assert server.requests[0].headers["content-type"] == "application/json"


def told(answer: Any) -> SourceError | None:
    """Find the error that is told inside a 200."""
    return QuotaExhausted("used up") if answer.get("RESPON") == "Kuota habis" else None


async def test_an_error_told_inside_a_200_is_found() -> None:
    """The adapter's function says what it means."""
    async with source(lambda _: json_reply({"RESPON": "Kuota habis"}), find_error=told) as (
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

    async with source(talk) as (made, _):
        answer = await made.post_json(f"user/{NIK}", {"nik": NIK}, CallContext())
        assert answer.error is not None
        assert (answer.error.code, answer.calls) == (code, calls)
        assert NIK not in str(answer.error)


async def test_each_attempt_is_paid_for() -> None:
    """The unit is counted per call on the wire; equal reads in flight are one."""
    ledger = MemoryLedger()
    answers = [reply("x", 500), json_reply(1), json_reply(2)]
    async with source(lambda _: answers.pop(0), ledger) as (made, server):
        both = (made.post_json("get", {"nik": NIK}, CallContext()) for _ in range(2))
        first, second = await asyncio.gather(*both)
        assert (first.value, second.value) == (1, 1)
        assert len(server.requests) == ledger.used("dinas") == 2
        await made.post_json("get", {"nik": "other"}, CallContext())
        assert len(server.requests) == ledger.used("dinas") == 3


async def test_a_write_is_sent_once() -> None:
    """A failed write is not tried again."""
    async with source(lambda _: reply("x", 500)) as (made, server):
        answer = await made.post_json("sign", {}, CallContext(), read=False)
        assert (answer.calls, len(server.requests)) == (1, 1)


async def test_basic_and_api_key() -> None:
    """Fixed credentials travel with each request."""
    async with source(lambda _: json_reply(1), auth=lambda *_: basic("u", "p")) as (made, server):
        await made.get_json("a", CallContext())
        expected = "Basic " + b64encode(b"u:p").decode()
        assert server.requests[0].headers["authorization"] == expected
    async with source(lambda _: json_reply(1), auth=lambda *_: api_key("k")) as (made, server):
        await made.get_json("a", CallContext())
        assert server.requests[0].headers["x-api-key"] == "k"


class TokenServer:
    """Serves tokens and a resource that wants the newest one."""

    def __init__(self, life: float = 3600, *, refresh: bool = True) -> None:
        self.life = life
        self.refresh = refresh
        self.issued = 0
        self.grants: list[str] = []
        self.rejects_refresh = False
        self.rejects_all = False

    async def __call__(self, received: Received) -> bytes:
        await asyncio.sleep(0)
        if received.target == "/oauth/token":
            form = parse_qs(received.body.decode())
            self.grants.append(form["grant_type"][0])
            if self.rejects_refresh and self.grants[-1] == "refresh_token":
                return json_reply({"error": "invalid_grant"}, 400)
            if form.get("password", ["rahasia"]) != ["rahasia"]:
                return json_reply({"error": "invalid_grant"}, 400)
            self.issued += 1
            token = {"access_token": f"t{self.issued}", "expires_in": self.life}
            return json_reply(token | ({"refresh_token": "r"} if self.refresh else {}))
        if self.rejects_all or received.headers.get("authorization") != f"Bearer t{self.issued}":
            return json_reply({"error": "unauthenticated"}, 401)
        return json_reply({"ok": True})


def oauth(password: str = "rahasia") -> Callable[[Server, HttpClient], OAuth2Password]:
    """Sign on by password grant."""

    def made(server: Server, client: HttpClient) -> OAuth2Password:
        credentials = OAuth2Credentials(f"{server.url}/oauth/token", "u", password, "c", "s")
        return OAuth2Password(credentials, client)

    return made


async def test_many_calls_ask_for_one_token() -> None:
    """However many calls begin at once, the token is asked for once and then kept."""
    tokens = TokenServer()
    async with source(tokens, auth=oauth()) as (made, _):
        calls = (made.get_json(f"{n}", CallContext()) for n in range(8))
        answers = await asyncio.gather(*calls)
        assert all(a.value == {"ok": True} and a.calls == 1 for a in answers)
        assert tokens.grants == ["password"]


async def test_an_expired_token_is_refreshed() -> None:
    """A token that ended is renewed by its refresh token, before anything fails."""
    tokens = TokenServer(life=-1)
    async with source(tokens, auth=oauth()) as (made, _):
        for n in range(2):
            assert (await made.get_json(f"{n}", CallContext())).calls == 1
        assert tokens.grants == ["password", "refresh_token"]


async def test_a_rejected_refresh_token_falls_back_to_the_password() -> None:
    """Refresh tokens end too."""
    tokens = TokenServer(life=-1)
    tokens.rejects_refresh = True
    async with source(tokens, auth=oauth()) as (made, _):
        for n in range(2):
            assert (await made.get_json(f"{n}", CallContext())).error is None
        assert tokens.grants == ["password", "refresh_token", "password"]


async def test_a_rejected_token_is_replaced() -> None:
    """A 401 in the middle of a token's life costs one more attempt, not the answer."""
    tokens = TokenServer(refresh=False)
    async with source(tokens, auth=oauth()) as (made, _):
        await made.get_json("a", CallContext())
        tokens.issued += 1  # the old token ends early
        answer = await made.get_json("b", CallContext())
        assert (answer.value, answer.calls) == ({"ok": True}, 2)


async def test_a_source_that_rejects_every_token_is_a_denial() -> None:
    """It ends, with the code that says whose business it is."""
    tokens = TokenServer()
    tokens.rejects_all = True
    async with source(tokens, auth=oauth()) as (made, _):
        answer = await made.get_json("a", CallContext())
        assert answer.error is not None
        assert (answer.error.code, answer.calls) == (SourceCode.TIDAK_ADA_HAK, 3)


async def test_wrong_credentials_are_a_denial_without_the_password() -> None:
    """Our credentials stay out of texts and representations."""
    async with source(TokenServer(), auth=oauth("salah")) as (made, _):
        answer = await made.get_json("a", CallContext())
        assert answer.error is not None
        assert answer.error.code is SourceCode.TIDAK_ADA_HAK
        assert "salah" not in str(answer.error)
    assert "salah" not in repr(OAuth2Credentials("u", "n", "salah"))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(reply("x", 503), SourceCode.SUMBER_TIDAK_TERSEDIA, id="down"),
        pytest.param(reply("<html>"), SourceCode.DATA_RUSAK, id="html"),
        pytest.param(json_reply({}), SourceCode.DATA_RUSAK, id="no-token"),
        pytest.param(json_reply([]), SourceCode.DATA_RUSAK, id="list"),
    ],
)
async def test_a_broken_token_endpoint_is_the_calls_failure(raw: bytes, code: SourceCode) -> None:
    """No token, no call; the code is the endpoint's."""
    async with source(lambda _: raw, auth=oauth()) as (made, _):
        answer = await made.get_json("a", CallContext())
        assert answer.error is not None
        assert answer.error.code is code
