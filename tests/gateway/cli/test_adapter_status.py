"""``simpul adapter status`` against an admin port."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.adapter_status import show_status
from gateway.cli.output import Failure

SOURCES: dict[str, dict[str, Any]] = {
    "dukcapil": {"source": "dukcapil", "breaker": "closed", "busy": 2, "waiting": 0, "calls": 31},
    "kelurahan/31.71.02.1003": {"breaker": "open", "calls": 4, "alarm": "WRONG_HEADER"},
}


@pytest.fixture
def admin() -> Iterator[str]:
    """Serve ``/sources`` as a gateway does."""

    class Port(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/sources" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(SOURCES).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_source_has_its_line(admin: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its breaker and counts in columns, and what only its kind tells below."""
    show_status(admin=admin)
    head, first, second, alarm = capsys.readouterr().out.splitlines()
    assert head.split() == ["source", "breaker", "busy", "waiting", "calls", "failures", "retries"]
    assert first.split() == ["dukcapil", "closed", "2", "0", "31"]
    assert second.split()[:2] == ["kelurahan/31.71.02.1003", "open"]
    assert alarm.strip() == "alarm: WRONG_HEADER"


def test_the_port_is_read_from_a_configuration(
    admin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In JSON it is what the port gives."""
    config = tmp_path / "simpul.yaml"
    config.write_text(f"subgraphs: {{w: {{adapter: wilayah}}}}\nadmin: {admin}\n", encoding="utf-8")
    show_status(config=config, format="json")
    assert json.loads(capsys.readouterr().out) == SOURCES


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    """No port named, none configured, nobody there."""
    with pytest.raises(Failure, match='give "--config FILE" or "--admin HOST:PORT"'):
        show_status()
    config = tmp_path / "simpul.yaml"
    config.write_text("subgraphs: {w: {adapter: wilayah}}\n", encoding="utf-8")
    with pytest.raises(Failure, match="opens no admin port"):
        show_status(config=config)
    with pytest.raises(Failure, match="does not answer as a gateway's admin port"):
        show_status(admin="127.0.0.1:9")
