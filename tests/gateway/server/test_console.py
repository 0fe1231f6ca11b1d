"""The console's files: which are served, with which headers, and that no path leads out."""

import pytest

from gateway.server.console import load_console
from gateway.server.dispatch import Dispatch, build_web
from gateway.server.health import Health
from gateway.server.load import Load
from tests.testkit.raw_http import RawClient, ask, get, serve

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A built console, with a file beside it that nobody may see."""
    outside = tmp_path_factory.mktemp("built")
    (outside / "secret.txt").write_text("secret")
    folder = outside / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Simpul</title>")
    (folder / "assets" / "index-BRqBUoXg.js").write_text("export {};")
    (folder / "assets" / "style-C1oH2cis.css").write_text("body{}")
    (folder / "assets" / "font.woff2").write_bytes(b"\0")
    (folder / "linked.txt").symlink_to(outside / "secret.txt")
    return folder


@pytest.fixture(scope="module")
async def console(anyio_backend, folder):
    """The address of a server with that console."""
    load = Load(1, shedding_seconds=1.0)
    web = build_web(Health(dict, load), console=load_console(folder))
    async with serve(Dispatch(web, web)) as (address, _):
        yield address


@pytest.mark.parametrize(
    ("path", "media_type", "cache_control"),
    [
        ("/console/", "text/html; charset=utf-8", "no-cache"),
        ("/console/index.html", "text/html; charset=utf-8", "no-cache"),
        (
            "/console/assets/index-BRqBUoXg.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/console/assets/style-C1oH2cis.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        ("/console/assets/font.woff2", "font/woff2", "no-cache"),
    ],
)
async def test_files_are_served_with_their_type(console, path, media_type, cache_control):
    """A file whose name holds a hash is kept for ever, every other is asked for again."""
    (answer,) = await ask(console, get(path))
    assert answer.status == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == cache_control


async def test_the_page_may_load_from_here_alone(console):
    """The policy names no other origin and no inline script."""
    (answer,) = await ask(console, get("/console/"))
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not any("http" in value or "*" in value for value in policy.values())
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/console/../secret.txt",
        "/console/..%2fsecret.txt",
        "/console/%2e%2e/secret.txt",
        "/console/assets/../../secret.txt",
        "/console//etc/passwd",
        "/console/linked.txt",
        "/console/assets",
        "/console/assets/",
        "/console/nothing.js",
    ],
)
async def test_no_path_leads_out(console, path):
    """Only what was in the folder can be asked for, and links are not followed."""
    (answer,) = await ask(console, get(path))
    assert (answer.status, answer.code) == (404, "NOT_FOUND")


async def test_the_bare_path_leads_to_the_page(console):
    """The redirect names a path alone, whatever Host says."""
    (answer,) = await ask(console, get("/console"))
    assert (answer.status, answer.headers["location"]) == (308, "/console/")


async def test_a_known_file_is_not_sent_again(console):
    """A browser that has the file gets 304 without a body, and the connection goes on."""
    async with RawClient(console) as client:
        await client.send(get("/console/", close=False))
        tag = (await client.read_answer()).headers["etag"]
        await client.send(get("/console/", f"If-None-Match: {tag}", close=False))
        answer = await client.read_answer()
        assert (answer.status, answer.headers["etag"]) == (304, tag)
        await client.send(get("/console/", 'If-None-Match: "other"'))
        assert (await client.read_answer()).status == 200


async def test_the_console_is_only_read(console):
    """No other method but GET and HEAD."""
    (answer,) = await ask(console, get("/console/", "Content-Length: 0", method="POST"))
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_console_that_is_not_built_is_told(tmp_path):
    """A missing page is found at start, not by the first visitor."""
    with pytest.raises(FileNotFoundError, match="is not built"):
        load_console(tmp_path)
