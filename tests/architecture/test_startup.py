"""What a bare ``simpul serve --supergraph`` loads: nothing that only adapters or the demo need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from schema.supergraph.render import render_supergraph
from tests.testkit.composing import supergraph_of
from tests.testkit.imports import ROOT

UNWANTED = ("strawberry", "sqlalchemy", "zeep", "redis", "rich", "pandas", "httpx", "httpx2")

SCRIPT = """
import os, signal, sys
from pathlib import Path
import gateway.cli.serve as serve

def report(url):
    print("MODULES", *sorted({name.split(".")[0] for name in sys.modules}), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)

serve._announce = report
serve.serve(supergraph=Path(sys.argv[1]), port=0)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The top-level modules loaded once the gateway listens."""
    folder: Path = tmp_path_factory.mktemp("startup")
    supergraph = folder / "supergraph.graphql"
    sdl = render_supergraph(supergraph_of(a="type Query { a: Int }"))
    supergraph.write_text(sdl.replace('url: ""', 'url: "http://127.0.0.1:9/"'), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(supergraph)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    lines = [line for line in run.stdout.splitlines() if line.startswith("MODULES ")]
    assert lines, run.stderr
    return set(lines[0].split()[1:])


@pytest.mark.parametrize("module", UNWANTED)
def test_a_bare_serve_does_not_load(loaded: set[str], module: str) -> None:
    """What adapters and the demo need is not loaded for remote subgraphs."""
    assert module not in loaded


def test_the_report_is_real(loaded: set[str]) -> None:
    """The check can fail: what the gateway does need is in the list."""
    assert {"gateway", "starlette", "uvicorn", "graphql", "msgspec"} <= loaded
