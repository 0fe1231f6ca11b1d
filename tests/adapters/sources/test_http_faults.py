"""Every fault of a REST service: what docs/source-faults.md says of it is what happens."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.testkit.declared import opened_example
from tests.testkit.failing_service import failing, saying
from tests.testkit.hostile_server import OK, Talk, drip, reset
from tests.testkit.http_server import http_server, json_reply, read_request, reply
from tests.testkit.selections import ask
from tests.testkit.source_faults import TIMEOUT, SourceFault, judge, source_faults

pytestmark = pytest.mark.anyio

RECORD = {"id": 3, "given_on": "2026-01-03", "dose": {"number": 1}, "vaccine": "BCG"}
WHOLE = {"data": {**RECORD, "child": {"nik": "3171990101909001"}}}


def whole() -> bytes:
    """Answer as it should be."""
    return json_reply(WHOLE)


def renamed(**names: str) -> bytes:
    """Answer with a record of which some fields have other names."""
    record = {names.get(name, name): value for name, value in WHOLE["data"].items()}
    return json_reply({"data": record})


ERRORS = [
    {"path": "pesan", "contains": "tutup", "code": "SUMBER_TIDAK_TERSEDIA"},
    {"path": "pesan", "contains": "tidak ada", "code": "TIDAK_DITEMUKAN"},
    {"path": "pesan", "contains": "kuota", "code": "KUOTA_HABIS"},
]


async def wanting_the_second_token(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Take the second token and no other."""
    received = await read_request(reader)
    assert received is not None
    is_good = received.headers["authorization"] == "Bearer t2"
    writer.write(whole() if is_good else json_reply({}, 401))
    await writer.drain()
    writer.close()
    await writer.wait_closed()


TALKS: dict[str, Talk] = {
    "slow_drip": drip,
    "reset": reset,
    "500": saying(reply("oops", 500)),
    "garbage": saying(b"\x00\x01 this is no HTTP\r\n\r\n"),
    "garbage-a page for people": saying(reply("<html><body>Sedang sibuk</body></html>")),
    "error_in_answer": saying(json_reply({"galat": "terjadi kesalahan"})),
    "error_in_answer-declared as down": saying(json_reply({"pesan": "sedang tutup"})),
    "error_in_answer-declared as no such record": saying(json_reply({"pesan": "tidak ada"})),
    "quota": saying(whole()),
    "quota-told inside a 200": saying(json_reply({"pesan": "Kuota habis"})),
    "quota-told by 429": saying(reply("slow down", 429)),
    "expired_credential": saying(json_reply({"pesan": "kunci"}, 401)),
    "expired_credential-a token that is always refused": saying(json_reply({}, 401)),
    "expired_credential-a token that is renewed": wanting_the_second_token,
    "changed_schema": saying(json_reply({"hasil": WHOLE["data"]})),
    "changed_schema-a key renamed": saying(renamed(id="nomor")),
    "changed_schema-a field renamed": saying(renamed(given_on="diberikan")),
    "truncated": saying(OK + b"content-length: 90\r\n\r\n" + b'{"data": {"id": 3, "giv'),
}


@pytest.mark.parametrize("row", source_faults("http"), ids=str)
async def test_a_service_fails_as_the_table_says(row: SourceFault, tmp_path: Path) -> None:
    """Code, completeness, time and what the service received are those of the row."""
    guard: dict[str, Any] = {"timeout_seconds": TIMEOUT}
    if row.fault == "quota" and not row.form:
        guard["quota_per_day"] = 0
    settings: dict[str, Any] = {"guard": guard, "errors": ERRORS}
    tokens = (f"t{number}" for number in count(1))
    async with (
        failing(row, TALKS) as service,
        http_server(lambda _: json_reply({"access_token": next(tokens)})) as endpoint,
    ):
        if "token" in row.form:
            credentials = {"client_id": "c", "client_secret": "s", "token_url": endpoint.url}
            settings["auth"] = {"kind": "oauth2", **credentials}
        async with opened_example("imunisasi", tmp_path, url=service.url, **settings) as executor:
            response = await judge(row, ask(executor, '{ imunisasi(id: "3") { tanggal } }'))
    assert service.received == int(row.received)
    record = response.data["imunisasi"]
    assert (record and record["tanggal"]) == {"null": None, "whole": "2026-01-03"}[row.value]
