"""The declared example over a REST service: keys by path and in bulk, pages, absent records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from adapters.kit.runtime import LocalExecutor
from tests.testkit.declared import opened_example
from tests.testkit.http_server import Received, Server, http_server, json_reply
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

NIK, OTHER = "3171021503200001", "3171024107210002"
VACCINES = {"BCG": "Bacillus", "a/b": "Aneh"}


def record(number: int, nik: str, vaccine: str = "BCG") -> dict[str, Any]:
    """Make a record as the service keeps it."""
    day = f"2026-01-{number:02}"
    dose = {"number": number}
    return {"id": number, "given_on": day, "dose": dose, "child": {"nik": nik}, "vaccine": vaccine}


RECORDS = [
    record(1, NIK),
    record(2, OTHER),
    record(3, NIK, "a/b"),
    record(4, OTHER),
    record(5, NIK),
]


def service(received: Received) -> bytes:
    """Answer as the service does."""
    url = urlsplit(received.target)
    query = parse_qs(url.query)
    *_, kind, key = url.path.split("/")
    if kind == "vaksin":
        label = VACCINES.get(unquote(key))
        return json_reply({"code": unquote(key), "label": label}, 200 if label else 404)
    if kind == "imunisasi":
        found = [each for each in RECORDS if str(each["id"]) == key]
        return json_reply({"data": found[0]} if found else {"error": "x"}, 200 if found else 404)
    chosen = [
        each
        for each in RECORDS
        if each["child"]["nik"] in query.get("nik[]", [NIK, OTHER])
        and each["vaccine"] in query.get("vaksin", [*VACCINES])
        and each["given_on"] >= query.get("sejak", [""])[0]
        and str(each["id"]) in query.get("id", ["1,2,3,4,5"])[0].split(",")
    ]
    chosen.sort(key=lambda each: each["given_on"], reverse=query.get("sort") == ["-given_on"])
    number, size = int(query["page"][0]), int(query["per_page"][0])
    part = chosen[(number - 1) * size : number * size]
    following = number + 1 if number * size < len(chosen) else None
    return json_reply({"data": part, "links": {"next": following}})


@asynccontextmanager
async def opened(
    folder: Path, answer: Callable[[Received], bytes] = service
) -> AsyncIterator[tuple[LocalExecutor, Server]]:
    """Open the example over a running service."""
    key = {"kind": "api_key", "header": "x-key", "value": "rahasia"}
    async with (
        http_server(answer) as server,
        opened_example("imunisasi", folder, url=f"{server.url}/api", auth=key) as executor,
    ):
        yield executor, server


async def test_many_keys_in_one_call_and_one_key_a_path(tmp_path: Path) -> None:
    """A relation asks for all parents at once and walks its pages; a reference asks by path."""
    async with opened(tmp_path) as (executor, server):
        response = await ask_entities(
            executor,
            "{ ... on Penduduk { imunisasi { id dosis vaksin { nama } } } }",
            [{"__typename": "Penduduk", "nik": nik} for nik in (OTHER, NIK)],
        )
    assert response.errors == ()
    dose = [{"id": str(n), "dosis": n, "vaksin": {"nama": "Bacillus"}} for n in range(1, 6)]
    dose[2]["vaksin"] = {"nama": "Aneh"}
    assert response.data == [{"imunisasi": [dose[1], dose[3]]}, {"imunisasi": dose[::2]}]
    targets = [request.target for request in server.requests]
    bulk = f"/api/imunisasi?nik%5B%5D={OTHER}&nik%5B%5D={NIK}&page="
    assert [t[: len(bulk)] for t in targets[:3]] == [bulk] * 3
    assert sorted(targets[3:]) == ["/api/vaksin/BCG", "/api/vaksin/a%2Fb"]
    assert {request.headers["x-key"] for request in server.requests} == {"rahasia"}


async def test_an_absent_record_is_null(tmp_path: Path) -> None:
    """A 404 of a record's own path is an answer and no failure."""
    async with opened(tmp_path) as (executor, _):
        response = await ask(
            executor,
            '{ a: imunisasi(id: "3") { tanggal anak { nik } } b: imunisasi(id: "9") { id } }',
        )
    assert response.errors == ()
    assert response.data == {"a": {"tanggal": "2026-01-03", "anak": {"nik": NIK}}, "b": None}


async def test_pages_of_ours_over_pages_of_theirs(tmp_path: Path) -> None:
    """Whatever size the service has, pages join without a gap or a double."""
    seen, after = [], ""
    async with opened(tmp_path) as (executor, _):
        while True:
            query = (
                f'{{ daftarImunisasi(vaksin: "BCG", sejak: "2026-01-01", first: 3{after})'
                " { nodes { id } pageInfo { hasNextPage endCursor } } }"
            )
            page = (await ask(executor, query)).data["daftarImunisasi"]
            seen += [node["id"] for node in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = f', after: "{page["pageInfo"]["endCursor"]}"'
    assert seen == ["1", "2", "4", "5"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _: json_reply({"x": 1}, 403), "TIDAK_ADA_HAK"),
        (lambda _: json_reply({"data": ["teks"]}), "DATA_RUSAK"),
        (lambda _: json_reply({"error": "x"}, 404), "SUMBER_TIDAK_TERSEDIA"),
    ],
    ids=["denied", "no-records", "no-collection"],
)
async def test_failures(tmp_path: Path, answer: Callable[[Received], bytes], code: str) -> None:
    """What the service does wrong is told by code, under its name."""
    async with opened(tmp_path, answer) as (executor, _):
        response = await ask(executor, '{ daftarImunisasi(vaksin: "BCG") { nodes { id } } }')
    assert [(error.code, error.source) for error in response.errors] == [(code, "imunisasi")]


async def test_filters_and_orders_become_parameters(tmp_path: Path) -> None:
    """What the caller chose is asked of the service, many values in one parameter."""
    chosen = 'saring: {id: {dalam: ["1", "5,2", "4"]}}, urutkan: [TANGGAL_TURUN]'
    query = f'{{ daftarImunisasi(vaksin: "BCG", {chosen}) {{ nodes {{ id }} }} }}'
    async with opened(tmp_path) as (executor, server):
        response = await ask(executor, query)
        nothing = await ask(executor, query.replace('["1", "5,2", "4"]', "[]"))
    assert [node["id"] for node in response.data["daftarImunisasi"]["nodes"]] == ["4", "1"]
    assert nothing.data["daftarImunisasi"]["nodes"] == []
    asked = [parse_qs(urlsplit(each.target).query) for each in server.requests]
    assert [(each["id"], each["sort"]) for each in asked] == [(["1,4"], ["-given_on"])]
