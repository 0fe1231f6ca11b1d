"""What an agency allows holds for all workers together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from demo.fleet import Fleet
from demo.people.truth import Truth
from tests.testkit.joined_graph import KELURAHAN, demo_config, gateway_over
from tests.testkit.product import ask

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WORKERS = 8
UNITS = 20  # of the registry's quota, each one call
PLACES = 2
ASKED = 40
QUERY = "query ($nik: NIK!) { penduduk(nik: $nik) { nama } }"


def test_eight_workers_ask_no_more_than_one_may(legacy_fleet: Fleet, tmp_path: Path) -> None:
    """The registry sees the day's units and not one more, and never more calls at once than the
    cap, whichever workers the citizens come to."""
    config = demo_config()
    config["subgraphs"] = {name: config["subgraphs"][name] for name in ("wilayah", "dukcapil")}
    guard = {"quota_per_day": UNITS, "parallel": PLACES, "retries": 0}
    config["subgraphs"]["dukcapil"]["settings"]["guard"] = guard
    legacy_fleet.reset()
    legacy_fleet.set_quota("pelayanan", 1_000_000)
    legacy_fleet.switch("dukcapil", "none", delay_ms=20)  # so that calls meet
    try:
        with gateway_over(
            legacy_fleet, tmp_path, "--workers", str(WORKERS), config=config
        ) as graph:
            numbers = _known_numbers(graph.truth)

            def question(nik: str) -> tuple[bool, set[str]]:
                body = {"query": QUERY, "variables": {"nik": nik}}
                answer = ask(f"{graph.product.url}/graphql", body).json
                codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
                return answer["data"]["penduduk"] is not None, codes

            with ThreadPoolExecutor(ASKED) as citizens:
                answers = list(citizens.map(question, numbers))
        counters = legacy_fleet.counters("dukcapil")
    finally:
        legacy_fleet.reset()
    assert sum(found for found, _ in answers) == counters["total"] == UNITS
    assert counters["max_parallel"] == PLACES
    assert set().union(*(codes for _, codes in answers)) == {"KUOTA_HABIS"}


def _known_numbers(truth: Truth) -> list[str]:
    """List numbers of different people whom the registry knows."""
    letters = (letter for area in KELURAHAN for letter in truth.book(area, with_nik=True))
    known = dict.fromkeys(letter.nik for letter in letters if letter.nik)
    numbers = [nik for nik in known if truth.person(nik) is not None][:ASKED]
    assert len(numbers) == ASKED
    return numbers
