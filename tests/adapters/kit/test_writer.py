"""Written-out programs answer what answering step by step answers, whatever a source gives."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.contract import SubgraphResponse
from adapters.kit.definition import AdapterDefinition, Lookup
from adapters.kit.runtime import LocalExecutor
from adapters.kit.scalar_rules import OUTPUT_RULES
from tests.testkit.odd_people import SELECTIONS, Chance
from tests.testkit.people_adapter import build, nik
from tests.testkit.selections import ask, ask_entities

SEEDS = 60

LEAVES = (
    ("ID", 7, "7"),
    ("ID", "7", "7"),
    ("Int", 7, 7),
    ("Float", 7, 7.0),
    ("Float", 0.5, 0.5),
    ("Boolean", False, False),
    ("String", "a", "a"),
    ("Jenis", "SKTM", "SKTM"),
    ("NIK", nik(1), nik(1)),
    ("KodeWilayah", "31.71", "31.71"),
    ("Rupiah", Decimal(5), 5),
    ("Rupiah", 5, 5),
    ("Tanggal", date(1990, 2, 3), "1990-02-03"),
    ("Tanggal", "1990-02-03", "1990-02-03"),
    ("Waktu", datetime(1990, 2, 3, 4), "1990-02-03T04:00:00+07:00"),
    ("Lain", {"any": 1}, {"any": 1}),
    ("[Int]", [1, None, 2], [1, None, 2]),
    ("[[String]]", [["a"], None], [["a"], None]),
)


@pytest.mark.anyio
@pytest.mark.parametrize("is_written", [True, False])
@pytest.mark.parametrize(("kind", "value", "json"), LEAVES)
async def test_leaves_become_json(kind: str, value: Any, json: Any, is_written: bool) -> None:
    """Every scalar, written out and step by step, whether or not its value needs a change."""

    async def by_key(keys: Any, wanted: Any, context: Any) -> dict[Any, Any]:
        return {"1": {"v": value, "below": {"v": value}, "many": [{"v": value}, {"v": value}]}}

    scalars = "".join(f"scalar {name} " for name in (*OUTPUT_RULES, "Lain"))
    sdl = (
        f"{scalars} enum Jenis {{ SKTM }} type B {{ v: {kind} }} "
        f'type A @key(fields: "k") {{ k: String! v: {kind} below: B many: [B!]! }}'
    )
    definition = AdapterDefinition("a", sdl, lookups=(Lookup("A", ("k",), by_key),))
    response = await ask_entities(
        LocalExecutor(definition, is_written=is_written),
        "{ ... on A { v below { v } many { v } } }",
        [{"__typename": "A", "k": "1"}],
    )
    assert (response.errors, response.defects) == ((), ())
    assert response.data == [{"v": json, "below": {"v": json}, "many": [{"v": json}] * 2}]
    assert type(response.data[0]["v"]) is type(json)


def told(response: SubgraphResponse) -> Any:
    """Give all that a response says; what is said once may be said of another place or first."""
    once = ("TIDAK_ADA_HAK", "INTERNAL_SERVER_ERROR")
    errors = [(e.code, e.message, e.source, e.code in once or e.path) for e in response.errors]
    defects = {(defect.coordinate, defect.count) for defect in response.defects}
    return response.data, sorted(errors, key=repr), defects, sorted(response.reports, key=repr)


@pytest.mark.parametrize("selection", SELECTIONS)
def test_entities_are_those_of_the_steps(selection: str) -> None:
    """Any record, mark, gap or representation gives equal data, errors, defects and reports."""
    text = f"{{ ... on Orang {{ {selection} }} ... on Kota {{ nama }} }}"
    whole = 0
    for seed in range(SEEDS):
        answers = [
            asyncio.run(ask_entities(build(chance.table(), is_written=way), text, asked))
            for way in (True, False)
            for chance in (Chance(seed),)
            for asked in (chance.representations(),)
        ]
        assert told(answers[0]) == told(answers[1]), seed
        whole += sum(each is not None for each in answers[0].data or ())
    assert whole > SEEDS


@pytest.mark.parametrize("selection", SELECTIONS)
def test_roots_are_those_of_the_steps(selection: str) -> None:
    """The same for lists and keyed root fields."""
    text = (
        f'{{ orang(nik: "{nik(1)}") {{ {selection} }} daftar {{ {selection} }}'
        f' lain: daftar(jenis: SKU) {{ nik }} pasti(nik: "{nik(2)}") {{ {selection} }} }}'
    )
    for seed in range(0, SEEDS, 4):
        written, stepwise = (
            asyncio.run(ask(build(Chance(seed).table(), is_written=way), text))
            for way in (True, False)
        )
        assert told(written) == told(stepwise), seed
