"""What is not granted is not told, not even that it exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from demo.fleet import Fleet
from tests.testkit.joined_graph import JoinedGraph, demo_config, gateway_over

pytestmark = pytest.mark.e2e

_KNOWN = "3171026904959627"
_UNKNOWN = "3171990101909001"


@pytest.fixture(
    scope="module",
    params=[["Surat.penandatangan"], ["Penduduk.agama"]],
    ids=["of-another-record", "of-the-record"],
)
def granted(
    request: pytest.FixtureRequest, legacy_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[bool, JoinedGraph]]:
    """Serve the graph to a public that is granted this; tells whether it is of residents."""
    legacy_fleet.reset()
    terms = {"agency": "demo", "purposes": ["PELAYANAN_PUBLIK"], "coordinates": request.param}
    config: dict[str, Any] = {"callers": demo_config()["callers"], "grants": [terms]}
    folder = tmp_path_factory.mktemp("grants")
    with gateway_over(legacy_fleet, folder, config=config) as graph:
        yield request.param == ["Penduduk.agama"], graph


def test_a_record_is_found_by_those_who_may_read_of_it(
    granted: tuple[bool, JoinedGraph],
) -> None:
    """Without any grant of residents a known and an unknown NIK are answered alike, unasked."""
    is_opened, graph = granted
    query = "query Q($nik: NIK!) { penduduk(nik: $nik) { __typename } }"
    known, unknown = (
        graph.product.graphql(query, {"nik": nik}, extensions={"sourceCalls": True})
        for nik in (_KNOWN, _UNKNOWN)
    )
    assert unknown["data"] == {"penduduk": None}
    if is_opened:
        assert known["data"] == {"penduduk": {"__typename": "Penduduk"}}
        return
    (error,), (other,) = known["errors"], unknown["errors"]
    assert error["extensions"].pop("errorId") != other["extensions"].pop("errorId")
    assert known == unknown
    assert error["extensions"]["code"] == "TIDAK_ADA_HAK"
    assert error["path"] == ["penduduk"]
    sources = known["extensions"]["completeness"]["sources"]
    assert [(each["source"], each["status"]) for each in sources] == [("dukcapil", "DENIED")]
    assert known["extensions"]["sourceCalls"] == []


def test_each_denied_coordinate_is_told_once(granted: tuple[bool, JoinedGraph]) -> None:
    """Where nothing may be read the fields below add errors of their own, and no data."""
    is_opened, graph = granted
    query = "query Q($nik: NIK!) { penduduk(nik: $nik) { nama agama } }"
    answer = graph.product.graphql(query, {"nik": _KNOWN})
    errors = [(each["path"], each["extensions"]["code"]) for each in answer["errors"]]
    if is_opened:
        assert answer["data"]["penduduk"]["nama"] is None
        assert answer["data"]["penduduk"]["agama"]
        assert errors == [(["penduduk", "nama"], "TIDAK_ADA_HAK")]
    else:
        assert answer["data"] == {"penduduk": None}
        assert errors == [(["penduduk"], "TIDAK_ADA_HAK")]
