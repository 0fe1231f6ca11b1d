"""Pushes to a served gateway: acknowledged when stored, refused clearly, seen by every worker."""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.testkit.joined_graph import write_config
from tests.testkit.product import Answer, Product, ask, run_simpul, running_simpul

pytestmark = pytest.mark.e2e

OWNER = "3171990101909001"
NAME = "Khumvin Njidjam"
_KEY = "rahasia-rekaan"


@pytest.fixture(scope="module")
def admin() -> str:
    """The operators' address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, admin: str) -> Iterator[Product]:
    """One process over an empty inbox."""
    with serve(tmp_path_factory.mktemp("inbox"), admin=admin) as product:
        yield product


def serve(folder: Path, *options: str, **config: Any) -> AbstractContextManager[Product]:
    """Serve the business registry's graph, its state below ``folder``."""
    everything = {
        "subgraphs": {"oss": {"adapter": "oss", "settings": {"inbox": {"hmac": {"key": _KEY}}}}},
        "state_dir": str(folder / "var"),
        "callers": {
            "demo": {
                "agency": "demo",
                "anonymous": True,
                "purposes": ["PELAYANAN_PUBLIK"],
                "default_purpose": "PELAYANAN_PUBLIK",
            }
        },
        "grants": [{"agency": "demo", "purposes": ["PELAYANAN_PUBLIK"], "classes": ["UMUM"]}],
        **config,
    }
    path = write_config(folder, everything)
    return running_simpul("serve", "--config", str(path), "--port", "0", *options)


def message(number: int, **fields: Any) -> bytes:
    """Write the number-th message, about a business of its own."""
    told = {
        "id_pesan": f"P{number}",
        "waktu": "2026-06-01T09:00:00+07:00",
        "nib": f"91000{number:08d}",
        "no_identitas_penanggung_jwb": OWNER,
        "nama_penanggung_jwb": NAME,
        "status_nib": "AKTIF",
        **fields,
    }
    return json.dumps({"receiveNib": told}).encode()


def signed(body: bytes) -> dict[str, str]:
    """Sign a body."""
    return {"x-signature": hmac.new(_KEY.encode(), body, hashlib.sha256).hexdigest()}


def push(product: Product, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    """Push a body, signed unless it is said otherwise."""
    sent = signed(body) if headers is None else headers
    return ask(f"{product.url}/inbox/oss", body, headers=sent)


def owned(product: Product) -> list[str]:
    """Ask which businesses the graph knows of the owner, as pairs of number and state."""
    query = "".join(f'u{n}: usaha(nib: "91000{n:08d}") {{ nib status }} ' for n in range(20))
    data = product.graphql("{ " + query + "}")["data"]
    return [f"{name[1:]} {each['status']}" for name, each in data.items() if each is not None]


def test_a_push_is_in_the_graph_at_once(gateway: Product) -> None:
    """Acknowledged with its number; pushed again, with the same; a later one corrects it."""
    first = push(gateway, message(1))
    assert (first.status, first.json) == (200, {"number": 1, "new": True})
    assert push(gateway, message(1)).json == {"number": 1, "new": False}
    assert owned(gateway) == ["1 AKTIF"]
    newer = message(1, id_pesan="P1b", waktu="2026-06-03T09:00:00+07:00", status_nib="DICABUT")
    older = message(1, id_pesan="P1a", waktu="2026-06-02T09:00:00+07:00", status_nib="DIBEKUKAN")
    assert [push(gateway, each).json["new"] for each in (newer, older)] == [True, True]
    assert owned(gateway) == ["1 DICABUT"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (message(5), {}, 401, "UNAUTHENTICATED"),
        (message(5), {"x-signature": "0" * 64}, 401, "UNAUTHENTICATED"),
        (message(5), {**signed(message(6))}, 401, "UNAUTHENTICATED"),
        (message(5), {**signed(message(5)), "content-type": "text/plain"}, 415, None),
        (b"{", signed(b"{"), 422, "BAD_USER_INPUT"),
        (b"\xff" * 10, signed(b"\xff" * 10), 422, "BAD_USER_INPUT"),
        (message(5, nib="1"), signed(message(5, nib="1")), 422, "BAD_USER_INPUT"),
        (b" " * 1_000_001, {}, 413, "PAYLOAD_TOO_LARGE"),
    ],
    ids=["none", "wrong", "anothers", "media", "no-json", "no-text", "no-nib", "huge"],
)
def test_refused(
    gateway: Product, body: bytes, headers: Mapping[str, str], status: int, code: str | None
) -> None:
    """Each with its status and code, and without a word of what was pushed."""
    refused = push(gateway, body, headers)
    assert refused.status == status
    (error,) = refused.json["errors"]
    assert error["extensions"]["code"] == (code or "UNSUPPORTED_MEDIA_TYPE")
    assert NAME not in error["message"]
    assert "5 AKTIF" not in owned(gateway)


def test_where_nothing_is_taken(gateway: Product) -> None:
    """Other methods, and names that take no pushes, are told apart."""
    assert ask(f"{gateway.url}/inbox/oss").status == 405
    assert ask(f"{gateway.url}/inbox/oss").headers["allow"] == "POST"
    assert ask(f"{gateway.url}/inbox/nowhere", b"{}").status == 404
    assert ask(f"{gateway.url}/inbox/", b"{}").status == 404


def test_it_is_seen_by_operators_and_nobody_is_named(gateway: Product, admin: str) -> None:
    """Metrics and status count pushes; the log tells of them without who they are about."""
    push(gateway, message(7))
    push(gateway, message(7), {})
    told = ask(f"http://{admin}/sources").json["oss/inbox"]
    assert told["pushes_stored"] >= 1
    assert told["pushes_refused"] >= 1
    metrics = ask(f"http://{admin}/metrics").body.decode()
    assert 'simpul_source_pushes_stored{source="oss/inbox"}' in metrics
    shown = run_simpul("adapter", "status", "--admin", admin)
    assert "pushes_stored: " in shown.stdout
    log = gateway.output
    assert "inbox oss stored push" in log
    assert "inbox oss refused a push: UNAUTHENTICATED" in log
    assert OWNER not in log + metrics
    assert NAME not in log + metrics


def test_every_worker_sees_every_push(tmp_path: Path) -> None:
    """Two workers number the pushes as one, and each answers with all of them."""
    with serve(tmp_path, "--workers", "2") as product:
        numbers = [push(product, message(each)).json["number"] for each in range(10)]
        assert numbers == [*range(1, 11)]
        for _ in range(10):
            assert owned(product) == [f"{each} AKTIF" for each in range(10)]


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    """Killed with a push under way: the sender sends again what was not acknowledged, and all are
    there once."""
    with serve(tmp_path) as product:
        acknowledged = [push(product, message(each)).json["number"] for each in range(6)]
        parts = urlsplit(product.url)
        body = message(6)
        head = "".join(f"{name}: {value}\r\n" for name, value in signed(body).items())
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as wire:
            wire.sendall(
                f"POST /inbox/oss HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{head}"
                f"content-length: {len(body)}\r\n\r\n".encode()
                + body
            )
            product.signal(signal.SIGKILL)
            product.process.wait()
    with serve(tmp_path) as product:
        again = [push(product, message(each)).json for each in range(10)]
        assert acknowledged == [*range(1, 7)]
        assert again[:6] == [{"number": each, "new": False} for each in range(1, 7)]
        assert [each["number"] for each in again] == [*range(1, 11)]
        assert [each["new"] for each in again[7:]] == [True] * 3
        assert owned(product) == [f"{each} AKTIF" for each in range(10)]
