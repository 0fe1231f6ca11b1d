"""Every fault of an agency that pushes: what docs/source-faults.md says is what happens.

One served gateway; before each fault a business is pushed whole, and then the fault comes over HTTP
as the agency would send it. What is asked afterwards is answered with what was pushed before.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.testkit.joined_graph import write_config
from tests.testkit.product import Product, ask, running_simpul
from tests.testkit.source_faults import SLACK, TIMEOUT, SourceFault, source_faults

pytestmark = pytest.mark.e2e

_KEY = {"x-api-key": "rahasia-rekaan"}
_NUMBERS = count(1)
_BODY_SECONDS = 0.5


def message(nib: str, **changed: Any) -> dict[str, Any]:
    """Make a message about a business."""
    told = {"nib": nib, "status_nib": "AKTIF", "waktu": "2026-06-01T09:00:00+07:00"}
    return {"receiveNib": {**told, **changed}}


def newer(nib: str, /, **names: str) -> dict[str, Any]:
    """Make a later message, of which some fields have other names."""
    told = message(nib, status_nib="DICABUT", waktu="2026-06-02T09:00:00+07:00")["receiveNib"]
    return {"receiveNib": {names.get(name, name): value for name, value in told.items()}}


def push(product: Product, body: Any, **headers: str) -> int:
    """Push a body; gives the status."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {name.replace("_", "-"): value for name, value in headers.items()} or _KEY
    return ask(f"{product.url}/inbox/oss", content, headers=sent).status


def send(product: Product, nib: str, *, drip: bool = False, linger: bool = False) -> int:
    """Send the head and half of a push, and then nothing, a drip, or a reset; 0: no answer."""
    parts, body = urlsplit(product.url), json.dumps(newer(nib)).encode()
    head = (
        "POST /inbox/oss HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        f"x-api-key: rahasia-rekaan\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    wire = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)
    with closing(wire):
        wire.sendall(head.encode() + body[: len(body) // 2])
        if linger:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return 0
        answer = wire.recv(100) if drip else b""
    return int(answer.split()[1]) if answer else 0


FAULTS: dict[str, tuple[Callable[[Product, str], int], int]] = {
    "down": (lambda product, nib: 0, 0),
    "connect_timeout": (lambda product, nib: 0, 0),
    "slow_drip": (lambda product, nib: send(product, nib, drip=True), 408),
    "reset": (lambda product, nib: send(product, nib, linger=True), 0),
    "500": (lambda product, nib: push(product, b"Internal Server Error"), 422),
    "garbage": (lambda product, nib: push(product, b"\x00\xff\x01"), 422),
    "error_in_answer": (lambda product, nib: push(product, {"galat": "sedang tutup"}), 422),
    "expired_credential": (lambda product, nib: push(product, newer(nib), x_api_key="lama"), 401),
    "changed_schema": (lambda product, nib: push(product, {"terimaNib": newer(nib)}), 422),
    "changed_schema-a key renamed": (lambda product, nib: push(product, newer(nib, nib="n")), 422),
    "changed_schema-a field renamed": (
        lambda product, nib: push(product, newer(nib, status_nib="status")),
        200,
    ),
    "truncated": (lambda product, nib: push(product, json.dumps(newer(nib)).encode()[:-9]), 422),
}
"""What the agency sends, and the status that it is answered; 0: it gets none."""


def config(folder: Path, **settings: Any) -> Path:
    """Write the configuration of a gateway over one inbox."""
    inbox = {"secret": {"secret": "rahasia-rekaan"}}
    return write_config(
        folder,
        {
            "subgraphs": {"oss": {"adapter": "oss", "settings": {"inbox": inbox, **settings}}},
            "state_dir": str(folder / "var"),
            "limits": {"body_seconds": _BODY_SECONDS},
        },
    )


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One gateway for all faults that leave its store alone."""
    path = config(tmp_path_factory.mktemp("faults"), guard={"timeout_seconds": TIMEOUT})
    with running_simpul("serve", "--config", str(path), "--port", "0") as product:
        yield product


def judge(row: SourceFault, product: Product, nib: str) -> None:
    """Ask for the business, and hold the answer against the row."""
    began = time.monotonic()
    answer = product.graphql(f'{{ usaha(nib: "{nib}") {{ status }} }}')
    assert time.monotonic() - began < TIMEOUT + SLACK
    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
    assert codes == {row.code} - {"-"}
    (source,) = answer["extensions"]["completeness"]["sources"] or [{"status": "ANSWERED"}]
    assert source["status"] == row.status
    found = answer["data"]["usaha"]
    assert (found and found["status"]) == {"null": None, "last version": "AKTIF"}[row.value]


@pytest.mark.parametrize(
    "row",
    [row for row in source_faults("inbox") if row.form != "its store" and row.fault != "quota"],
    ids=str,
)
def test_a_push_fails_as_the_table_says(row: SourceFault, gateway: Product) -> None:
    """The agency is told by a status; the graph answers with what it was told before."""
    nib = f"91000{next(_NUMBERS):08d}"
    assert push(gateway, message(nib)) == 200
    send_it, status = FAULTS[f"{row.fault}-{row.form}" if row.form else row.fault]
    assert send_it(gateway, nib) == status
    assert int(row.received) == (status == 200)
    judge(row, gateway, nib)


@pytest.mark.parametrize(
    "row",
    [row for row in source_faults("inbox") if row.form == "its store" or row.fault == "quota"],
    ids=str,
)
def test_the_store_fails_as_the_table_says(row: SourceFault, tmp_path: Path) -> None:
    """Without a store, or a quota to read it, there is no answer, and a reason."""
    guard = {"timeout_seconds": TIMEOUT, **({"quota_per_day": 0} if row.fault == "quota" else {})}
    path = config(tmp_path, guard=guard)
    with running_simpul("serve", "--config", str(path), "--port", "0") as product:
        if row.fault == "quota":
            assert push(product, message("9100000000001")) == 200
        else:
            (tmp_path / "var" / "inbox.sqlite").unlink()
        judge(row, product, "9100000000001")
