"""Tokens of a REST source: asked for once, renewed in time, replaced when they are rejected."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from adapters.contract import CallContext
from adapters.errors import SourceCode
from adapters.http_client import HttpClient
from adapters.sources.oauth2 import OAuth2, OAuth2Credentials
from tests.testkit.http_server import Received, Server, json_reply, reply
from tests.testkit.rest_source import rest_source

pytestmark = pytest.mark.anyio


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


def oauth(password: str = "rahasia") -> Callable[[Server, HttpClient], OAuth2]:
    """Sign on by password grant."""

    def made(server: Server, client: HttpClient) -> OAuth2:
        credentials = OAuth2Credentials(f"{server.url}/oauth/token", "u", password, "c", "s")
        return OAuth2(credentials, client)

    return made


async def test_many_calls_ask_for_one_token() -> None:
    """However many calls begin at once, the token is asked for once and then kept."""
    tokens = TokenServer()
    async with rest_source(tokens, auth=oauth()) as (made, _):
        calls = (made.get_json(f"{n}", CallContext()) for n in range(8))
        answers = await asyncio.gather(*calls)
        assert all(a.value == {"ok": True} and a.calls == 1 for a in answers)
        assert tokens.grants == ["password"]


async def test_an_expired_token_is_refreshed() -> None:
    """A token that ended is renewed by its refresh token, before anything fails."""
    tokens = TokenServer(life=-1)
    async with rest_source(tokens, auth=oauth()) as (made, _):
        for n in range(2):
            assert (await made.get_json(f"{n}", CallContext())).calls == 1
        assert tokens.grants == ["password", "refresh_token"]


async def test_a_rejected_refresh_token_falls_back_to_the_password() -> None:
    """Refresh tokens end too."""
    tokens = TokenServer(life=-1)
    tokens.rejects_refresh = True
    async with rest_source(tokens, auth=oauth()) as (made, _):
        for n in range(2):
            assert (await made.get_json(f"{n}", CallContext())).error is None
        assert tokens.grants == ["password", "refresh_token", "password"]


async def test_a_rejected_token_is_replaced() -> None:
    """A 401 in the middle of a token's life costs one more attempt, not the answer."""
    tokens = TokenServer(refresh=False)
    async with rest_source(tokens, auth=oauth()) as (made, _):
        await made.get_json("a", CallContext())
        tokens.issued += 1  # the old token ends early
        answer = await made.get_json("b", CallContext())
        assert (answer.value, answer.calls) == ({"ok": True}, 2)


async def test_a_source_that_rejects_every_token_is_a_denial() -> None:
    """It ends, with the code that says whose business it is."""
    tokens = TokenServer()
    tokens.rejects_all = True
    async with rest_source(tokens, auth=oauth()) as (made, _):
        answer = await made.get_json("a", CallContext())
        assert answer.error is not None
        assert (answer.error.code, answer.calls) == (SourceCode.TIDAK_ADA_HAK, 3)


async def test_wrong_credentials_are_a_denial_without_the_password() -> None:
    """Our credentials stay out of texts and representations."""
    async with rest_source(TokenServer(), auth=oauth("salah")) as (made, _):
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
    async with rest_source(lambda _: raw, auth=oauth()) as (made, _):
        answer = await made.get_json("a", CallContext())
        assert answer.error is not None
        assert answer.error.code is code


def by_client(**options: Any) -> Callable[[Server, HttpClient], OAuth2]:
    """Sign on by the client's own credentials."""

    def made(server: Server, client: HttpClient) -> OAuth2:
        url = f"{server.url}/oauth/token"
        return OAuth2(
            OAuth2Credentials(url, client_id="c:1", client_secret="s/1", **options), client
        )

    return made


async def test_client_credentials_in_the_body() -> None:
    """No person signs on: id, secret and scope are what is told."""
    tokens = TokenServer()
    auth = by_client(scope="baca")
    async with rest_source(tokens, auth=auth) as (made, server):
        assert (await made.get_json("a", CallContext())).value == {"ok": True}
    form = parse_qs(server.requests[0].body.decode())
    assert form == {
        "grant_type": ["client_credentials"],
        "client_id": ["c:1"],
        "client_secret": ["s/1"],
        "scope": ["baca"],
    }
    assert "authorization" not in server.requests[0].headers


async def test_client_credentials_in_basic() -> None:
    """They are form-encoded before Basic, so that a colon in an id does not end it."""
    tokens = TokenServer()
    async with rest_source(tokens, auth=by_client(client_auth="basic")) as (made, server):
        assert (await made.get_json("a", CallContext())).value == {"ok": True}
    expected = "Basic " + b64encode(b"c%3A1:s%2F1").decode()
    assert server.requests[0].headers["authorization"] == expected
    assert parse_qs(server.requests[0].body.decode()) == {"grant_type": ["client_credentials"]}


async def test_one_refresh_is_shared_by_all_whose_token_ended() -> None:
    """Twenty calls under way meet a 401 each; the token is asked for once, and all are answered."""
    tokens = TokenServer()
    async with rest_source(tokens, auth=oauth()) as (made, _):
        await made.get_json("a", CallContext())
        tokens.issued += 1  # the old token ends early
        calls = (made.get_json(f"{n}", CallContext()) for n in range(20))
        answers = await asyncio.gather(*calls)
        assert [each.value for each in answers] == [{"ok": True}] * 20
        assert {each.calls for each in answers} <= {1, 2}
        assert tokens.grants == ["password", "refresh_token"]


async def test_a_refresh_token_that_is_not_renewed_stays_good() -> None:
    """RFC 6749, section 6: an answer without a new refresh token leaves the old one in use."""
    tokens = TokenServer(life=-1)
    async with rest_source(tokens, auth=oauth()) as (made, _):
        for n in range(3):
            tokens.refresh = n == 0
            assert (await made.get_json(f"{n}", CallContext())).error is None
        assert tokens.grants == ["password", "refresh_token", "refresh_token"]


async def test_whoever_waits_for_a_token_leaves_at_its_own_deadline() -> None:
    """A caller in a hurry does not take the token from those who can wait."""
    tokens = TokenServer()
    asked, answering = asyncio.Event(), asyncio.Event()

    async def slowly(received: Received) -> bytes:
        if received.target == "/oauth/token":
            asked.set()
            await answering.wait()
        return await tokens(received)

    async with rest_source(slowly, auth=oauth()) as (made, _):
        patient = asyncio.ensure_future(made.get_json("a", CallContext()))
        await asked.wait()
        now = asyncio.get_running_loop().time()
        hasty = await made.get_json("b", CallContext(deadline=now + 0.05))
        assert hasty.error is not None
        assert hasty.error.code is SourceCode.BATAS_WAKTU
        answering.set()
        assert (await patient).value == {"ok": True}
        assert tokens.grants == ["password"]
