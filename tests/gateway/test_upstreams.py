"""Remote subgraphs as the configuration names them: over TLS, with certificates, over sockets."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from cache.ledger import MemoryLedger
from gateway.config.load import load_config
from gateway.config.model import LimitSettings
from gateway.supergraph_source import SchemaUnreadable
from gateway.upstreams import OpenedGraph, Shared, build_http_client, open_graph
from schema.selection import SelectionSet
from tests.testkit.http_server import Received, http_server, json_reply

pytestmark = pytest.mark.anyio

SDL = "type Query { a: Int }"


def answer(received: Received) -> bytes:
    """Answer as a subgraph with one field."""
    asked_sdl = "_service" in received.json()["query"]
    return json_reply({"data": {"_service": {"sdl": SDL}} if asked_sdl else {"a": 1}})


@asynccontextmanager
async def opened(folder: Path, settings: str) -> AsyncIterator[OpenedGraph]:
    """Open the graph of one subgraph ``a`` with these settings."""
    path = folder / "simpul.yaml"
    path.write_text(f"subgraphs:\n  a: {{{settings}}}\n", encoding="utf-8")
    config = load_config(path, {})
    http = build_http_client(config)
    try:
        graph = await open_graph(
            config, Shared(http, MemoryLedger(), lambda: datetime(2026, 1, 1, tzinfo=UTC))
        )
        yield graph
        if graph.upstreams is not None:
            await graph.upstreams.closing.aclose()
            assert http.status() == {} or "tls" not in settings
    finally:
        await http.aclose()


async def ask(graph: OpenedGraph) -> SubgraphResponse:
    """Ask the subgraph for its field."""
    assert graph.upstreams is not None
    request = SubgraphRequest("a", b"{ a }", SelectionSet("Query"), CallContext())
    return await graph.upstreams.executors["a"].execute(request)


def authority(folder: Path) -> tuple[trustme.CA, ssl.SSLContext]:
    """Make an authority, our certificate by it, and a server that asks for one."""
    ca = trustme.CA()
    (folder / "ca.pem").write_bytes(ca.cert_pem.bytes())
    ours = ca.issue_cert("gateway.example")
    (folder / "own.pem").write_bytes(ours.cert_chain_pems[0].bytes())
    (folder / "own.key").write_bytes(ours.private_key_pem.bytes())
    (folder / "both.pem").write_bytes(ours.private_key_and_cert_chain_pem.bytes())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(server)
    ca.configure_trust(server)
    server.verify_mode = ssl.CERT_REQUIRED
    return ca, server


@pytest.mark.parametrize(
    "own", ["certificate: own.pem, key: own.key", "certificate: both.pem"], ids=["two", "one"]
)
async def test_shows_its_certificate_to_a_subgraph(tmp_path: Path, own: str) -> None:
    """Schema and data come over mTLS; connections under it end with the graph."""
    _, context = authority(tmp_path)
    async with http_server(answer, context) as server:
        where = f"schema: {{subgraph_url: '{server.url}/'}}"
        async with opened(tmp_path, f"{where}, tls: {{ca: ca.pem, {own}}}") as graph:
            assert (await ask(graph)).data == {"a": 1}
            assert graph.upstreams is not None
            status = graph.upstreams.status()["a"]
            assert (status["connections_idle"], status["connections_opened"]) == (1, 1)
        with pytest.raises(SchemaUnreadable, match="does not answer"):
            async with opened(tmp_path, f"{where}, tls: {{ca: ca.pem}}"):
                pass


async def test_trusts_no_other_authority(tmp_path: Path) -> None:
    """With the system's authorities, or another, the subgraph is not asked."""
    _, context = authority(tmp_path)
    (tmp_path / "other.pem").write_bytes(trustme.CA().cert_pem.bytes())
    async with http_server(answer, context) as server:
        for tls in ("", ", tls: {ca: other.pem}"):
            (tmp_path / "a.graphql").write_text(SDL, encoding="utf-8")
            where = f"routing_url: '{server.url}/', schema: {{file: a.graphql}}"
            async with opened(tmp_path, where + tls) as graph:
                response = await ask(graph)
                assert "not trusted" in response.errors[0].message


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        pytest.param("ca: gone.pem", '"ca" .*gone.pem: cannot be used: No such file', id="gone"),
        pytest.param("ca: own.key", '"ca" .*own.key: cannot be used: not PEM', id="no-authority"),
        pytest.param("certificate: gone.pem", "gone.pem: cannot be used: No such", id="no-own"),
        pytest.param("certificate: own.pem", "own.pem: cannot be used: not PEM", id="no-key"),
        pytest.param(
            "certificate: own.pem, key: other.key", "the key is not the certificate's", id="pair"
        ),
    ],
)
async def test_unusable_files_are_named(tmp_path: Path, tls: str, expected: str) -> None:
    """What cannot be read is told with its setting and file, before anything is asked."""
    ca, _ = authority(tmp_path)
    (tmp_path / "other.key").write_bytes(ca.issue_cert("x.example").private_key_pem.bytes())
    (tmp_path / "a.graphql").write_text(SDL, encoding="utf-8")
    for schema in ("file: a.graphql", "subgraph_url: 'https://127.0.0.1:1/'"):
        where = f"routing_url: 'https://127.0.0.1:1/', schema: {{{schema}}}"
        with pytest.raises(SchemaUnreadable, match=f'^subgraph "a": tls: .*{expected}'):
            async with opened(tmp_path, f"{where}, tls: {{{tls}}}"):
                pass


async def test_asks_over_a_unix_socket(tmp_path: Path) -> None:
    """``unix:/socket:/path`` is an address like any other, for schema and data."""
    path = tmp_path / "s"
    seen: list[Any] = []

    def noting(received: Received) -> bytes:
        seen.append(received.target)
        return answer(received)

    async with http_server(noting, socket=str(path)) as server:
        url = f"unix:{server.socket}:/graphql"
        async with opened(tmp_path, f"schema: {{subgraph_url: '{url}'}}") as graph:
            assert (await ask(graph)).data == {"a": 1}
    assert seen == ["/graphql", "/graphql"]


async def test_a_subgraph_that_stands_still_leaves_half_of_the_gateway(tmp_path: Path) -> None:
    """Whoever has or awaits a place at one subgraph is not everybody who may be in the gateway."""
    async with http_server(answer) as server:
        where = f"schema: {{subgraph_url: '{server.url}/'}}"
        async with opened(tmp_path, where) as graph:
            assert graph.upstreams is not None
            care = graph.upstreams.status()["a"]["care"]
    assert care["parallel"] + care["queue"] == LimitSettings().requests_in_flight / 2
