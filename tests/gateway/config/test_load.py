"""Configuration files: what is accepted, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config.load import ConfigError, load_config


def _write(folder: Path, text: str) -> Path:
    path = folder / "simpul.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_usual_supergraph_yaml_is_a_configuration(tmp_path: Path) -> None:
    """The field's own file format is accepted as it stands."""
    path = _write(
        tmp_path,
        "federation_version: =2.9.0\nsubgraphs:\n  a:\n    routing_url: http://127.0.0.1:1/\n"
        "    schema:\n      file: ./a.graphql\n",
    )
    config = load_config(path, {})
    schema = config.subgraphs["a"].schema_
    assert schema is not None
    assert schema.file == tmp_path / "a.graphql"


def test_environment_is_filled_in(tmp_path: Path) -> None:
    """`${NAME}` takes the environment, `$$` is a dollar sign."""
    path = _write(
        tmp_path,
        "subgraphs:\n  a:\n    adapter: wilayah\n    settings: {url: '${HOST}/x', price: $$5}\n",
    )
    config = load_config(path, {"HOST": "http://127.0.0.1:9"})
    assert config.subgraphs["a"].settings == {"url": "http://127.0.0.1:9/x", "price": "$5"}


def test_an_adapter_settings_paths_are_its_own(tmp_path: Path) -> None:
    """A key named "file" inside an adapter's settings is left as written."""
    path = _write(tmp_path, "subgraphs: {a: {adapter: x, settings: {file: b.csv}}}\n")
    assert load_config(path, {}).subgraphs["a"].settings == {"file": "b.csv"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("supergraph: {file: a}\nnope: 1\n", ["2:1: nope: there is no such setting"]),
        (
            "supergraph:\n  file: a\nlimits:\n  depth: deep\n  tokens: -1\n",
            [
                "4:3: limits.depth: Input should be a valid integer, unable to parse string as an "
                "integer",
                "5:3: limits.tokens: Input should be greater than 0",
            ],
        ),
        (
            "supergraph: {file: '${GONE}'}\n",
            ['1:14: supergraph.file: environment variable "GONE" is not set'],
        ),
        ("limits: {}\n", ['1:1: give either "supergraph" or "subgraphs"']),
        (
            "supergraph: {file: a}\ncallers:\n  x: {agency: y}\n",
            ['3:3: callers.x: give either "key_sha256" or "anonymous: true"'],
        ),
        ("a: [\n", ["2:1: not YAML: expected the node content, but found '<stream end>'"]),
        ("- a\n", ["1:1: a mapping of settings is expected"]),
    ],
    ids=["unknown", "two-at-once", "environment", "no-graph", "caller", "yaml", "kind"],
)
def test_mistakes_name_file_line_and_column(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Every mistake is told at once, each at its place."""
    path = _write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path, {})
    assert caught.value.lines == [f"{path}:{line}" for line in expected]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A wrong path says so."""
    with pytest.raises(ConfigError, match="there is no such file"):
        load_config(tmp_path / "gone.yaml", {})
