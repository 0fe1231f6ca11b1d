"""One adapter served alone, as a newcomer starts it, under a gateway in front of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testkit.product import ask, run_simpul, running_simpul

pytestmark = pytest.mark.e2e

ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Kelurahan { nama } } }"
AREAS = [{"__typename": "Kelurahan", "kode": code} for code in ("31.71.02.1001", "31.71.02.9999")]


def test_an_adapter_alone_is_a_subgraph_that_another_gateway_composes(tmp_path: Path) -> None:
    """Its SDL is read by ``_service``, and it answers as it does inside the gateway."""
    with running_simpul("adapter", "serve", "wilayah", "--port", "0") as alone:
        assert alone.graphql(ENTITIES, {"r": AREAS})["data"] == {
            "_entities": [{"nama": "Pasar Baru"}, None]
        }
        config = tmp_path / "supergraph.yaml"
        url = f"{alone.url}/graphql"
        config.write_text(
            f"subgraphs: {{w: {{routing_url: '{url}', schema: {{subgraph_url: '{url}'}}}}}}\n",
            encoding="utf-8",
        )
        with running_simpul("serve", "--subgraphs", str(config), "--port", "0") as front:
            answer = front.graphql('{ wilayah(kode: "31.71.02") { nama } }')
    assert answer["data"] == {"wilayah": {"nama": "Sawah Besar"}}


def test_representations_are_refused_in_a_url() -> None:
    """They may hold a person's number, and URLs end in logs."""
    with running_simpul("adapter", "serve", "wilayah", "--port", "0") as alone:
        query = (
            "%7B_entities(representations:%5B%7B__typename:%22Kelurahan%22%7D%5D)"
            "%7B__typename%7D%7D"
        )
        answer = ask(f"{alone.url}/graphql?query={query}")
    assert answer.status == 400
    assert answer.json["errors"][0]["extensions"]["code"] == "DATA_PRIBADI_DI_URL"


def test_what_cannot_be_served_is_told(tmp_path: Path) -> None:
    """No such adapter, settings that are missing, a configuration without it."""
    unknown = run_simpul("adapter", "serve", "nowhere", "--port", "0")
    assert unknown.returncode == 1
    assert 'There is no adapter "nowhere". Installed: "' in unknown.stderr
    lacking = run_simpul("adapter", "serve", "dukcapil", "--port", "0")
    assert lacking.returncode == 1
    assert 'The settings of adapter "dukcapil" are wrong' in lacking.stderr
    config = tmp_path / "simpul.yaml"
    config.write_text("subgraphs: {w: {adapter: wilayah}}\n", encoding="utf-8")
    absent = run_simpul("adapter", "serve", "dukcapil", "--config", str(config), "--port", "0")
    assert absent.returncode == 1
    assert 'one subgraph with "adapter: dukcapil", it has none' in absent.stderr
