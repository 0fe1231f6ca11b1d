"""The examples of the newer agencies, over the running graph and against the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from gateway.server.examples import Example, read_examples
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import JoinedGraph

pytestmark = pytest.mark.e2e

_FOLDER = ROOT / "docs" / "examples" / "agencies"
EXAMPLES: Mapping[str, Example] = {each.name: each for each in read_examples(_FOLDER)}


def _ask(graph: JoinedGraph, name: str, **variables: Any) -> Any:
    answer = graph.product.graphql(EXAMPLES[name].query, EXAMPLES[name].variables | variables)
    assert "errors" not in answer
    return answer["data"]


def test_each_is_documented() -> None:
    """The page beside them names each, and each says for whom it is."""
    page = (_FOLDER / "README.md").read_text("utf-8")
    assert len(EXAMPLES) == 2
    for name, example in EXAMPLES.items():
        assert f"`{name}`" in page
        assert example.query.startswith("# For: ")


def test_the_survey_stands_beside_the_card(joined_graph: JoinedGraph) -> None:
    """Both are as the truth has them, and in the example's own family they disagree."""
    with closing(sqlite3.connect(f"file:{joined_graph.truth.path}?mode=ro", uri=True)) as truth:
        own = int(EXAMPLES["survey-beside-card"].variables["noKk"])
        cards = truth.execute("SELECT DISTINCT no_kk FROM survey ORDER BY no_kk LIMIT 10")
        for (card,) in [*cards.fetchall(), (own,)]:
            told = _ask(joined_graph, "survey-beside-card", noKk=f"{card:016d}")["kartuKeluarga"]
            met = {each["penduduk"]["nik"] for each in told["surveiCarik"]["anggota"]}
            rows = truth.execute("SELECT nik FROM survey WHERE no_kk = ?", (card,)).fetchall()
            assert met == {f"{nik:016d}" for (nik,) in rows}
    named = {each["nik"] for each in told["anggota"]}
    assert met - named
    assert named - met


def test_an_officials_certificate_is_valid(joined_graph: JoinedGraph) -> None:
    """Of the demonstration's officials; somebody whom the authority does not know has none."""
    told = _ask(joined_graph, "signers-certificate")["penandaTanganElektronik"]
    assert told["statusSertifikat"] == "AKTIF"
    nobody = _ask(joined_graph, "signers-certificate", nik="3171020101019009")
    assert nobody["penandaTanganElektronik"]["statusSertifikat"] == "TIDAK_TERDAFTAR"
