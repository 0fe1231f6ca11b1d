"""Liveness and readiness."""

import pytest

from tests.testkit.raw_http import RawClient, ask, get

pytestmark = pytest.mark.anyio


async def test_live_says_live(edge):
    """The loop turns."""
    (answer,) = await ask(edge.address, get("/health/live"))
    assert (answer.status, answer.json) == (200, {"status": "live"})


async def test_ready_names_what_is_missing(edge):
    """Ready is 200 with all checks true, else 503 that names the false ones."""
    (answer,) = await ask(edge.address, get("/health/ready"))
    checks = {"supergraph": True, "load": True}
    assert (answer.status, answer.json) == (200, {"status": "ready", "checks": checks})
    edge.is_loaded = False
    (answer,) = await ask(edge.address, get("/health/ready"))
    edge.is_loaded = True
    checks = {"supergraph": False, "load": True}
    assert (answer.status, answer.json) == (503, {"status": "not ready", "checks": checks})


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_health_is_only_read(edge, path):
    """HEAD gives the same headers without the body; other methods are refused."""
    async with RawClient(edge.address) as client:
        await client.send(get(path, method="HEAD", close=False))
        answer = await client.read_answer(bodiless=True)
        assert (answer.status, answer.body) == (200, b"")
        assert int(answer.headers["content-length"]) > 0
        await client.send(get(path, "Content-Length: 0", method="POST"))
        answer = await client.read_answer()
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
