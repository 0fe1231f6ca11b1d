"""``simpul demo``: the legacy fleet as processes beside the gateway, and one example answered.

In: a port and the size of the population. Out: a served graph until SIGTERM; the fleet dies with
it. The fleet is started as a process and never imported: it stands for other people's systems.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gateway.app import run_forever, serve_gateway
from gateway.cli.output import Failure
from gateway.cli.port import require_port
from gateway.config.load import ConfigError, load_config
from gateway.config.model import Config
from gateway.graph_choice import StartError
from gateway.server.examples import Example, read_examples
from gateway.server.log import LogFormat, configure_logging

__all__ = ["demo"]

_STOP_SECONDS = 5.0


def demo(
    *,
    port: int = 4000,
    host: str = "127.0.0.1",
    residents: int = 20_000,
    seed: int = 1,
    store: Path = Path("var/demo"),
    log_format: LogFormat = "text",
) -> None:
    """Start the legacy fleet and the gateway over it, in the foreground until SIGTERM.

    Parameters
    ----------
    port
        The gateway's port; 0 takes a free one.
    host
        The gateway's address.
    residents
        How many synthetic residents the registries know.
    seed
        The seed they are drawn from.
    store
        Where the fleet keeps what it has made, for the next start.
    log_format
        text, or json, one object a line.
    """
    configure_logging(log_format)
    require_port(host, port)
    config_file = _demo_folder() / "simpul.yaml"
    arguments = ["--residents", str(residents), "--seed", str(seed), "--store", str(store)]
    with _running_fleet(arguments) as addresses:
        environ = {**os.environ, **addresses}

        def read() -> Config:
            try:
                return load_config(config_file, environ)
            except ConfigError as error:
                raise StartError(str(error)) from None

        examples = read_examples(read().console.examples)
        try:
            run_forever(
                serve_gateway(
                    read,
                    host=host,
                    port=port,
                    on_ready=lambda url: _welcome(url, examples, addresses),
                )
            )
        except StartError as error:
            raise Failure(str(error)) from None


def _demo_folder() -> Path:
    spec = find_spec("demo")
    if spec is None or spec.origin is None:
        raise Failure('the fleet is not installed; install "simpul[demo]"')
    return Path(spec.origin).parent


@contextmanager
def _running_fleet(arguments: list[str]) -> Iterator[dict[str, str]]:
    """Run ``python -m demo fleet`` and give its addresses as environment variables."""
    print("starting the legacy fleet ...", flush=True)
    fleet = subprocess.Popen(
        [sys.executable, "-m", "demo", "fleet", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _read_addresses(fleet)
    finally:
        fleet.terminate()
        try:
            fleet.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            fleet.kill()
            fleet.wait()


def _read_addresses(fleet: subprocess.Popen[str]) -> dict[str, str]:
    """Read ``READY name address`` lines up to ``FLEET READY``."""
    addresses: dict[str, str] = {}
    assert fleet.stdout is not None
    for line in fleet.stdout:
        words = line.split(maxsplit=2)
        if words[:2] == ["FLEET", "READY"]:
            return addresses
        if len(words) == 3 and words[0] == "READY":
            addresses[f"SIMPUL_FLEET_{words[1].upper().replace('-', '_')}"] = words[2].strip()
            print(f"  {words[1]:<20} {words[2].strip()}", flush=True)
    raise Failure("the legacy fleet did not start; its own lines above say why")


def _welcome(url: str, examples: tuple[Example, ...], addresses: Mapping[str, str]) -> None:
    """Tell where the graph is, and show one example; beside the loop, which must answer it."""
    print(f"READY {url}/graphql", flush=True)
    print(f"  console: {url}/console/", flush=True)
    pusher = addresses.get("SIMPUL_FLEET_OSS_CONTROL")
    if pusher is not None:
        threading.Thread(target=_invite, args=(pusher, f"{url}/inbox/oss"), daemon=True).start()
    if examples:
        threading.Thread(target=_show, args=(url, examples[0]), daemon=True).start()


def _invite(pusher: str, inbox: str) -> None:
    """Tell the business registry, which pushes and is never asked, where to push."""
    request = urllib.request.Request(
        f"{pusher}/_fleet/push", data=json.dumps({"inbox": inbox}).encode()
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            response.read()
    except OSError as error:
        print(f"  the business registry was not told where to push: {error}", flush=True)


def _show(url: str, example: Example) -> None:
    """Run one example over HTTP, as any client would, and print its answer and what it cost."""
    try:
        answer = _ask(url, example)
    except OSError as error:
        print(f"  the example was not answered: {error}", flush=True)
        return
    print(f'\nexample "{example.name}":', flush=True)
    print(json.dumps(answer.get("data"), indent=2, ensure_ascii=False), flush=True)
    for each in answer.get("errors", ()):
        print(f"  error: {each['message']}", flush=True)
    print("\nhow long each agency took:", flush=True)
    for use in answer.get("extensions", {}).get("sourceCalls", ()):
        print(
            f"  {use['source']:<30} {use['calls']:>3} calls {use['milliseconds']:>8.1f} ms",
            flush=True,
        )


def _ask(url: str, example: Example) -> dict[str, Any]:
    body = {
        "query": example.query,
        "variables": example.variables,
        "extensions": {"sourceCalls": True},
    }
    request = urllib.request.Request(  # our own address, just bound
        f"{url}/graphql",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, Any] = json.load(response)
        return answer
