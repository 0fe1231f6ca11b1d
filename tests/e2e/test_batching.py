"""How often each agency is asked, told by the agencies themselves: the fleet's own counters."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.fleet import Fleet
from tests.testkit.joined_graph import JoinedGraph, demo_config, gateway_over

pytestmark = pytest.mark.e2e

_CAP = 8  # of the adapter, for an agency without a bulk path
_NIK, _OTHER = "3171026904959627", "3171026908909475"


@contextmanager
def _licence_calls(fleet: Fleet, expected: int) -> Iterator[None]:
    """Check how often the licensing agency is asked for licences meanwhile."""
    before = fleet.counters("dpmptsp")["calls"].get("licences", 0)
    yield
    assert fleet.counters("dpmptsp")["calls"].get("licences", 0) - before == expected


def _registry_calls(graph: JoinedGraph) -> dict[str, int]:
    calls: dict[str, int] = graph.fleet.counters("dukcapil")["calls"]
    return {method: count for method, count in calls.items() if count}


def _source_calls(answer: Any) -> dict[str, int]:
    return {each["source"]: each["calls"] for each in answer["extensions"]["sourceCalls"]}


def _with_quota(units: int) -> dict[str, Any]:
    """Give the subgraphs with a daily quota of our own before the registry."""
    subgraphs = demo_config()["subgraphs"]
    subgraphs["dukcapil"]["settings"]["guard"] = {"quota_per_day": units}
    return {"subgraphs": subgraphs}


def test_one_person_costs_one_call_per_method_and_agency(joined_graph: JoinedGraph) -> None:
    """Biodata and status of one NIK are one call each; the licences are one call."""
    with _licence_calls(joined_graph.fleet, 1):
        joined_graph.ask("1-prefill")

    assert _registry_calls(joined_graph) == {"CALL_NIK": 1, "CALL_STATUS": 1}


def test_two_aliases_of_one_person_cost_one_call(joined_graph: JoinedGraph) -> None:
    """What one operation asks twice about one person, the agencies are asked once."""
    query = """query Aliases($nik: NIK!) {
      a: penduduk(nik: $nik) { nama izin { nomorSk } }
      b: penduduk(nik: $nik) { nama tanggalLahir izin { nomorSk jenis } }
    }"""
    with _licence_calls(joined_graph.fleet, 1):
        answer = joined_graph.product.graphql(query, {"nik": _NIK})

    assert "errors" not in answer
    assert answer["data"]["a"]["nama"] == answer["data"]["b"]["nama"] is not None
    assert _registry_calls(joined_graph) == {"CALL_NIK": 1}


def test_a_page_of_letters_is_one_call_where_there_is_a_bulk_path(
    joined_graph: JoinedGraph,
) -> None:
    """100 letters: one call for their holders' licences, one status call per different holder."""
    joined_graph.ask("7-letters-for-dead-or-frozen")  # reads the registers' lists of NIKs
    joined_graph.fleet.control("dukcapil", "reset", {})
    joined_graph.fleet.switch("dukcapil", "none", delay_ms=5)
    with _licence_calls(joined_graph.fleet, 1):
        answer = joined_graph.answer("7-letters-for-dead-or-frozen")

    holders = {node["pemohon"]["nik"] for node in answer["data"]["suratKelurahan"]["nodes"]}
    assert len(holders) > 90
    assert _registry_calls(joined_graph) == {"CALL_STATUS": len(holders)}
    assert 1 < joined_graph.fleet.counters("dukcapil")["max_parallel"] <= _CAP
    calls = _source_calls(answer)
    assert calls["kelurahan/31.71.02.1001"] == 2  # the list, and the holders' own letters
    assert sum(calls[f"kelurahan/31.71.02.{n}"] for n in (1003, 1004, 1005)) == 0  # in memory
    assert calls["kelurahan/31.71.02.1002"] <= 1


def test_more_identities_than_a_filter_takes_are_split(joined_graph: JoinedGraph) -> None:
    """Holders of SKTM beyond 100 are asked for in groups of at most 100."""
    variables = {"kelurahan": "31.71.02.1001", "jumlah": 500}
    data = joined_graph.ask("6-sktm-with-active-licence", **variables)
    holders = {node["pemohon"]["nik"] for node in data["suratKelurahan"]["nodes"]}
    assert 100 < len(holders) <= 200

    with _licence_calls(joined_graph.fleet, 2):
        joined_graph.ask("6-sktm-with-active-licence", **variables)


def test_never_more_in_parallel_than_the_cap(joined_graph: JoinedGraph) -> None:
    """Several counters at once do not lift the cap of an agency without a bulk path."""
    joined_graph.fleet.switch("dukcapil", "none", delay_ms=20)
    areas = [f"31.71.02.{number}" for number in (1001, 1002, 1003)]

    with ThreadPoolExecutor(3) as pool:
        answers = [
            *pool.map(lambda area: joined_graph.ask("5-counter-letters", kelurahan=area), areas)
        ]

    counted = joined_graph.fleet.counters("dukcapil")
    assert counted["max_parallel"] == _CAP
    niks = {n["pemohon"]["nik"] for data in answers for n in data["suratKelurahan"]["nodes"]}
    assert len(niks) <= counted["calls"]["CALL_NIK"] <= 150


def test_a_merged_follower_costs_no_unit(
    joined_graph: JoinedGraph, legacy_fleet: Fleet, tmp_path: Path
) -> None:
    """Two equal requests at the same time use one unit of a quota of one; the third is refused."""
    legacy_fleet.switch("dukcapil", "none", delay_ms=700)
    query = "query Nama($nik: NIK!) { penduduk(nik: $nik) { nama } }"
    with gateway_over(legacy_fleet, tmp_path, config=_with_quota(1)) as graph:

        def ask(nik: str) -> Any:
            return graph.product.graphql(query, {"nik": nik})

        with ThreadPoolExecutor(2) as pool:
            both = [*pool.map(ask, [_NIK, _NIK])]
        third = ask(_OTHER)

    assert all("errors" not in answer for answer in both)
    assert both[0]["data"] == both[1]["data"]
    assert [error["extensions"]["code"] for error in third["errors"]] == ["KUOTA_HABIS"]
    counted = legacy_fleet.counters("dukcapil")
    assert counted["calls"]["CALL_NIK"] == counted["quota"]["pelayanan"]["used"] == 1


def test_each_attempt_costs_a_unit(
    joined_graph: JoinedGraph, legacy_fleet: Fleet, tmp_path: Path
) -> None:
    """A read that fails is tried three times and uses three units of the quota."""
    legacy_fleet.switch("dukcapil", "500")
    query = "query Nama($nik: NIK!) { penduduk(nik: $nik) { nama } }"
    with gateway_over(legacy_fleet, tmp_path, config=_with_quota(4)) as graph:

        def ask(nik: str) -> Any:
            return graph.product.graphql(query, {"nik": nik}, extensions={"sourceCalls": True})

        failed = ask(_NIK)
        attempts = legacy_fleet.counters("dukcapil")["total"]
        legacy_fleet.switch("dukcapil", "none")
        last, refused = ask(_OTHER), ask(_NIK)

    assert [e["extensions"]["code"] for e in failed["errors"]] == ["SUMBER_TIDAK_TERSEDIA"]
    assert attempts == _source_calls(failed)["dukcapil"] == 3
    assert "errors" not in last
    assert [e["extensions"]["code"] for e in refused["errors"]] == ["KUOTA_HABIS"]
    assert _source_calls(refused)["dukcapil"] == 0
