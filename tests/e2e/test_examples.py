"""The twelve examples under the demonstration's own configuration, quotas and limits."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from demo.fleet import Fleet
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import EXAMPLES, demo_config, gateway_over

pytestmark = pytest.mark.e2e

_FOLDER = ROOT / "docs" / "examples"


def test_each_example_answers_one_after_another(legacy_fleet: Fleet, tmp_path: Path) -> None:
    """Under the demonstration's limits each has data, no errors, and is complete."""
    legacy_fleet.reset()
    limits = demo_config()["limits"]
    with gateway_over(legacy_fleet, tmp_path, config={"limits": limits}) as graph:
        for name in EXAMPLES:
            answer = graph.answer(name)
            assert "errors" not in answer, (name, answer["errors"][:3])
            assert answer["data"] is not None
            assert all(value is not None for value in answer["data"].values()), name
            assert answer["extensions"]["completeness"]["complete"] is True, name
            calls = sum(each["calls"] for each in answer["extensions"]["sourceCalls"])
            assert 0 < calls <= limits["source_calls"]


def test_there_are_twelve_documented_examples() -> None:
    """There are twelve, numbered in order, each with variables and a comment that says for whom."""
    assert [name.split("-")[0] for name in EXAMPLES] == [str(number) for number in range(1, 13)]
    for name, example in EXAMPLES.items():
        assert re.fullmatch(r"[1-9][0-9]?(-[a-z0-9]+)+", name)
        assert example.variables
        assert example.query.startswith("# For: ")
        assert "# Filter on the client: " in example.query


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_readme_explains_the_example(name: str) -> None:
    """The page beside the examples names each of them."""
    assert f"`{name}`" in (_FOLDER / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_in_the_variables_is_synthetic(name: str) -> None:
    """NIKs and KK numbers have a serial from 9000 on, or an area that is not assigned."""
    text = json.dumps(EXAMPLES[name].variables)
    for number in re.findall(r"\b\d{16}\b", text):
        assert number[12:] >= "9000" or number.startswith("317199")
