"""What one letter of each of four services costs the agencies, beside naive resolution."""

from __future__ import annotations

import os

import pytest
from graphql import GraphQLSchema

from bench.letter_costs import PAGE
from tests.testkit.counter import Loket
from tests.testkit.letter_costs import COUNTED, count_letter, count_naive_letter
from tests.testkit.nine_services import Scenario, find_scenarios

pytestmark = pytest.mark.e2e

_SERVICES = ("PM1-UMUM", "SKTM", "SKU-NIB", "AHLI-WARIS")
_HEAD = "| service | source | calls | calls, field by field |\n|---|---|---|---|\n"


def test_the_table_is_what_the_agencies_counted(loket: Loket, api: GraphQLSchema) -> None:
    """Calls of every service are those that ``docs/letter-costs.md`` names."""
    scenarios = find_scenarios(loket.graph.truth)
    table = _HEAD + "".join(_rows(loket, api, scenarios[service]) for service in _SERVICES)
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition("<!-- table -->\n")
    kept, _, after = rest.partition("<!-- end -->")
    if os.environ.get("UPDATE_GOLDENS") == "1":
        PAGE.write_text(f"{before}<!-- table -->\n{table}<!-- end -->{after}", "utf-8")
        kept = table
    assert kept == table


def _rows(loket: Loket, api: GraphQLSchema, scenario: Scenario) -> str:
    naive = count_naive_letter(loket, api, scenario)  # logs in, and reads the registers' lists
    counted = count_letter(loket, scenario)
    return "".join(
        f"| `{scenario.service}` | {agency} | {counted[agency]} | {naive[agency]} |\n"
        for agency in COUNTED
    )
