"""A declared REST service in all the ways it may be paged, asked in bulk, signed on to and fail."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from adapters.contract import CallContext
from adapters.kit.adapter import AdapterSettingsError, Opening
from adapters.kit.runtime import LocalExecutor
from adapters.registry import RegistryError, load_adapter
from tests.testkit.http_server import Received, Server, http_server, json_reply
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

FILE = """
name: buku
source:
  kind: http
types:
  Buku:
    description: {{id: Buku., en: A book.}}
    from:
      path: /buku
      records: data
      find: {{kode: {find}, rak: {{query: {{rak: "{{rak}}"}}}}}}
      filters: {{rak: rak}}
      paging: {paging}
    keys: kode
    fields:
      kode: {{type: String, description: {{id: Kode., en: Its code.}}}}
      rak: {{type: String, description: {{id: Rak., en: Its shelf.}}}}
lookups:
  buku: {{type: Buku, description: {{id: Menurut kode., en: By code.}}}}
lists:
  daftarBuku:
    type: Buku
    description: {{id: Buku., en: Books.}}
    filters: {{rak: {{path: rak, required: true}}}}
references:
  Rak:
    description: {{id: Rak., en: A shelf.}}
    key: {{nama: String}}
relations:
  Rak:
    buku: {{type: Buku, by: {{nama: rak}}, description: {{id: Isinya., en: What it holds.}}}}
"""
BOOKS = [{"kode": f"B{n}", "rak": "AB"[n % 2]} for n in range(9)]
SIZE = 2
BY_CODE = '{many: kode, join: ","}'
WHOLE = "null"


def matching(received: Received) -> list[dict[str, str]]:
    """Find the books that a request asks for, in whichever way."""
    query = parse_qs(urlsplit(received.target).query)
    codes = ",".join(query.get("kode", [])).split(",") if "kode" in query else None
    if received.body:
        codes = received.json()["cari"]["kode"]
    return [
        book
        for book in BOOKS
        if (codes is None or book["kode"] in codes) and book["rak"] in query.get("rak", "AB")
    ]


def paged(received: Received) -> tuple[list[dict[str, str]], int | None]:
    """Cut the page that a mark asks for; where the next begins."""
    books = matching(received)
    query = parse_qs(urlsplit(received.target).query)
    start = int(query.get("mark", ["0"])[0].removeprefix("m"))
    return books[start : start + SIZE], start + SIZE if start + SIZE < len(books) else None


def by_cursor(received: Received) -> bytes:
    """Tell the next cursor in the answer."""
    books, following = paged(received)
    mark = None if following is None else f"m{following}"
    return json_reply({"data": books, "meta": {"next": mark}})


def by_body_link(received: Received) -> bytes:
    """Tell the next page by a link in the answer, as behind a proxy: host and path are wrong."""
    books, following = paged(received)
    link = None
    if following is not None:
        query = parse_qs(urlsplit(received.target).query)
        query["mark"] = [f"m{following}"]
        link = f"http://dalam.invalid:8080/x?{urlencode(query, doseq=True)}"
    return json_reply({"data": books, "links": {"next": link}})


def by_header_link(received: Received) -> bytes:
    """Tell the next page by the Link header."""
    books, following = paged(received)
    links = '</buku>; rel="first"'
    if following is not None:
        links += f', </buku?mark=m{following}>; rel="next"'
    return json_reply({"data": books}, headers=(("Link", links),))


WAYS: dict[str, tuple[str, Callable[[Received], bytes]]] = {
    "cursor": ("{style: cursor, parameter: mark, next: meta.next}", by_cursor),
    "body-link": ("{style: link, next: links.next}", by_body_link),
    "header-link": ("{style: link, size_parameter: n, size: 2}", by_header_link),
}


@asynccontextmanager
async def opened(
    folder: Path,
    answer: Callable[[Received], bytes],
    *,
    paging: str = WHOLE,
    find: str = BY_CODE,
    **settings: Any,
) -> AsyncIterator[tuple[LocalExecutor, Server]]:
    """Open the adapter over a running service."""
    path = folder / "buku.yaml"
    path.write_text(FILE.format(paging=paging, find=find), "utf-8")
    async with http_server(answer) as server:
        if "auth" in settings and "token_url" in settings["auth"]:
            settings["auth"]["token_url"] = f"{server.url}/token"
        executor = await load_adapter(str(path)).open(
            {"url": server.url, **settings}, Opening("buku", folder)
        )
        try:
            yield executor, server
        finally:
            await executor.aclose()


def entities(*codes: str) -> list[dict[str, Any]]:
    """Make representations."""
    return [{"__typename": "Buku", "kode": code} for code in codes]


async def shelf(executor: LocalExecutor, after: str | None = None) -> Any:
    """Ask for a page of shelf A."""
    query = (
        '{ daftarBuku(rak: "A", first: 3, after: $after)'
        " { nodes { kode } pageInfo { hasNextPage endCursor } } }"
    )
    return await ask(executor, query, {"after": after})


@pytest.mark.parametrize("way", WAYS)
async def test_pages_without_totals(way: str, tmp_path: Path) -> None:
    """Our pages over theirs join without a gap or a double, and every call keeps the filter."""
    paging, answer = WAYS[way]
    seen, after = [], None
    async with opened(tmp_path, answer, paging=paging) as (executor, server):
        while True:
            response = await shelf(executor, after)
            assert response.errors == ()
            page = response.data["daftarBuku"]
            seen += [node["kode"] for node in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
    assert seen == [book["kode"] for book in BOOKS if book["rak"] == "A"]
    targets = [urlsplit(each.target) for each in server.requests]
    assert {each.path for each in targets} == {"/buku"}
    assert {parse_qs(each.query)["rak"][0] for each in targets} == {"A"}


@pytest.mark.parametrize("way", WAYS)
async def test_a_relation_walks_all_pages(way: str, tmp_path: Path) -> None:
    """What a key finds may fill many pages."""
    paging, answer = WAYS[way]
    async with opened(tmp_path, answer, paging=paging) as (executor, _):
        response = await ask_entities(
            executor, "{ ... on Rak { buku { kode } } }", [{"__typename": "Rak", "nama": "A"}]
        )
    assert response.errors == ()
    assert [each["kode"] for each in response.data[0]["buku"]] == ["B0", "B2", "B4", "B6", "B8"]


async def test_a_forged_cursor_cannot_widen_a_list(tmp_path: Path) -> None:
    """A cursor comes from outside: it cannot drop a filter, and leads to no other place."""
    paging, answer = WAYS["body-link"]
    forged = json.dumps(["rak=B&mark=m0&x=1", 0]).encode()
    after = base64.urlsafe_b64encode(forged).decode().rstrip("=")
    async with opened(tmp_path, answer, paging=paging) as (executor, server):
        response = await shelf(executor, after)
    assert [each["kode"] for each in response.data["daftarBuku"]["nodes"]] == ["B0", "B2", "B4"]
    assert parse_qs(urlsplit(server.requests[0].target).query)["rak"] == ["A"]


@pytest.mark.parametrize(
    ("paging", "meta"),
    [
        pytest.param("{style: cursor, parameter: mark, next: meta}", "m1", id="circle"),
        pytest.param("{style: cursor, parameter: mark, next: meta}", {"a": 1}, id="no-cursor"),
        pytest.param("{style: link, next: meta}", "http://x", id="link-without-query"),
        pytest.param("{style: link, next: meta}", "http://[", id="no-link"),
        pytest.param("{style: link, next: meta}", 7, id="number"),
    ],
)
async def test_a_next_page_that_cannot_be(paging: str, meta: Any, tmp_path: Path) -> None:
    """A walk that would never end, or cannot go on, is a broken answer and no short list."""

    def answer(received: Received) -> bytes:
        return json_reply({"data": BOOKS[:1], "meta": meta})

    async with opened(tmp_path, answer, paging=paging) as (executor, server):
        response = await shelf(executor)
        assert [error.code for error in response.errors] == ["DATA_RUSAK"]
        found = await ask_entities(
            executor, "{ ... on Rak { buku { kode } } }", [{"__typename": "Rak", "nama": "A"}]
        )
        assert [error.code for error in found.errors] == ["DATA_RUSAK"]
    assert len(server.requests) <= 4


@pytest.mark.parametrize(
    ("find", "sent"),
    [
        pytest.param('{many: kode, join: ","}', ["/buku?kode=B1%2CB7"], id="comma"),
        pytest.param("{many: kode, join: null}", ["/buku?kode=B1&kode=B7"], id="repeated"),
        pytest.param(
            '{path: /cari, body: {cari: {kode: "{*}", ringkas: "ya"}}, records: data}',
            ["/cari"],
            id="body",
        ),
        pytest.param(
            '{path: /cari, body: {cari: {kode: ["{kode}"]}}, records: data}',
            ["/cari", "/cari"],
            id="body-one-by-one",
        ),
    ],
)
async def test_bulk(find: str, sent: list[str], tmp_path: Path) -> None:
    """Many keys go in one call, in the way that the service takes them; gaps are gaps."""

    def answer(received: Received) -> bytes:
        return json_reply({"data": matching(received)[::-1]})

    async with opened(tmp_path, answer, find=find) as (executor, server):
        response = await ask_entities(
            executor, "{ ... on Buku { kode rak } }", entities("B1", "B7")
        )
    assert response.errors == ()
    assert response.data == [{"kode": "B1", "rak": "B"}, {"kode": "B7", "rak": "B"}]
    assert [each.target for each in server.requests] == sent
    if sent[0] == "/cari":
        assert {each.method for each in server.requests} == {"POST"}


async def test_one_failed_call_of_several_costs_its_own_keys(tmp_path: Path) -> None:
    """What the others gave is answered, and the error stands where the value lacks."""

    def answer(received: Received) -> bytes:
        books = matching(received)
        return json_reply({"data": books}, 403 if books[0]["kode"] == "B1" else 200)

    find = '{path: /cari, body: {cari: {kode: "{*}"}}, at_most: 1}'
    async with opened(tmp_path, answer, find=find) as (executor, _):
        response = await ask_entities(executor, "{ ... on Buku { rak } }", entities("B1", "B2"))
    assert response.data == [None, {"rak": "A"}]
    assert [(error.code, error.path) for error in response.errors] == [
        ("TIDAK_ADA_HAK", ("_entities", 0))
    ]


async def test_a_body_of_many_keys_is_cut_into_batches(tmp_path: Path) -> None:
    """No call holds more keys than the service takes."""
    find = '{path: /cari, body: {cari: {kode: "{*}"}}, at_most: 4}'

    def answer(received: Received) -> bytes:
        return json_reply({"data": matching(received)})

    async with opened(tmp_path, answer, find=find) as (executor, server):
        codes = [book["kode"] for book in BOOKS]
        response = await ask_entities(executor, "{ ... on Buku { rak } }", entities(*codes))
    assert [each["rak"] for each in response.data] == [book["rak"] for book in BOOKS]
    assert sorted(len(each.json()["cari"]["kode"]) for each in server.requests) == [1, 4, 4]


ERRORS = [
    {"path": "pesan", "contains": "kuota", "code": "KUOTA_HABIS"},
    {"path": "status", "equals": [404, "KOSONG"], "code": "TIDAK_DITEMUKAN"},
    {"path": "status", "equals": [503], "code": "SUMBER_TIDAK_TERSEDIA"},
    {"path": "galat.teks", "code": "DATA_RUSAK"},
]


@pytest.mark.parametrize(
    ("told", "code", "calls"),
    [
        pytest.param({"pesan": "Kuota Anda habis"}, "KUOTA_HABIS", 1, id="contains"),
        pytest.param({"status": 503}, "SUMBER_TIDAK_TERSEDIA", 3, id="tried-again"),
        pytest.param({"galat": {"teks": "apa saja"}}, "DATA_RUSAK", 1, id="anything"),
        pytest.param({"status": "KOSONG"}, None, 1, id="no-such-record"),
        pytest.param({"status": 404}, None, 1, id="no-such-record-by-number"),
        pytest.param({"status": "404", "data": BOOKS}, None, 1, id="another-kind"),
        pytest.param({"galat": {"teks": ""}, "data": BOOKS}, None, 1, id="nothing-told"),
    ],
)
async def test_errors_inside_a_200(
    told: dict[str, Any], code: str | None, calls: int, tmp_path: Path
) -> None:
    """The words of the service are declared with what they mean; what is none of them is data."""
    async with opened(tmp_path, lambda _: json_reply(told), errors=ERRORS) as (executor, server):
        response = await ask(executor, '{ buku(kode: "B1") { rak } }')
    assert [error.code for error in response.errors] == ([] if code is None else [code])
    assert response.data["buku"] == ({"rak": "B"} if "data" in told else None)
    assert len(server.requests) == calls
    assert not any("Kuota" in error.message or "apa" in error.message for error in response.errors)


async def test_client_credentials_and_signatures(tmp_path: Path) -> None:
    """Both are settings; the clock is the gateway's."""

    def answer(received: Received) -> bytes:
        if received.target == "/token":
            return json_reply({"access_token": "t1", "expires_in": 60})
        return json_reply({"data": matching(received)})

    token = {"kind": "oauth2", "token_url": "", "client_id": "c", "client_secret": "s"}
    async with opened(tmp_path, answer, auth=token) as (executor, server):
        await ask(executor, '{ buku(kode: "B1") { rak } }')
    assert parse_qs(server.requests[0].body.decode())["grant_type"] == ["client_credentials"]
    assert server.requests[1].headers["authorization"] == "Bearer t1"
    signed = {"kind": "hmac", "key_id": "k", "secret": "s", "timestamp": "iso"}
    async with opened(tmp_path, answer, auth=signed) as (executor, server):
        await ask(executor, '{ buku(kode: "B1") { rak } }', call=CallContext())
    assert {"x-key-id", "x-timestamp", "x-signature"} <= set(server.requests[0].headers)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"auth": {"kind": "hmac", "key_id": "k", "secret": "s3", "canonical": "{metode}"}},
            "metode",
        ),
        (
            {
                "auth": {
                    **{"kind": "oauth2", "token_url": "http://x", "client_id": "c"},
                    **{"client_secret": "s3", "username": "u"},
                }
            },
            "go together",
        ),
        ({"errors": [{"path": "a", "equals": [1], "contains": "s3", "code": "DATA_RUSAK"}]}, "two"),
    ],
)
async def test_settings_that_cannot_be(settings: dict[str, Any], told: str, tmp_path: Path) -> None:
    """They are refused at start, without their secrets."""
    with pytest.raises(AdapterSettingsError, match=told) as refused:
        async with opened(tmp_path, by_cursor, **settings):
            pass
    assert "s3" not in str(refused.value)


@pytest.mark.parametrize(
    ("paging", "told"),
    [("{style: cursor, parameter: mark}", "next"), ("{style: page}", "parameter")],
)
async def test_paging_that_cannot_be(paging: str, told: str, tmp_path: Path) -> None:
    """The file is refused with the line."""
    with pytest.raises(RegistryError, match=told):
        async with opened(tmp_path, by_cursor, paging=paging):
            pass
