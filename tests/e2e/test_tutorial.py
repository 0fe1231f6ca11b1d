"""The tutorial, followed: each file as it is written there, then the commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with the tutorial's files, known to Python as an installed package is."""
    folder = tmp_path_factory.mktemp("klinik")
    for name, text in _BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    facts = folder / "simpul_klinik-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Name: {project['name']}\nVersion: 1.0\n", encoding="utf-8")
    points = project["entry-points"]["simpul.adapters"]
    lines = ["[simpul.adapters]", *(f"{name} = {value}" for name, value in points.items())]
    (facts / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``simpul`` as a reader would."""
    command = [sys.executable, "-m", "gateway.cli.main", *words]
    path = f"{folder}{os.pathsep}{TUTORIAL.parents[1]}"
    environment = {**os.environ, "PYTHONPATH": path, "KLINIK_URL": "sqlite+aiosqlite:///x.sqlite"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def test_the_adapter_has_at_most_fifty_lines(folder: Path) -> None:
    """An engineer with half an hour can write it."""
    assert len((folder / "klinik.py").read_text(encoding="utf-8").splitlines()) <= 50


def test_the_adapter_is_found_by_its_name(folder: Path) -> None:
    """An installed package's adapter stands beside ours."""
    assert "klinik" in run(folder, "adapter", "list").stdout.splitlines()


@pytest.mark.slow
def test_the_adapter_passes_every_check(folder: Path) -> None:
    """Nothing that the tutorial shows is refused by the conformance kit."""
    done = run(folder, "adapter", "check", "klinik")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_graph_composes(folder: Path) -> None:
    """The configuration of the last step is a graph."""
    done = run(folder, "graph", "--config", "simpul.yaml")
    assert done.returncode == 0, done.stderr
    assert "Kunjungan" in done.stdout
