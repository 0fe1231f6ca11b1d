"""Answers filled into the executor's records say what answers in dicts say."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from msgspec import structs

from adapters.contract import CallContext, RecordShape, SubgraphRequest, SubgraphResponse
from adapters.kit.compiler import ProgramCache
from adapters.kit.index import build_index
from adapters.kit.program import Composite
from adapters.kit.runtime import LocalExecutor
from adapters.kit.shapes import read_shapes
from tests.testkit.odd_people import SELECTIONS, Chance
from tests.testkit.people_adapter import SDL, Table, build, nik
from tests.testkit.selections import select

SHAPES = read_shapes(SDL)
SEEDS = 60
LAID_OUT = [each for each in SELECTIONS if "dokumen" not in each]  # no place of several types


class Shape:
    """A ``ResponseShape`` that only fills."""

    def __init__(self, filled: RecordShape | None) -> None:
        self.filled = filled

    def decode(self, body: bytes) -> object:
        """Nothing here comes in bytes."""
        raise AssertionError(body)


def lay_out(composite: Composite, type_name: str, *, extra: bool) -> RecordShape:
    """Make records for what is asked; ``extra``: they hold a field of another fetch too."""
    steps = composite.programs[type_name].steps
    held = {step.response: f"f{at}" for at, step in enumerate(steps)}
    more: list[Any] = [("other", Any, 0)] if extra else []
    record = msgspec.defstruct(
        type_name, [*more, *((each, Any) for each in held.values())], kw_only=extra, gc=False
    )
    below = {
        step.response: lay_out(step.below, step.shape.type.named, extra=not extra)
        for step in steps
        if step.below is not None
    }
    values = {s.response: SHAPES.types[s.shape.type.named].values for s in steps}
    return RecordShape(
        type_name, record, held, below, {k: v for k, v in values.items() if v}, not extra
    )


def shape_of(executor: LocalExecutor, request: SubgraphRequest, name: str, seed: int) -> Shape:
    """Lay a request's answer out."""
    cache = ProgramCache(build_index(executor.definition))
    composite = cache.find(request.selection, request.variables)
    return Shape(lay_out(composite, name, extra=seed % 2 == 1))


def told(response: SubgraphResponse) -> Any:
    """Give all that a response says but the data."""
    return response.errors, response.defects, response.reports


@pytest.mark.parametrize("selection", LAID_OUT)
def test_entities_are_those_in_dicts(selection: str) -> None:
    """Any record, mark, gap or representation gives equal data, errors, defects and reports."""
    filled = 0
    for seed in range(SEEDS):
        chance = Chance(seed)
        source, asked = build(chance.table()), chance.representations()
        asked = [each for each in asked if each["__typename"] == "Orang"]  # as the executor asks
        request = SubgraphRequest(
            "orang",
            b"",
            select(f"{{ ... on Orang {{ {selection} }} }}", "_Entity", SHAPES),
            CallContext(),
            representations=asked,
        )
        shape = shape_of(source, request, "Orang", seed)
        plain = asyncio.run(source.execute(request))
        response = asyncio.run(source.execute(structs.replace(request, shape=shape)))
        assert told(response) == told(plain), seed
        is_filled = any(isinstance(each, msgspec.Struct) for each in response.data)
        assert shape.filled is not None
        data = shape.filled.read(response.data) if is_filled else response.data
        assert data == plain.data, seed
        filled += is_filled
    assert filled > SEEDS / 3


ROOTS = (
    f'{{ orang(nik: "{nik(1)}") {{ nama surat {{ nomor }} }} __typename }}',
    f'{{ a: orang(nik: "{nik(2)}") {{ nik wajib }} b: orang(nik: "{nik(9)}") {{ nik }} }}',
    "{ daftar { nama alamat { jalan kota { nama } } halaman(first: 1) { nodes { nomor } } } }",
    "{ daftar { nomor { seri urut } alamat { jalan } } }",  # two small objects, side by side
)


@pytest.mark.parametrize("text", ROOTS)
def test_roots_are_those_in_dicts(text: str) -> None:
    """Root fields of every kind fill the root's record."""
    for seed in range(SEEDS):
        source = build(Chance(seed).table())
        request = SubgraphRequest("orang", b"", select(text, "Query", SHAPES), CallContext())
        shape = shape_of(source, request, "Query", seed)
        plain = asyncio.run(source.execute(request))
        response = asyncio.run(source.execute(structs.replace(request, shape=shape)))
        assert told(response) == told(plain), seed
        data = response.data
        if isinstance(data, msgspec.Struct):
            assert shape.filled is not None
            data = shape.filled.read(data)
        assert data == plain.data, seed


def test_what_a_shape_cannot_hold_comes_in_dicts() -> None:
    """A value of an enum that clients do not see is for the reference to judge."""
    source = build(Table(people={nik(1): {"nama": "A", "jenis": "SKU"}}))
    request = SubgraphRequest(
        "orang",
        b"",
        select("{ ... on Orang { nama jenis } }", "_Entity", SHAPES),
        CallContext(),
        representations=[{"__typename": "Orang", "nik": nik(1)}],
    )
    whole = shape_of(source, request, "Orang", 0).filled
    assert whole is not None
    narrow = RecordShape(
        "Orang", whole.record, whole.attributes, {}, {"jenis": frozenset(["SKTM"])}, True
    )
    for shape, kind in ((whole, msgspec.Struct), (narrow, dict)):
        response = asyncio.run(source.execute(structs.replace(request, shape=Shape(shape))))
        assert isinstance(response.data[0], kind)
