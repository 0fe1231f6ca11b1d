"""The declared example over a SOAP service: many keys in one envelope, headers, faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lxml import etree

from adapters.kit.runtime import LocalExecutor
from tests.testkit.declared import EXAMPLES, opened_example
from tests.testkit.http_server import Received, Server, http_server, reply
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

WSDL = EXAMPLES / "pajak.wsdl"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NAMES = {"e": ENVELOPE, "p": "urn:pajak:layanan"}
KNOWN = {"111": "<d:luas>120.5</d:luas><d:lunas>2026-03-01</d:lunas>", "222": "<d:luas>8</d:luas>"}


def envelope(body: str, status: int = 200) -> bytes:
    """Answer with an envelope."""
    text = f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body>{body}</e:Body></e:Envelope>'
    return reply(text, status, (("content-type", "text/xml; charset=utf-8"),))


def service(received: Received) -> bytes:
    """Answer what is known of what was asked, in another order than asked."""
    asked = etree.fromstring(received.body).xpath("//p:nop/text()", namespaces=NAMES)
    objects = "".join(
        f"<p:objek><d:nop>{nop}</d:nop>{rest}</p:objek>"
        for nop, rest in reversed(KNOWN.items())
        if nop in asked
    )
    head = 'xmlns:p="urn:pajak:layanan" xmlns:d="urn:pajak:data"'
    return envelope(f"<p:CariHasil {head}>{objects}</p:CariHasil>")


@asynccontextmanager
async def opened(
    folder: Path, answer: Callable[[Received], bytes] = service
) -> AsyncIterator[tuple[LocalExecutor, Server]]:
    """Open the example over a running service."""
    async with (
        http_server(answer) as server,
        opened_example(
            "pajak", folder, wsdl=str(WSDL), address=f"{server.url}/soap", guard={"retries": 0}
        ) as executor,
    ):
        yield executor, server


async def test_many_keys_in_one_envelope(tmp_path: Path) -> None:
    """A record belongs to the key in it, whatever order they come in; the header goes along."""
    async with opened(tmp_path) as (executor, server):
        response = await ask_entities(
            executor,
            "{ ... on ObjekPajak { luas lunas } }",
            [{"__typename": "ObjekPajak", "nop": nop} for nop in ("111", "333", "222")],
        )
    assert response.errors == ()
    assert response.data == [
        {"luas": 120.5, "lunas": "2026-03-01"},
        None,
        {"luas": 8.0, "lunas": None},
    ]
    (request,) = server.requests
    root = etree.fromstring(request.body)
    assert root.xpath("//e:Header/p:Sesi/p:kanal/text()", namespaces=NAMES) == ["simpul"]
    assert root.xpath("//p:nop/text()", namespaces=NAMES) == ["111", "333", "222"]


async def test_a_fault_is_a_failure_of_the_source(tmp_path: Path) -> None:
    """The code tells the caller, and the fault's own words stay away."""
    fault = "<e:Fault><faultcode>e:Server</faultcode><faultstring>rahasia</faultstring></e:Fault>"
    async with opened(tmp_path, lambda _: envelope(fault, 500)) as (executor, _):
        response = await ask(executor, '{ pajakMenurutNop(nop: "111") { luas } }')
    assert [(error.code, error.source) for error in response.errors] == [
        ("SUMBER_TIDAK_TERSEDIA", "pajak")
    ]
    assert "rahasia" not in str(response.errors)
