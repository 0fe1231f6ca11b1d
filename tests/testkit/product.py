"""Starts the product as its users do: the command ``simpul`` in a process of its own.

In: the command's arguments. Out: where it listens, what it printed, and a plain HTTP client that
any user could have written (the standard library's). Every process ends with its test.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.testkit.imports import ROOT
from tests.testkit.sinks import open_sink

__all__ = ["Answer", "Product", "ask", "run_simpul", "running_command", "running_simpul"]

SIMPUL = (sys.executable, "-m", "gateway.cli.main")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class Product:
    """A running ``simpul``: its process, its address, and the lines it printed."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[str] = field(default_factory=list)  # stdout and stderr, as they came
    _arriving: queue.Queue[str | None] = field(default_factory=queue.Queue)

    def wait_for(self, text: str, seconds: float = 180) -> str:
        """Wait for a printed line that holds ``text``, and give it."""
        for line in self.lines:
            if text in line:
                return line
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            try:
                line = self._arriving.get(timeout=max(left, 0))
            except queue.Empty:
                raise AssertionError(f"no line with {text!r}:\n{self.output}") from None
            if line is None:
                raise AssertionError(f"ended without {text!r}:\n{self.output}")
            self.lines.append(line)
            if text in line:
                return line

    @property
    def output(self) -> str:
        """Everything printed so far."""
        while not self._arriving.empty():
            line = self._arriving.get()
            if line is not None:
                self.lines.append(line)
        return "".join(self.lines)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Post an operation, and give the answer's JSON."""
        body = {"query": query, "variables": variables or {}, **more}
        return ask(f"{self.url}/graphql", body).json


def ask(
    url: str,
    body: Any = None,
    *,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
    seconds: float = 30,
) -> Answer:
    """Send one request; a body is sent as JSON by POST."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": "application/json"} if content is not None else {}
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    with contextlib.closing(connection):
        connection.request(
            method or ("GET" if content is None else "POST"),
            target,
            content,
            {**sent, **(headers or {})},
        )
        response = connection.getresponse()
        answered = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, answered, response.read())


def run_simpul(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    run = subprocess.run(
        [*SIMPUL, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )
    with open_sink(f"error output of the verb {arguments[0]}") as sink:
        sink.write(run.stderr)
    return run


def running_simpul(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> contextlib.AbstractContextManager[Product]:
    """Run a serving verb until the block ends; gives it once it is ready.

    It logs at debug level, unless the test says otherwise: its log is searched for people.
    """
    if arguments[0] == "serve" and "--log-level" not in arguments:
        arguments = (*arguments, "--log-level", "debug")
    return running_command(*SIMPUL, *arguments, env=env, cwd=cwd)


@contextlib.contextmanager
def running_command(
    *command: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Iterator[Product]:
    """Run any command that ends up serving, until the block ends."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), **(env or {})},
    )
    product = Product(process)
    reader = threading.Thread(target=_read, args=(process, product._arriving), daemon=True)
    reader.start()
    try:
        ready = product.wait_for("/graphql")
        product.url = ready.split()[-1].removesuffix("/graphql")
        yield product
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _read(process: subprocess.Popen[str], arriving: queue.Queue[str | None]) -> None:
    """Read what is meant for the terminal, and the log beside it."""
    assert process.stdout is not None
    log = threading.Thread(target=_read_log, args=(process, arriving), daemon=True)
    log.start()
    for line in process.stdout:
        arriving.put(line)
    log.join()
    arriving.put(None)


def _read_log(process: subprocess.Popen[str], arriving: queue.Queue[str | None]) -> None:
    """Read the error output, and keep it to be searched for people."""
    assert process.stderr is not None
    with open_sink("log of the gateway") as sink:
        for line in process.stderr:
            sink.write(line)
            arriving.put(line)
