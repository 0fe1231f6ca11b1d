"""Several processes that serve one address, started as a user starts them."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.testkit.product import Product, ask, run_simpul, running_simpul
from tests.testkit.subgraph_server import serving_subgraph

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SDL = "type Query { word: String }"
QUERY = {"query": "{ word }"}
WORKERS = 2


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """The workers over one subgraph, their configuration, and the parent's second port."""

    def __init__(self, folder: Path, subgraph: str) -> None:
        self._subgraph = subgraph
        self.config = folder / "simpul.yaml"
        self.admin = f"127.0.0.1:{_free_port()}"
        (folder / "words.graphql").write_text(SDL, encoding="utf-8")

    def write(self, extra: str = "") -> None:
        """Write the configuration."""
        self.config.write_text(
            f"subgraphs: {{words: {{routing_url: '{self._subgraph}', "
            "schema: {file: words.graphql}}}\n"
            f"admin: {self.admin}\n"
            f"limits: {{graceful_seconds: 20}}\n{extra}",
            encoding="utf-8",
        )

    def metrics(self) -> dict[str, float]:
        """Read the counts of all workers."""
        lines = ask(f"http://{self.admin}/metrics").body.decode().splitlines()
        return {
            name: float(value)
            for name, _, value in (line.rpartition(" ") for line in lines)
            if not name.startswith("#")
        }


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Product]]:
    """Serve by two workers."""
    with serving_subgraph(SDL, {"word": "simpul"}, lambda _: None) as words:
        serving = Served(tmp_path_factory.mktemp("workers"), words.url)
        serving.write()
        arguments = ("serve", "--config", str(serving.config), "--workers", str(WORKERS))
        with running_simpul(*arguments, "--port", "0") as product:
            yield serving, product


class _Client(threading.Thread):
    """Asks over one kept-alive connection, and opens another when it is told to close."""

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 0)
        self.begun = threading.Event()  # its first answer has come
        self.stop = threading.Event()
        self.answers: list[int] = []
        self.closed = 0
        self.problems: list[str] = []

    def run(self) -> None:
        """Ask until told to stop, or until something fails."""
        connection: http.client.HTTPConnection | None = None
        while not self.stop.is_set():
            connection = connection or http.client.HTTPConnection(*self._address, timeout=20)
            try:
                connection.request(
                    "POST", "/graphql", json.dumps(QUERY), {"content-type": "application/json"}
                )
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as error:
                self.problems.append(repr(error))
                break
            self.answers.append(response.status)
            self.begun.set()
            if response.getheader("connection") == "close":
                self.closed += 1
                connection.close()
                connection = None
        if connection is not None:
            connection.close()


def _under_load(product: Product, act: Callable[[], Any]) -> list[_Client]:
    clients = [_Client(product.url) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        assert all(client.begun.wait(30) for client in clients)
        act()
    finally:
        for client in clients:
            client.stop.set()
        for client in clients:
            client.join(30)
    return clients


def _workers(product: Product) -> list[int]:
    pid = product.process.pid
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def test_a_reload_fails_no_request(served: tuple[Served, Product]) -> None:
    """All workers are changed under load: each client is told to close, none is cut off."""
    serving, product = served
    before = set(_workers(product))
    serving.write("introspection: false\n")

    def reload() -> None:
        product.signal(signal.SIGHUP)
        product.wait_for(f"reloaded by {WORKERS} new workers")

    clients = _under_load(product, reload)

    assert [problem for client in clients for problem in client.problems] == []
    assert {status for client in clients for status in client.answers} == {200}
    assert all(client.closed for client in clients)
    assert len(set(_workers(product)) - before) == WORKERS
    refused = ask(f"{product.url}/graphql", {"query": "{ __schema { queryType { name } } }"})
    assert refused.status == 422


def test_a_bad_configuration_changes_nothing(served: tuple[Served, Product]) -> None:
    """The workers that serve go on, and the log says why they were not changed."""
    serving, product = served
    serving.write("unknown: true\n")
    product.signal(signal.SIGHUP)
    assert "unknown" in product.wait_for("not reloaded")
    assert ask(f"{product.url}/graphql", QUERY).status == 200
    serving.write()


def test_a_dead_worker_is_followed_by_another(served: tuple[Served, Product]) -> None:
    """A worker that is killed is replaced; the address is served all the time."""
    serving, product = served
    victim = min(_workers(product))  # the oldest: one that was refused may still be ending
    os.kill(victim, signal.SIGKILL)
    ended = product.wait_for("ended with status -9")
    slot = int(re.search(r"worker (\d+) ended", ended)[1])  # type: ignore[index]  # it is there
    starts = serving.metrics()[f'simpul_worker_starts_total{{worker="{slot}"}}']
    for _ in range(10):
        assert ask(f"{product.url}/graphql", QUERY).status == 200
    product.wait_for(f"worker {slot} serves (start {starts + 1:.0f}")
    assert victim not in _workers(product)
    assert len(_workers(product)) >= WORKERS


def test_the_counts_are_those_of_all_workers(served: tuple[Served, Product]) -> None:
    """What each counted is one sum, and each one's memory is told."""
    serving, product = served
    name = 'simpul_operations_total{agency="",kind="query",status="200"}'
    before = serving.metrics().get(name, 0)
    for _ in range(20):
        ask(f"{product.url}/graphql", QUERY)
    metrics = serving.metrics()
    assert metrics[name] == before + 20
    memory = [value for key, value in metrics.items() if "worker_memory_bytes" in key]
    assert len(memory) == WORKERS
    assert all(10e6 < each < 500e6 for each in memory)
    sources = ask(f"http://{serving.admin}/sources").json
    assert [sorted(each) for each in sources.values()] == [["words"]] * WORKERS


def test_a_graph_that_cannot_be_served_is_told_once(tmp_path: Path) -> None:
    """The command fails with the first worker's reason."""
    missing = tmp_path / "none.graphql"
    run = run_simpul("serve", "--supergraph", str(missing), "--workers", "2", "--port", "0")
    assert run.returncode == 1
    assert re.search("none.graphql", run.stderr)
    assert "Traceback" not in run.stderr


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """Whatever ends the parent, no worker goes on alone, with quotas that nobody counts."""
    with serving_subgraph(SDL, {"word": "simpul"}, lambda _: None) as words:
        serving = Served(tmp_path, words.url)
        serving.write()
        arguments = ("serve", "--config", str(serving.config), "--workers", str(WORKERS))
        with running_simpul(*arguments, "--port", "0") as product:
            ends = [os.pidfd_open(pid) for pid in _workers(product)]
            assert len(ends) == WORKERS
            product.process.kill()
            for end in ends:
                ended, _, _ = select.select([end], [], [], 20)
                assert ended
                os.close(end)
