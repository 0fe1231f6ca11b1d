"""What the operations of managers and frontends cost each agency, beside naive resolution."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from graphql import GraphQLSchema

from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import EXAMPLES, KELURAHAN, JoinedGraph
from tests.testkit.naive import count_naive

pytestmark = pytest.mark.e2e

_PAGE = ROOT / "docs" / "batching.md"
_HEAD = (
    "| operation | source | calls | rows | calls, field by field | rows, field by field |\n"
    "|---|---|---|---|---|---|\n"
)
_COUNTED = {"dukcapil": ("CALL_NIK", "CALL_KK", "CALL_STATUS"), "dpmptsp": ("licences",)}
_LEFT_OUT = ("4-verify-claims", "5-counter-letters")  # the first asks once, in one agency


def test_the_table_is_what_the_agencies_counted(
    joined_graph: JoinedGraph, api: GraphQLSchema
) -> None:
    """Calls and rows of every operation are those that ``docs/batching.md`` names."""
    names = [name for name in EXAMPLES if name not in _LEFT_OUT]
    table = _HEAD + "".join(line for name in names for line in _cost(joined_graph, api, name))
    text = _PAGE.read_text("utf-8")
    before, _, rest = text.partition("<!-- table -->\n")
    kept, _, after = rest.partition("<!-- end -->")
    if os.environ.get("UPDATE_GOLDENS") == "1":
        _write(_PAGE, f"{before}<!-- table -->\n{table}<!-- end -->{after}")
        kept = table
    assert kept == table


def _cost(graph: JoinedGraph, api: GraphQLSchema, name: str) -> list[str]:
    """Run one operation; gives a line of the table for each agency that knows some of it."""
    graph.answer(name)  # reads the registers' lists of NIKs, and logs in
    before = {agency: _counted(graph, agency) for agency in _COUNTED}
    answer = graph.answer(name)
    assert "errors" not in answer
    example = EXAMPLES[name]
    naive = count_naive(api, example.query, answer["data"], registers=len(KELURAHAN))
    used = {each["source"]: each["calls"] for each in answer["extensions"]["sourceCalls"]}
    lines = []
    for agency in (*_COUNTED, "kelurahan"):
        if agency == "kelurahan":
            calls = sum(n for source, n in used.items() if source.startswith("kelurahan/"))
            rows, naive_rows = "-", "-"
        else:
            now = _counted(graph, agency)
            calls, sent = (
                after - earlier for after, earlier in zip(now, before[agency], strict=True)
            )
            assert calls == used.get(agency, 0)
            rows = str(sent)
            naive_rows = str(naive.rows[agency])
        if naive.calls[agency]:
            numbers = f"{calls} | {rows} | {naive.calls[agency]} | {naive_rows}"
            lines.append(f"| `{name}` | {agency} | {numbers} |\n")
    return lines


def _counted(graph: JoinedGraph, agency: str) -> tuple[int, int]:
    """Tell how many calls for records an agency has received, and how many records it sent."""
    counted = graph.fleet.counters(agency)
    calls = sum(counted["calls"].get(method, 0) for method in _COUNTED[agency])
    return calls, sum(counted["rows"].get(method, 0) for method in _COUNTED[agency])


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
