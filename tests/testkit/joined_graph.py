"""The joined graph, running: the whole legacy fleet once, and the gateway over it as a process.

In: nothing; the default population. Out: the fleet with its counters and switches, the ground
truth, and a gateway under the demonstration's own configuration with raised limits. Where it
writes its log is known, so that tests can read it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from demo.fleet import Fleet, start_fleet
from demo.people.truth import Truth
from gateway.server.examples import Example, read_examples
from tests.testkit.imports import ROOT
from tests.testkit.product import Product, running_simpul
from tests.testkit.sinks import open_sink

__all__ = [
    "EXAMPLES",
    "KELURAHAN",
    "TODAY",
    "JoinedGraph",
    "demo_config",
    "gateway_over",
    "patient_config",
    "running_fleet",
    "write_config",
]

KELURAHAN = tuple(f"31.71.02.{number}" for number in range(1001, 1006))
TODAY = "2026-07-01"
EXAMPLES: Mapping[str, Example] = {
    example.name: example for example in read_examples(ROOT / "docs" / "examples")
}


@dataclass(frozen=True, slots=True)
class JoinedGraph:
    """A gateway over the fleet, and what is true about the people it is asked about."""

    fleet: Fleet
    truth: Truth
    product: Product
    admin_url: str = ""

    def ask(self, example: str, **variables: Any) -> Any:
        """Run an example with these variables; gives its data, and fails on any error."""
        answer = self.answer(example, **variables)
        assert "errors" not in answer, answer["errors"][:3]
        return answer["data"]

    def answer(self, example: str, **variables: Any) -> Any:
        """Run an example over its own variables; gives the whole answer."""
        found = EXAMPLES[example]
        return self.product.graphql(
            found.query,
            {**found.variables, **variables},
            operationName=None,
            extensions={"sourceCalls": True},
        )

    def pages(self, example: str, field: str, **variables: Any) -> list[Any]:
        """Walk all pages of a list; gives its nodes."""
        nodes: list[Any] = []
        after: str | None = None
        while True:
            page = self.ask(example, **variables, setelah=after)[field]
            nodes += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return nodes


@contextmanager
def running_fleet() -> Iterator[Fleet]:
    """Start the whole fleet over the default population; the world is made once per machine."""
    store = Path(tempfile.gettempdir()) / f"simpul-tests-{os.getuid()}"
    with open_sink("log of the fleet") as log, start_fleet(store, log=log) as fleet:
        yield fleet


def demo_config() -> dict[str, Any]:
    """Read the demonstration's configuration, as plain values."""
    text = (ROOT / "demo" / "simpul.yaml").read_text("utf-8")
    config: dict[str, Any] = YAML(typ="safe").load(text)
    config["console"] = {"examples": str(ROOT / "docs" / "examples")}
    config["clock"] = "2026-07-01T09:00:00+07:00"
    return config


def patient_config() -> dict[str, Any]:
    """Read the same, for tests with many short outages: no breaker opens, so none waits for one."""
    config = demo_config()
    for name, guards in (
        ("dukcapil", ("guard", "verify_guard")),
        ("dpmptsp", ("guard",)),
        ("pbb", ("guard",)),
    ):
        patient = {guard: {"breaker_requests": 100_000} for guard in guards}
        config["subgraphs"][name]["settings"].update(patient)
    return config


def write_config(folder: Path, config: Mapping[str, Any]) -> Path:
    """Write a configuration; JSON is YAML."""
    path = folder / "simpul.yaml"
    path.write_text(json.dumps(config, default=str), "utf-8")
    return path


@contextmanager
def gateway_over(
    fleet: Fleet,
    folder: Path,
    *options: str,
    config: Mapping[str, Any] | None = None,
) -> Iterator[JoinedGraph]:
    """Serve the demonstration's graph over a fleet, with the limits that walking lists needs."""
    raised = {
        **demo_config(),
        "limits": {"source_calls": 10_000},
        "state_dir": str(folder / "var"),
        **(config or {}),
    }
    path = write_config(folder, raised)
    truth = Truth(fleet.world / "truth.sqlite")
    arguments = ["serve", "--config", str(path), "--port", "0", *options]
    try:
        with running_simpul(*arguments, env=fleet.environment) as product:
            admin = raised.get("admin")
            yield JoinedGraph(fleet, truth, product, f"http://{admin}" if admin else "")
    finally:
        truth.close()
