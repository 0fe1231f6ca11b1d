"""README's commands, run as a newcomer runs them."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testkit.imports import ROOT
from tests.testkit.product import Product, run_simpul, running_command, running_simpul
from tests.testkit.subgraph_server import serving_subgraph

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands() -> list[str]:
    """Every command of README's shell blocks, continuation lines joined, comments dropped."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line.split("  #")[0].strip() for line in lines if line.strip()]


def _command(start: str) -> str:
    found = [command for command in _commands() if command.startswith(start)]
    assert len(found) == 1, f"README has {len(found)} commands that begin with {start!r}"
    return found[0]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`make run`, on a free port and with its state elsewhere."""
    if shutil.which("make") is None:
        pytest.skip("needs make")
    with running_command(*shlex.split(_command("make run")), "PORT=0") as running:
        yield running


def test_make_run_shows_an_example_and_its_cost(product: Product) -> None:
    """The fleet and the gateway come up; an example is answered, with each agency's time."""
    product.wait_for('example "')
    product.wait_for("how long each agency took")
    assert re.search(r"dukcapil +\d+ calls +[\d.]+ ms", product.wait_for(" calls "))
    assert "  error: " not in product.output


def test_the_graph_is_asked_as_shown(product: Product) -> None:
    """The curl command of the README answers with data and without errors."""
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    command = _command("curl").replace("http://127.0.0.1:4000", product.url)
    run = subprocess.run(
        shlex.split(command), capture_output=True, text=True, timeout=60, check=True
    )
    assert '"nama":"Sawah Besar"' in run.stdout
    assert '"errors"' not in run.stdout


def test_own_subgraphs_are_composed_and_served(tmp_path: Path) -> None:
    """The two commands for one's own subgraphs work on a usual supergraph.yaml."""
    sdl = "type Query { hello: String }"
    with serving_subgraph(sdl, {"hello": "world"}) as subgraph:
        (tmp_path / "supergraph.yaml").write_text(
            f"subgraphs: {{a: {{routing_url: '{subgraph.url}', schema: {{file: a.graphql}}}}}}\n",
            encoding="utf-8",
        )
        (tmp_path / "a.graphql").write_text(sdl, encoding="utf-8")
        composing = shlex.split(_command(".venv/bin/simpul compose"))[1:]
        composed = run_simpul(*composing, cwd=tmp_path)
        assert composed.returncode == 0, composed.stderr
        serving = shlex.split(_command(".venv/bin/simpul serve"))[1:]
        serving[serving.index("--port") + 1] = "0"
        with running_simpul(*serving, cwd=tmp_path) as running:
            assert running.graphql("{ hello }") == {"data": {"hello": "world"}}


def test_every_command_is_tried() -> None:
    """No command stands in the README that these tests, or the tests' own run, do not try."""
    tried = ("make run", "curl ", ".venv/bin/simpul compose", ".venv/bin/simpul serve")
    by_the_run_itself = ("make test", "make check")
    untried = [c for c in _commands() if not c.startswith(tried + by_the_run_itself)]
    assert untried == []
