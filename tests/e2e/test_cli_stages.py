"""Every stage of each example can be printed, in text and as JSON and only JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import build_client_schema, build_schema, lexicographic_sort_schema, print_schema

from gateway.cli.compose import compose_command
from gateway.cli.stages import (
    Asked,
    api_schema_command,
    fetch_graph_command,
    graph_command,
    normalize_command,
    paths_command,
    plan_command,
    project_command,
)
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import EXAMPLES
from tests.testkit.product import run_simpul

pytestmark = pytest.mark.e2e

_CONFIG = ROOT / "demo" / "simpul.yaml"
_STAGES: dict[str, Callable[..., None]] = {
    "normalize": normalize_command,
    "paths": paths_command,
    "fetch-graph": fetch_graph_command,
    "plan": plan_command,
    "project": project_command,
}


@pytest.fixture(scope="module")
def supergraph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compose the demonstration's graph once."""
    path = tmp_path_factory.mktemp("composed") / "supergraph.graphql"
    compose_command(config=_CONFIG, output=path)
    return path


def _printed(capsys: pytest.CaptureFixture[str], call: Callable[[], None]) -> str:
    capsys.readouterr()
    call()
    return capsys.readouterr().out


@pytest.mark.parametrize("stage", _STAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_stage_prints_text_and_json(
    name: str, stage: str, supergraph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each verb prints its stage for each example, in both forms."""
    file, verb = ROOT / "docs" / "examples" / f"{name}.graphql", _STAGES[stage]

    text = _printed(capsys, lambda: verb(file, asked=Asked(supergraph=supergraph)))
    as_json = Asked(supergraph=supergraph, format="json")
    printed = _printed(capsys, lambda: verb(file, asked=as_json))

    assert "nik" in text  # every example asks for one
    assert "nik" in json.dumps(json.loads(printed))


def test_compose_prints_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The supergraph as text; as JSON no error, and the one thing that a reader may wonder at."""
    text = _printed(capsys, lambda: compose_command(config=_CONFIG))
    printed = _printed(capsys, lambda: compose_command(config=_CONFIG, format="json"))

    assert text.startswith("schema")
    for name in ("wilayah", "dukcapil", "dpmptsp", "kelurahan"):
        assert f'name: "{name}"' in text
    findings = json.loads(printed)
    assert findings["errors"] == []
    assert [each["coordinates"] for each in findings["hints"]] == [["Alamat.jalan"]]


@pytest.mark.parametrize("form", ["text", "mermaid", "dot", "json"])
def test_graph_prints_every_form(
    form: Any, supergraph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The query graph is printed in all its forms."""
    printed = _printed(capsys, lambda: graph_command(supergraph=supergraph, format=form))

    assert "Penduduk" in printed
    assert form != "json" or json.loads(printed)


def test_the_command_itself_reads_the_demonstration() -> None:
    """The installed command prints only JSON, without the fleet's addresses being set."""
    done = run_simpul(
        *("plan", "docs/examples/1-prefill.graphql"),
        *("--config", str(_CONFIG), "--format", "json"),
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_the_client_schema_prints_as_sdl_and_as_introspection(
    supergraph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both forms build the same schema."""
    sdl = _printed(capsys, lambda: api_schema_command(supergraph=supergraph))
    answer = _printed(capsys, lambda: api_schema_command(supergraph=supergraph, format="json"))

    rebuilt = lexicographic_sort_schema(build_client_schema(json.loads(answer)))
    assert print_schema(rebuilt) == print_schema(lexicographic_sort_schema(build_schema(sdl)))
