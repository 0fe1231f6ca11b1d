"""One adapter asked as a router asks a subgraph."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from adapters.errors import SourceUnavailable
from gateway.config.model import Config, SubgraphSettings
from gateway.standalone import AloneExecutor, configure_alone
from gateway.supergraph_source import SchemaUnreadable
from schema.selection import Argument, Condition, Field, Fragment, SelectionSet, Variable
from tests.testkit.people_adapter import SDL, Table, build, nik

pytestmark = pytest.mark.anyio

PEOPLE = {nik(n): {"nama": f"nama {n}", "wajib": "w", "umur": 30 + n} for n in (1, 2)}
SENT = (Argument("representations", Variable("r")),)


def entities(*names: str, alias: str | None = None) -> Field:
    """Select these fields of people among the entities."""
    chosen = SelectionSet("Orang", tuple(Field(name) for name in ("__typename", *names)))
    return Field("_entities", SelectionSet("_Entity", (Fragment(chosen),)), SENT, alias)


async def ask(table: Table, *fields: Field, **variables: Any) -> SubgraphResponse:
    """Ask the adapter for root fields."""
    executor = AloneExecutor(build(table), SDL)
    selection = SelectionSet("Query", fields)
    request = SubgraphRequest("orang", b"", selection, CallContext(), variables)
    return await executor.execute(request)


def reps(*numbers: int) -> list[dict[str, Any]]:
    """Represent people by NIK."""
    return [{"__typename": "Orang", "nik": nik(number)} for number in numbers]


async def test_entities_are_answered_by_one_call_in_order() -> None:
    """Positions are those of the representations; a gap is null."""
    table = Table(people=dict(PEOPLE))
    response = await ask(table, entities("umur"), r=reps(2, 7, 1, 2))
    two, one = {"__typename": "Orang", "umur": 32}, {"__typename": "Orang", "umur": 31}
    assert response.data == {"_entities": [two, None, one, two]}
    assert table.names() == ["orang"]


async def test_all_parts_are_answered_in_the_order_asked() -> None:
    """SDL, entities under an alias, and a root field make one answer."""
    table = Table(people=dict(PEOPLE))
    sdl = Field("_service", SelectionSet("_Service", (Field("sdl", alias="s"),)))
    listed = Field("daftar", SelectionSet("Orang", (Field("umur"),)))
    response = await ask(table, listed, sdl, entities("umur", alias="e"), r=reps(1))
    assert list(response.data) == ["daftar", "_service", "e"]
    assert response.data["_service"] == {"s": SDL}
    assert response.data["daftar"] == [{"umur": 31}, {"umur": 32}]
    assert response.data["e"] == [{"__typename": "Orang", "umur": 31}]


async def test_an_excluded_part_is_not_asked() -> None:
    """@include(if: false) on the machinery holds as on any field."""
    table = Table(people=dict(PEOPLE))
    field = entities("umur")
    skipped = Field(
        field.name, field.selections, field.arguments, conditions=(Condition("yes", True),)
    )
    service = Field("_service", SelectionSet("_Service", (Field("__typename"),)))
    response = await ask(table, service, skipped, r=reps(1), yes=False)
    assert response.data == {"_service": {"__typename": "_Service"}}
    assert table.calls == []


async def test_a_failed_source_is_an_error_of_the_field_that_asked() -> None:
    """Paths of errors begin with the name the router gave the field."""
    table = Table(people=dict(PEOPLE), error=SourceUnavailable("it is down"))
    response = await ask(table, entities("umur", alias="e"), r=reps(1, 2))
    assert response.data == {"e": [None, None]}
    assert [(e.code, e.path) for e in response.errors] == [("SUMBER_TIDAK_TERSEDIA", ("e",))]


@pytest.mark.parametrize("wrong", [{"nik": "1"}, {"__typename": 3}, "Orang", None])
async def test_a_representation_without_a_type_is_refused(wrong: Any) -> None:
    """The router is told what is wrong, without the value it sent."""
    response = await ask(Table(), entities("umur"), r=[*reps(1), wrong])
    assert response.data == {"_entities": None}
    (error,) = response.errors
    assert error.code == "BAD_USER_INPUT"
    assert "__typename" in error.message


def test_a_configuration_must_have_the_adapter_once() -> None:
    """Which settings are meant must be clear."""
    two = {"a": SubgraphSettings(adapter="wilayah"), "b": SubgraphSettings(adapter="wilayah")}
    with pytest.raises(SchemaUnreadable, match='it has "a", "b"'):
        configure_alone("wilayah", Config(subgraphs=two))
    with pytest.raises(SchemaUnreadable, match="it has none"):
        configure_alone("dukcapil", Config(subgraphs=two))


def test_only_the_adapters_own_part_of_a_configuration_is_kept() -> None:
    """Callers, grants and limits stay; the other subgraphs are not opened."""
    both = {
        "w": SubgraphSettings(adapter="wilayah"),
        "d": SubgraphSettings(adapter="dukcapil", settings={"url": "http://x"}),
    }
    config = Config(subgraphs=both, metrics=False)
    alone = configure_alone("dukcapil", config)
    assert alone.subgraphs == {"d": both["d"]}
    assert alone.metrics is False
    assert list(configure_alone("wilayah", None).subgraphs) == ["wilayah"]
