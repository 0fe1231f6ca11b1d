"""The walk of docs/debugging.md: every command prints what stands below it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.cli.main import app
from tests.testkit.imports import ROOT

pytestmark = pytest.mark.e2e

_PAGE = (ROOT / "docs" / "debugging.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```\n\$ simpul (?P<command>[^\n]+)\n(?P<output>.*?)^```$", re.S | re.M)
_WALK = {match["command"]: match["output"] for match in _BLOCK.finditer(_PAGE)}
_LEFT_OUT = "…\n"


def _shows(expected: str, printed: str) -> bool:
    """Tell whether ``printed`` is ``expected``, whose "…" lines stand for any lines."""
    pattern = ".*".join(re.escape(part) for part in expected.split(_LEFT_OUT))
    return re.fullmatch(pattern, printed, re.S) is not None


def test_the_walk_is_there() -> None:
    """The page holds commands of every stage from the schema to the projection."""
    verbs = {command.split()[0] for command in _WALK}
    assert verbs == {"api-schema", "normalize", "paths", "fetch-graph", "plan", "project"}


@pytest.mark.parametrize("command", _WALK)
def test_a_command_prints_what_the_page_says(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from the repository's root, as a reader would."""
    monkeypatch.chdir(ROOT)
    app(command.split(), exit_on_error=False, result_action="return_value")
    printed = capsys.readouterr().out
    assert _shows(_WALK[command], printed), printed


def test_files_of_the_walk_are_all_used() -> None:
    """No operation lies beside the page that no command reads."""
    files = {f"docs/walk/{path.name}" for path in Path(ROOT / "docs" / "walk").iterdir()}
    assert files == {word for each in _WALK for word in each.split() if "walk/" in word}
