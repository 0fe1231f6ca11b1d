"""Adapters served alone, under Apollo Gateway and Hive Gateway: for `make oracle` only.

Not named as a test, so that `make test` needs no foreign implementation to be installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from adapters.registry import load_adapter
from tests.oracle.people_server import LINKED_SDL, NIKS
from tests.oracle.reference import FOLDER, Reference
from tests.testkit.product import running_command, running_simpul
from tests.testkit.subgraph_server import serving_subgraph

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.slow,
    pytest.mark.needs_node,
    pytest.mark.skipif(
        not Reference.is_installed(), reason="the references are not installed (npm ci)"
    ),
]

QUEUE = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
    "scalar NIK\n"
    "type Query { antrean: [Orang] }\n"
    'type Orang @key(fields: "nik") { nik: NIK! giliran: Int }\n'
)
ROUTERS = ("apollo", "hive")


def answers(subgraphs: Sequence[tuple[str, str, str]], *queries: str) -> dict[str, list[Any]]:
    """Give what each router answers over these running subgraphs."""
    asked = {
        "subgraphs": [{"name": name, "url": url, "sdl": sdl} for name, url, sdl in subgraphs],
        "operations": [{"query": query} for query in queries],
    }
    run = subprocess.run(
        ["node", "routers.mjs"],
        cwd=FOLDER,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, list[Any]] = json.loads(run.stdout)
    return found


def test_entities_of_an_adapter_join_another_subgraph_under_both_routers() -> None:
    """Composed by each router's own composer; NIKs beyond 2^53 stay whole and whole people."""
    queue = [{"nik": nik, "giliran": place} for place, nik in enumerate(reversed(NIKS))]
    with (
        running_command(sys.executable, "-m", "tests.oracle.people_server") as alone,
        serving_subgraph(QUEUE, {"antrean": queue}) as counter,
    ):
        found = answers(
            [("orang", f"{alone.url}/graphql", LINKED_SDL), ("loket", counter.url, QUEUE)],
            "{ antrean { giliran nik nama umur } }",
            f'{{ orang(nik: "{NIKS[1]}") {{ nik umur giliran }} }}',
        )
    for router in ROUTERS:
        listed, one = found[router]
        assert listed["data"]["antrean"] == [
            {"giliran": place, "nik": nik, "nama": f"nama {nik[-1]}", "umur": int(nik[-1])}
            for place, nik in enumerate(reversed(NIKS))
        ]
        assert one["data"]["orang"] == {"nik": NIKS[1], "umur": 2, "giliran": None}


def test_a_real_adapter_composes_and_answers_under_both_routers() -> None:
    """The areas of DKI, started as the documentation says."""
    sdl = load_adapter("wilayah").sdl
    query = (
        '{ wilayah(kode: "31.71.02") { __typename nama ... on Kecamatan { kelurahan { kode } } } }'
    )
    with running_simpul("adapter", "serve", "wilayah", "--port", "0") as alone:
        expected = alone.graphql(query)["data"]
        found = answers([("wilayah", f"{alone.url}/graphql", sdl)], query)
    assert expected["wilayah"]["nama"] == "Sawah Besar"
    for router in ROUTERS:
        assert found[router][0]["data"] == expected
