"""Local adapters on the compiled path: the same answers as by the reference, whatever they give."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphExecutor
from adapters.kit.definition import AdapterDefinition, Listing, Lookup
from adapters.kit.runtime import LocalExecutor
from gateway.executor.executor import (
    CompileMode,
    Execution,
    ExecutionOptions,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.graph_world import GraphWorld
from tests.testkit.odd_people import Chance
from tests.testkit.people_adapter import SDL, build, nik

pytestmark = [pytest.mark.anyio, pytest.mark.property]

SEEDS = 20
PEOPLE = SDL.replace(' @requires(fields: "nama lahir")', "")  # of its own fields
OFFICE = (
    'type Query { loket: [Orang] } scalar NIK type Orang @key(fields: "nik") { nik: NIK! '
    "antrean: Int }"
)
OPERATIONS = (
    f'{{ orang(nik: "{nik(1)}") {{ nama umur lahir jenis antrean }} __typename }}',
    f'{{ pasti(nik: "{nik(2)}") {{ wajib surat {{ nomor jenis pemohon {{ nama }} }} }} }}',
    "{ daftar { nik nama antrean alamat { jalan kota { nama } } } }",
    "{ daftar { nama ayah { nama antrean ayah { wajib } } nomor { seri urut } } }",
    "{ daftar { halaman(first: 2) { nodes { nomor } pageInfo { hasNextPage } } cocok } }",
    "{ daftar { dokumen { __typename nomor ... on Sertifikat { nilai } } antrean } }",
    "{ loket { antrean nama lahir wajib surat(jenis: SKU) { nomor } } }",
    "{ loket { nama ayah { nama } } daftar { umur antrean } }",
)


def prepare(world: GraphWorld, text: str, mode: CompileMode) -> Execution:
    """Plan and prepare."""
    operation = world.operation(text)
    plan = plan_operation(operation, world.graph)
    types = {variable.name: variable.type for variable in operation.variables}
    documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
    return prepare_execution(plan, operation, world.api, documents, frozenset(), compile_mode=mode)


def build_office(chance: Chance) -> LocalExecutor:
    """Draw the second adapter: people with a number, some unreadable."""
    rows = {nik(n): {"nik": nik(n), "antrean": chance.leaf(n)} for n in range(6)}

    async def by_key(keys: Sequence[str], wanted: Any, context: Any) -> dict[str, Any]:
        return {key: rows[key] for key in keys if key in rows}

    async def everyone(wanted: Any, context: Any) -> list[dict[str, Any]]:
        return [*rows.values()]

    return LocalExecutor(
        AdapterDefinition(
            "loket",
            OFFICE,
            lookups=(Lookup("Orang", ("nik",), by_key),),
            roots=(Listing("loket", everyone),),
        )
    )


async def answer(execution: Execution, seed: int) -> str:
    """Execute over adapters of their own; give all but times."""
    chance = Chance(seed)
    executors: dict[str, SubgraphExecutor] = {
        "orang": build(chance.table()),
        "loket": build_office(chance),
    }
    result = await execute(execution, {}, executors, CallContext(), ExecutionOptions())
    calls = [{**call, "milliseconds": 0} for call in result.source_calls]
    data = msgspec.json.encode(result.data).decode()
    return f"{data} {json.dumps(result.errors)} {json.dumps(result.completeness)} {calls}"


@pytest.mark.parametrize("text", OPERATIONS)
async def test_adapters_are_answered_alike(text: str) -> None:
    """Records filled by adapters, decoded elsewhere, or given up: one answer."""
    world = GraphWorld(orang=PEOPLE, loket=OFFICE)
    reference = prepare(world, text, CompileMode.NEVER)
    for seed in range(SEEDS):
        compiled = prepare(world, text, CompileMode.ALWAYS)
        assert await answer(compiled, seed) == await answer(reference, seed), seed
