"""The server put together, over TLS."""

import asyncio
import ssl

import pytest
import trustme

from gateway.server.dispatch import Dispatch, build_web
from gateway.server.health import Health
from gateway.server.load import Load
from gateway.server.serving import build_server
from tests.testkit.raw_http import PATIENCE, QUICK, get, parse_answers

pytestmark = pytest.mark.anyio


@pytest.fixture
def certificate(tmp_path):
    """A certificate for this machine: the authority, the chain's file, the key's file."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    key.write_bytes(issued.private_key_pem.bytes())
    chain.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    return authority, chain, key


async def test_the_edge_is_the_same_over_tls(certificate):
    """Answers and refusals come through TLS, and the connection ends after a refusal."""
    authority, chain, key = certificate
    web = build_web(Health(dict, Load(1, shedding_seconds=1.0)))
    addresses = asyncio.Queue()
    server = build_server(
        Dispatch(web, web),
        QUICK,
        lifespan="off",
        certificate=(chain, key),
        on_ready=addresses.put_nowait,
        signals=False,
    )
    serving = asyncio.ensure_future(server.serve())
    address = await asyncio.wait_for(addresses.get(), PATIENCE)
    assert address.startswith("https://127.0.0.1:")
    context = ssl.create_default_context()
    authority.configure_trust(context)
    for data, status in ((get("/health/live"), 200), (b"GET / HTTP/1.1\r\n\r\n", 400)):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", int(address.rpartition(":")[2]), ssl=context, server_hostname="localhost"
        )
        writer.write(data)
        (answer,) = parse_answers(await asyncio.wait_for(reader.read(), PATIENCE))
        assert answer.status == status
        writer.close()
    server.should_exit = True
    await asyncio.wait_for(serving, PATIENCE)
