"""``simpul check`` reads schemas in every form and fails if operations break."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.cli.check import check_command
from gateway.cli.output import Failure
from schema.supergraph.render import render_supergraph
from tests.testkit.composing import FED2, supergraph_of

_OLD = "type Query { a: Int b: Int }"
_NEW = "type Query { b: Int c: Int }"


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _config(folder: Path, sdl: str) -> Path:
    _write(folder, "a.graphql", FED2 + sdl)
    text = "subgraphs: { a: { routing_url: http://a.example/, schema: { file: a.graphql } } }"
    return _write(folder, "supergraph.yaml", text)


def test_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two clients' schemas: one line a change, a summary, and a failure that counts."""
    old, new = _write(tmp_path, "old.graphql", _OLD), _write(tmp_path, "new.graphql", _NEW)

    with pytest.raises(Failure, match="1 changes break operations"):
        check_command(old, new)

    assert capsys.readouterr().out == (
        "breaking   Query.a: was removed [FIELD_REMOVED]\n"
        "safe       Query.c: was added [FIELD_ADDED]\n"
        "1 breaking, 0 dangerous, 1 safe\n"
    )


def test_json_of_a_supergraph_and_a_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A supergraph beside a configuration that composes; nothing breaks, so nothing is raised."""
    old = _write(tmp_path, "old.graphql", render_supergraph(supergraph_of(a=FED2 + _OLD)))

    check_command(old, _config(tmp_path, "type Query { a: Int b: Int c: Int }"), format="json")

    assert json.loads(capsys.readouterr().out) == {
        "changes": [
            {
                "severity": "safe",
                "code": "FIELD_ADDED",
                "coordinate": "Query.c",
                "message": "was added",
            }
        ]
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("type Query {", "neither a supergraph nor a client's schema: Syntax Error"),
        ("type Query { a: Nothing }", "neither a supergraph nor a client's schema"),
        ("type A { a: Int }", "has no query type"),
        (None, "cannot be read"),
    ],
    ids=["no SDL", "unknown type", "no query", "no file"],
)
def test_unreadable(text: str | None, told: str, tmp_path: Path) -> None:
    """What cannot be read is named, with the reason."""
    good = _write(tmp_path, "good.graphql", _OLD)
    bad = tmp_path / "bad.graphql"
    if text is not None:
        bad.write_text(text, encoding="utf-8")

    with pytest.raises(Failure, match=told) as failure:
        check_command(good, bad)

    assert str(bad) in str(failure.value)


def test_configuration_that_does_not_compose(tmp_path: Path) -> None:
    """The composition's errors are told, with their codes."""
    good = _write(tmp_path, "good.graphql", _OLD)

    with pytest.raises(Failure, match=r"does not compose\n[A-Z_]+: "):
        check_command(good, _config(tmp_path, 'type Query { a: Int @requires(fields: "x") }'))
