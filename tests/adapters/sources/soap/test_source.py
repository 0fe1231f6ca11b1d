"""The SOAP source: what goes out, what comes back, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters.contract import CallContext
from adapters.errors import RecordNotFound, SourceCode
from adapters.http_client import HttpClient
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.http_auth import basic
from adapters.sources.soap import SoapFault, SoapSettings, SoapSource, WsdlError
from tests.testkit.declared import EXAMPLES
from tests.testkit.http_server import Received, Server, http_server, reply

pytestmark = pytest.mark.anyio

FOLDER = EXAMPLES
WSDL = FOLDER / "pajak.wsdl"
NAMES = {
    "e": "http://schemas.xmlsoap.org/soap/envelope/",
    "p": "urn:pajak:layanan",
    "w": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
}
XML = (("content-type", "text/xml; charset=utf-8"),)
NOP = "317102000100100990"

Answer = Callable[[Received], bytes | Awaitable[bytes]]


@asynccontextmanager
async def source(
    answer: Answer, wsdl: str | Path = WSDL, *, auth: Any = None, find: Any = None, **settings: Any
) -> AsyncIterator[tuple[SoapSource, Server]]:
    """Run a source against a server that answers by ``answer``; a WSDL's ``/…`` is its own."""
    async with http_server(answer) as server:
        client = HttpClient()
        guard = SourceGuard("pajak", GuardSettings(retry_base_seconds=0.001))
        location = f"{server.url}{wsdl}" if isinstance(wsdl, str) else wsdl
        described = SoapSettings(location, f"{server.url}/soap", **settings)
        made = SoapSource("pajak", described, client, guard, auth=auth, read_fault=find)
        try:
            yield made, server
        finally:
            await made.aclose()
            await guard.aclose()
            await client.aclose()


def envelope(body: str) -> bytes:
    """Wrap a body."""
    text = f'<e:Envelope xmlns:e="{NAMES["e"]}"><e:Body>{body}</e:Body></e:Envelope>'
    return reply(text, headers=XML)


def found(*objects: str) -> bytes:
    """Answer ``Cari``."""
    listed = "".join(f"<p:objek>{each}</p:objek>" for each in objects)
    return envelope(
        f'<p:CariHasil xmlns:p="urn:pajak:layanan" xmlns:d="urn:pajak:data">{listed}</p:CariHasil>'
    )


def fault(code: str, text: str, detail: str = "", status: int = 500) -> bytes:
    """Answer with a fault."""
    body = (
        f'<e:Envelope xmlns:e="{NAMES["e"]}"><e:Body><e:Fault><faultcode>{code}</faultcode>'
        f"<faultstring>{text}</faultstring><detail>{detail}</detail></e:Fault></e:Body></e:Envelope>"
    )
    return reply(body, status, XML)


def sent(server: Server, at: int = -1) -> Any:
    """Read an envelope that the server received."""
    return etree.fromstring(server.requests[at].body)


async def ask(made: SoapSource, *nops: str, **options: Any) -> Any:
    """Call the one operation."""
    header = {"sesi": {"kanal": "loket"}}
    return await made.call("Cari", {"nop": list(nops)}, CallContext(), headers=header, **options)


ONE = f"<d:nop>{NOP}</d:nop><d:luas>120.50</d:luas><d:tahun>2024</d:tahun><d:tahun>2025</d:tahun>"
TWO = "<d:nop>2</d:nop><d:luas>1</d:luas><d:lunas>2026-03-01</d:lunas>"


async def test_two_namespaces_a_header_and_arrays_go_both_ways() -> None:
    """Values come back as plain Python, lists where the schema repeats."""
    async with source(lambda _: found(ONE, TWO)) as (made, server):
        answer = await ask(made, NOP, "2")
        assert answer.error is None
        assert answer.value == [
            {"nop": NOP, "luas": Decimal("120.50"), "tahun": [2024, 2025], "lunas": None},
            {"nop": "2", "luas": Decimal(1), "tahun": [], "lunas": date(2026, 3, 1)},
        ]
        request = server.requests[0]
        assert request.headers["soapaction"] == '"urn:pajak:layanan#Cari"'
        assert request.target == "/soap"
        root = sent(server)
        assert root.xpath("//e:Header/p:Sesi/p:kanal/text()", namespaces=NAMES) == ["loket"]
        assert root.xpath("//e:Body/p:Cari/p:nop/text()", namespaces=NAMES) == [NOP, "2"]


async def test_equal_reads_in_flight_are_one_call_and_writes_are_not() -> None:
    """The key is the operation with its values; the token's time is not part of it."""
    async with source(lambda _: found(ONE), username="u", password="p") as (made, server):
        await asyncio.gather(ask(made, NOP), ask(made, NOP))
        assert len(server.requests) == 1
        await asyncio.gather(ask(made, NOP, read=False), ask(made, NOP, read=False))
        assert len(server.requests) == 3


@pytest.mark.parametrize("digest", [False, True])
async def test_the_username_token_is_sent_anew_with_each_attempt(digest: bool) -> None:
    """A repeated envelope would be a replay; a digest never shows the password."""
    answers = iter([fault("e:Server", "x"), found()])
    async with source(
        lambda _: next(answers), username="simpul", password="rahasia", password_digest=digest
    ) as (made, server):
        assert (await ask(made, NOP)).calls == 2
        assert sent(server).xpath("//w:Username/text()", namespaces=NAMES) == ["simpul"]
        shown = [b"rahasia" in request.body for request in server.requests]
        assert shown == [not digest, not digest]
        if digest:
            nonces = [sent(server, at).xpath("//w:Nonce/text()", namespaces=NAMES) for at in (0, 1)]
            assert nonces[0] != nonces[1]


async def test_a_wsdl_behind_authentication_is_read_at_the_first_call() -> None:
    """Its imports come from the same server with the same credentials, once for all calls."""
    served: list[str] = []

    def answer(request: Received) -> bytes:
        if request.method == "GET":
            served.append(request.target)
            if request.headers.get("authorization") != basic("a", "b").fixed[0][1]:
                return reply("", 401)
            return reply((FOLDER / request.target.rsplit("/", 1)[-1]).read_bytes())
        return found(TWO)

    async with source(answer, "/wsdl/pajak.wsdl", auth=basic("a", "b")) as (made, _):
        assert served == []
        answers = await asyncio.gather(ask(made, "1"), ask(made, "2"))
        assert [len(each.value) for each in answers] == [1, 1]
        assert served == ["/wsdl/pajak.wsdl", "/wsdl/pajak.xsd"]


async def test_a_wsdl_server_that_is_down_is_asked_again() -> None:
    """It may start after the gateway."""
    is_up = False

    def answer(request: Received) -> bytes:
        if request.method == "GET":
            return reply((FOLDER / request.target[1:]).read_bytes()) if is_up else reply("", 503)
        return found(TWO)

    async with source(answer, "/pajak.wsdl") as (made, _):
        first = await ask(made, "2")
        assert first.error is not None
        assert first.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
        is_up = True
        assert len((await ask(made, "2")).value) == 1


FAULTS = {
    "the caller's": ("e:Client", SourceCode.SUMBER_TIDAK_TERSEDIA, 1),
    "the server's": ("e:Server", SourceCode.SUMBER_TIDAK_TERSEDIA, 3),
    "sign-on": ("w:FailedAuthentication", SourceCode.TIDAK_ADA_HAK, 1),
    "the source's own": ("PJK-07", SourceCode.SUMBER_TIDAK_TERSEDIA, 3),
    "no name at all": (f"person {NOP}", SourceCode.SUMBER_TIDAK_TERSEDIA, 3),
}


@pytest.mark.parametrize(("code", "meaning", "calls"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_is_a_failure_without_its_words(
    code: str, meaning: SourceCode, calls: int
) -> None:
    """Whose fault decides whether it is tried again; what it says may be a person's."""
    said = fault(code, f"NOP {NOP} milik SITI", f"<nama>SITI</nama><nop>{NOP}</nop>")
    async with source(lambda _: said) as (made, _):
        answer = await ask(made, NOP)
        assert answer.error is not None
        assert (answer.error.code, answer.calls) == (meaning, calls)
        assert "SOAP fault" in str(answer.error)
        assert NOP not in str(answer.error)
        assert "SITI" not in str(answer.error)


async def test_an_adapter_may_read_what_a_fault_means() -> None:
    """Also one that comes with status 200."""

    def read(told: SoapFault) -> RecordNotFound | None:
        assert told.detail == {"kode": "04"}
        return RecordNotFound("no such object") if told.message.startswith("Tidak") else None

    said = fault("e:Server", "Tidak ditemukan", "<kode>04</kode>", 200)
    async with source(lambda _: said, find=read) as (made, _):
        answer = await ask(made, NOP)
        assert answer.error is not None
        assert answer.error.code is SourceCode.TIDAK_DITEMUKAN


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
BROKEN = {
    "no XML": "Proxy <b>error",
    "empty": "",
    "another root": "<Envelope/>",
    "half": f'<e:Envelope xmlns:e="{NAMES["e"]}"><e:Body>',
    "a bomb": f'<!DOCTYPE Envelope [<!ENTITY l0 "lol">{BOMB}]><Envelope>&l8;</Envelope>',
    "an outside entity": (
        '<!DOCTYPE Envelope [<!ENTITY x SYSTEM "file:///etc/passwd">]><Envelope>&x;</Envelope>'
    ),
    "an outside document type": '<!DOCTYPE Envelope SYSTEM "http://127.0.0.1:9/x"><Envelope/>',
    "deep nesting": "<Envelope>" + "<a>" * 5_000,
    "a wrong type": (
        f'<e:Envelope xmlns:e="{NAMES["e"]}"><e:Body><p:CariHasil xmlns:p="urn:pajak:layanan"'
        ' xmlns:d="urn:pajak:data"><p:objek><d:nop>1</d:nop><d:luas>wide</d:luas></p:objek>'
        "</p:CariHasil></e:Body></e:Envelope>"
    ),
    "an unknown element": (
        f'<e:Envelope xmlns:e="{NAMES["e"]}"><e:Body><Lain/></e:Body></e:Envelope>'
    ),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
async def test_what_cannot_be_read_is_refused(body: str) -> None:
    """Attacks on the parser and broken envelopes end in DATA_RUSAK, and quote nothing."""
    async with source(lambda _: reply(body, headers=XML)) as (made, _):
        answer = await ask(made, NOP)
        assert answer.error is not None, answer.value
        assert answer.error.code is SourceCode.DATA_RUSAK
        assert "root:" not in str(answer.error)
        assert "wide" not in str(answer.error)


@pytest.mark.parametrize(
    ("status", "code"),
    [(503, SourceCode.SUMBER_TIDAK_TERSEDIA), (401, SourceCode.TIDAK_ADA_HAK)],
)
async def test_a_status_without_an_envelope_speaks_for_itself(
    status: int, code: SourceCode
) -> None:
    """A proxy in front of the service answers in HTML."""
    async with source(lambda _: reply("<html>busy</html>", status)) as (made, _):
        answer = await ask(made, NOP)
        assert answer.error is not None
        assert answer.error.code is code


async def test_arguments_that_do_not_fit_are_told_without_their_values() -> None:
    """Nothing is sent."""
    async with source(lambda _: found()) as (made, server):
        for operation, given in (("Cari", {"nik": NOP}), ("Hapus", {"nop": NOP})):
            answer = await made.call(operation, given, CallContext())
            assert answer.error is not None
            assert f'operation "{operation}" of source "pajak"' in str(answer.error)
            assert NOP not in str(answer.error)
        assert server.requests == []


async def test_a_large_answer_is_read_beside_the_loop() -> None:
    """Ten thousand objects arrive whole."""
    body = found(*[TWO] * 10_000)
    async with source(lambda _: body) as (made, _):
        answer = await ask(made, NOP)
        assert len(answer.value) == 10_000


WRONG = {
    "absent": ("nirgends.wsdl", None, "cannot be read: No such file"),
    "no WSDL": ("<a/>", None, "no service that speaks SOAP"),
    "a document type": ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', None, "DTDForbidden"),
    "a service it has not": (None, {"service": "X"}, 'no service "X"; it has "PajakService"'),
    "a port it has not": (None, {"port": "X"}, 'no port "X"; it has "PajakPort"'),
    "an import from elsewhere": (
        WSDL.read_text("utf-8").replace('"pajak.xsd"', '"../../../../secret.xsd"'),
        None,
        "outside its folder",
    ),
    "an import from a server": (
        WSDL.read_text("utf-8").replace('"pajak.xsd"', '"http://127.0.0.1:9/a.xsd"'),
        None,
        "outside its folder",
    ),
}


@pytest.mark.parametrize(("text", "settings", "message"), WRONG.values(), ids=WRONG)
async def test_a_wsdl_that_cannot_be_used_is_told_at_start(
    tmp_path: Path, text: str | None, settings: dict[str, Any] | None, message: str
) -> None:
    """Which document, and what is wrong with it."""
    path = WSDL if text is None else tmp_path / "a.wsdl"
    if text is not None and not text.endswith(".wsdl"):
        path.write_text(text, encoding="utf-8")
    client = HttpClient()
    with pytest.raises(WsdlError, match=message):
        SoapSource("s", SoapSettings(path, **(settings or {})), client, SourceGuard("s"))
    await client.aclose()


async def test_a_wsdl_may_not_lead_to_another_server() -> None:
    """Its credentials would go there too."""
    text = WSDL.read_text("utf-8").replace('"pajak.xsd"', '"http://127.0.0.1:9/a.xsd"')
    async with source(lambda _: reply(text), "/a.wsdl") as (made, server):
        answer = await ask(made, NOP)
        assert "another server" in str(answer.error)
        assert [request.method for request in server.requests] == ["GET"]


def test_settings_do_not_show_the_password() -> None:
    """Not in a traceback, nor in a log."""
    assert "rahasia" not in repr(SoapSettings("x.wsdl", username="u", password="rahasia"))
