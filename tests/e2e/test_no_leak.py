"""No log line, metric or error text holds a NIK, a KK number or a full name of anybody.

The gateway runs at debug level in both log forms, is asked everything that is asked of it
elsewhere, well and badly, over healthy and broken agencies; what it wrote is then searched for
every person of the store.
"""

from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.faults.files import FileFault, break_file
from demo.fleet import Fleet
from tests.testkit.joined_graph import EXAMPLES, JoinedGraph, gateway_over
from tests.testkit.product import ask

pytestmark = pytest.mark.e2e

_NIK = "3171026904959627"
_FAULTS = ("500", "garbage", "reset", "truncated", "quota_spent", "refused")


class Personal:
    """Every number and full name of a store, and a search for them."""

    def __init__(self, truth: Path) -> None:
        with sqlite3.connect(f"file:{truth}?mode=ro", uri=True) as rows:
            self.numbers = {
                f"{number:016d}"
                for column in ("nik", "no_kk", "nik_ganda", "kk_ganda", "nik_lama")
                for (number,) in rows.execute(f"SELECT {column} FROM person")
                if number is not None
            } | {f"{number:016d}" for (number,) in rows.execute("SELECT nik FROM alias")}
            self.names = {name for (name,) in rows.execute("SELECT nama FROM person")} | {
                name for (name,) in rows.execute("SELECT nama FROM letter")
            }
        rows.close()

    def found_in(self, text: str) -> set[str]:
        """Give what of anybody's occurs in a text, however the number is grouped."""
        numbers = {re.sub(r"\D", "", each) for each in re.findall(r"\d(?:[ .-]?\d){15,}", text)}
        runs = {run[at : at + 16] for run in numbers for at in range(len(run) - 15)}
        upper = text.upper()
        words = {*re.findall(r"[^\W\d_]+", upper)}
        names = {
            name
            for name in self.names
            if {*re.findall(r"[^\W\d_]+", name.upper())} <= words and name.upper() in upper
        }
        return (runs & self.numbers) | names


@pytest.fixture(scope="module")
def personal(legacy_fleet: Fleet) -> Personal:
    """Read whom to search for."""
    return Personal(Path(legacy_fleet.addresses["truth"]))


@pytest.fixture(params=["json", "text"])
def debugged(
    request: pytest.FixtureRequest, legacy_fleet: Fleet, tmp_path: Path
) -> Iterator[JoinedGraph]:
    """Serve the graph at debug level, with the operators' port."""
    legacy_fleet.reset()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ("--log-level", "debug", "--log-format", request.param)
    config = {"admin": f"127.0.0.1:{port}"}
    with gateway_over(legacy_fleet, tmp_path, *options, config=config) as graph:
        yield graph
    legacy_fleet.reset()


def test_the_search_finds_what_is_planted(personal: Personal) -> None:
    """A NIK, a grouped NIK, a KK number and a name are found; other digits are not."""
    assert personal.found_in(f"key={_NIK}") == {_NIK}
    assert personal.found_in("nik 3171.0269.0495.9627!") == {_NIK}
    assert personal.found_in("kk:3171021203179557") == {"3171021203179557"}
    assert personal.found_in("hello Khumvin Njidjam") == {"KHUMVIN NJIDJAM"}
    assert personal.found_in('"operation_id":"0a4b6dd72a134f829eb04f7a739e0548"') == set()
    assert len(personal.numbers) > 25_000
    assert len(personal.names) > 15_000


def test_nothing_personal_is_written(debugged: JoinedGraph, personal: Personal) -> None:
    """Logs at debug level, metrics, adapter status and error texts hold nobody."""
    debugged.fleet.push_to(debugged.product.url)
    texts = [*_asked_well(debugged), *_asked_badly(debugged), *_over_faults(debugged)]
    admin = [ask(f"{debugged.admin_url}{path}") for path in ("/metrics", "/sources")]
    log = debugged.product.output

    assert [answer.status for answer in admin] == [200, 200]
    assert log.count("simpul.operation") > 20
    assert any("penduduk" in text or "Penduduk" in text for text in texts)
    for source, text in (
        ("log", log),
        ("admin", "\n".join(answer.body.decode() for answer in admin)),
        ("error", "\n".join(texts)),
    ):
        assert personal.found_in(text) == set(), source


def _asked_well(graph: JoinedGraph) -> Iterator[str]:
    for name in EXAMPLES:
        yield from _error_texts(graph.answer(name))


def _asked_badly(graph: JoinedGraph) -> Iterator[str]:
    """Ask with personal values in every wrong place; gives what the answers say."""
    post, url = graph.product.graphql, f"{graph.product.url}/graphql"
    kept = "query Q($nik: NIK!) { penduduk(nik: $nik) { nama } }"
    yield from _error_texts(post(f'{{ penduduk(nik: "{_NIK}") {{ nama, tiada }} }}'))
    yield from _error_texts(post(f'{{ penduduk(nik: "{_NIK}) {{ nama }} }}'))
    yield from _error_texts(post(f"{{ penduduk(nik: {_NIK}) {{ nama tiada }} }}"))
    yield from _error_texts(post(kept, {"nik": f"{_NIK}7"}))
    yield from _error_texts(post(kept, {"nik": [_NIK]}))
    yield from _error_texts(post(kept, {"nik": {"nama": "KHUMVIN NJIDJAM"}}))
    yield from _error_texts(post(kept, {"nik": "KHUMVIN NJIDJAM"}))
    post(kept, {"nik": _NIK}, operationName=_NIK)  # its sender is told the name; no log is
    yield from _error_texts(
        post(EXAMPLES["4-verify-claims"].query, {"pengakuan": {"nik": _NIK, "rt": 7, "x": _NIK}})
    )
    yield ask(f"{url}?query=%7Bpenduduk(nik:%22{_NIK}%22)%7Bnama%7D%7D").body.decode()
    yield ask(f"{graph.product.url}/{_NIK}").body.decode()
    yield ask(url, f'{{"query": "{_NIK}'.encode()).body.decode()


def _over_faults(graph: JoinedGraph) -> Iterator[str]:
    """Ask while the agencies fail in turn."""
    fleet = graph.fleet
    for fault in _FAULTS:
        for server in ("dukcapil", "dpmptsp", "pbb"):
            fleet.switch(server, fault)
        for name in ("1-prefill", "2-my-letters-and-licences", "3-heirs-family-tree"):
            yield from _error_texts(graph.answer(name))
        yield from _error_texts(graph.answer("4-verify-claims"))
    fleet.reset()
    book = Path(fleet.addresses["registers"]) / "31.71.02.1004" / "register_baru.csv"
    break_file(book, FileFault.TRUNCATED)
    yield from _error_texts(graph.answer("5-counter-letters", kelurahan="31.71.02.1004"))


def _error_texts(answer: Any) -> list[str]:
    return [str(error) for error in answer.get("errors", ())]
