"""The console in a real browser: examples ready to run, sources beside the answer, no one else."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.testkit.imports import ROOT
from tests.testkit.product import Product, ask, running_simpul

pytestmark = [pytest.mark.e2e]

CHROMIUM = shutil.which("chromium")
QUERY = "query Area($kode: KodeWilayah!) {\n  wilayah(kode: $kode) {\n    nama\n  }\n}\n"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

needs_chromium = [
    pytest.mark.needs_chromium,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A gateway over the list of areas, with one example."""
    folder = tmp_path_factory.mktemp("console")
    (folder / "area.graphql").write_text(QUERY, encoding="utf-8")
    (folder / "area.variables.json").write_text('{"kode": "31.71.02"}', encoding="utf-8")
    config = folder / "simpul.yaml"
    config.write_text(
        "subgraphs: {wilayah: {adapter: wilayah}}\nconsole: {examples: .}\n", encoding="utf-8"
    )
    with running_simpul("serve", "--config", str(config), "--port", "0") as running:
        yield running


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a fresh headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser.new_page(viewport={"width": 1400, "height": 900})
        browser.close()


@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_chromium, id="chromium")])
def test_an_example_runs_and_its_sources_are_shown(product: Product, page: Page, _: int) -> None:
    """The example is ready; its answer has each source's status, calls and time beside it."""
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{product.url}/console/")
    page.get_by_text("31.71.02").first.wait_for()  # the variables' editor is the last to come
    page.get_by_role("button", name="Execute query").click()
    page.wait_for_selector(".sources table")
    shown = page.inner_text(".sources")
    assert "HTTP 200" in shown
    assert "Complete." in shown
    assert "wilayah" in shown
    assert "ANSWERED" in shown
    page.locator(".result-window", has_text="Sawah").wait_for()
    outside = [url for url in asked if not url.startswith((product.url, "data:", "blob:"))]
    assert outside == []
    assert faults == []
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_policy_lets_nothing_in(product: Product) -> None:
    """The page's content security policy starts from nothing and names no other host."""
    answer = ask(f"{product.url}/console/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self';" in policy
    assert "http" not in policy


def test_the_examples_are_served(product: Product) -> None:
    """The console finds the configured examples with their variables."""
    answer = ask(f"{product.url}/console/examples.json")
    assert answer.json == [{"name": "area", "query": QUERY, "variables": {"kode": "31.71.02"}}]


def test_production_has_no_console(tmp_path: Path) -> None:
    """Where introspection is off by default, so is the console."""
    config = tmp_path / "simpul.yaml"
    config.write_text(
        "subgraphs: {wilayah: {adapter: wilayah}}\nenvironment: production\n", encoding="utf-8"
    )
    with running_simpul("serve", "--config", str(config), "--port", "0") as running:
        assert ask(f"{running.url}/console/").status == 404
        refused = running.graphql("{ __schema { queryType { name } } }")
        assert refused["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def _node_version() -> tuple[int, ...]:
    node = shutil.which("node")
    if node is None:
        return ()
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in text.strip().removeprefix("v").split("."))


@pytest.mark.needs_node
@pytest.mark.slow
@pytest.mark.skipif(_node_version() < (20, 19), reason="needs Node.js 20.19 or newer")
def test_the_built_files_are_those_of_the_sources(tmp_path: Path) -> None:
    """Building the console's sources again gives the files that are kept, byte for byte."""
    console = ROOT / "gateway" / "console"
    copy = tmp_path / "console"
    shutil.copytree(console, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    # Not "npm ci": it refuses lock files without the entries of other machines' binaries, which
    # npm leaves out when it writes them. What the lock file pins is taken as it says.
    _npm(copy, "install", "--no-save", "--no-audit", "--no-fund")
    _npm(copy, "run", "build")
    assert _contents(copy / "dist") == _contents(console / "dist")


def _npm(folder: Path, *arguments: str) -> None:
    npm = shutil.which("npm")
    assert npm is not None
    run = subprocess.run(
        [npm, *arguments], cwd=folder, capture_output=True, text=True, env=_clean(), check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def _clean() -> dict[str, Any]:
    return {name: value for name, value in os.environ.items() if not name.startswith("npm_config")}


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
