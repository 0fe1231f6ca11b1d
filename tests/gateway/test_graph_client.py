"""An adapter asks the graph as the officer it serves, on the same snapshot, one level deep."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.contract import (
    CallContext,
    GraphClient,
    GraphClientResult,
    SubgraphError,
    SubgraphRequest,
    SubgraphResponse,
)
from gateway.config.model import Config
from gateway.graph_client import GraphClients
from gateway.pipeline import Pipeline
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.snapshot import SchemaSnapshot, SnapshotHolder
from gateway.telemetry import OperationRecord, ReloadRecord, Telemetry
from tests.testkit.composing import supergraph_of
from tests.testkit.fake_subgraph import ScriptedSubgraph

pytestmark = pytest.mark.anyio

AGENCY = "type Query { orang(nama: String!): Orang } type Orang { lahir: String }"
COUNTER = "type Query { periksa: String } type Mutation { ajukan(nama: String!): String }"
DOCUMENTS = {
    "lahir": "query ($nama: String!) { orang(nama: $nama) { lahir } }",
    "lagi": "{ periksa }",
    "asing": "{ pajak }",
}


@dataclass(slots=True)
class World:
    """A counter that asks the graph while it is asked, over an agency in the test's hands."""

    document: str = "lahir"
    is_down: bool = False
    results: list[GraphClientResult] = field(default_factory=list)
    calls: list[CallContext] = field(default_factory=list)  # as the agency saw them
    records: list[OperationRecord] = field(default_factory=list)
    client: GraphClient | None = None

    def open(self) -> Pipeline:
        """Open the gateway's pipeline."""
        pipeline: list[Pipeline] = []
        clients = GraphClients(lambda *asked: pipeline[0].answer_within(*asked))
        self.client = clients.open("loket", DOCUMENTS)
        executors = {
            "warga": ScriptedSubgraph(self._answer_agency),
            "loket": ScriptedSubgraph(self._answer_counter),
        }
        snapshot = SchemaSnapshot(
            _config(), supergraph_of(warga=AGENCY, loket=COUNTER), executors, _close_nothing
        )
        clients.bind(snapshot)
        telemetry = Telemetry(self)
        pipeline.append(Pipeline(SnapshotHolder(snapshot), telemetry, lambda: datetime.now(UTC)))
        self._telemetry = telemetry
        return pipeline[0]

    _telemetry: Telemetry = field(default_factory=Telemetry)

    def operations_finished(self, records: Sequence[OperationRecord]) -> None:
        """Keep what telemetry tells."""
        self.records.extend(records)

    def schema_reloaded(self, record: ReloadRecord) -> None:
        """Nothing is reloaded here."""

    def told(self) -> list[OperationRecord]:
        """Give what telemetry was told so far."""
        self._telemetry.flush()
        return self.records

    async def _answer_agency(self, request: SubgraphRequest) -> SubgraphResponse:
        self.calls.append(request.call)
        if self.is_down:
            error = SubgraphError("", "SUMBER_TIDAK_TERSEDIA")
            return SubgraphResponse(None, (error,))
        return SubgraphResponse({"orang": {"lahir": "2000-01-02"}})

    async def _answer_counter(self, request: SubgraphRequest) -> SubgraphResponse:
        assert self.client is not None
        result = await self.client.run(self.document, {"nama": "x"}, request.call)
        self.results.append(result)
        name = "ajukan" if request.is_mutation else "periksa"
        return SubgraphResponse({name: "selesai"})


def _config() -> Config:
    caller = {
        "agency": "satu",
        "key_sha256": hashlib.sha256(b"k" * 32).hexdigest(),
        "roles": ["PETUGAS"],
        "names_person": True,
        "purposes": ["PELAYANAN_PUBLIK"],
        "default_purpose": "PELAYANAN_PUBLIK",
    }
    return Config.model_validate({"supergraph": {"file": "unread"}, "callers": {"loket": caller}})


async def _close_nothing() -> None:
    """There is nothing to close."""


async def submit(world: World) -> GraphQLResponse:
    """Submit an application, with the key of the officer."""
    request = GraphQLRequest(
        'mutation { ajukan(nama: "x") }',
        headers={
            "authorization": f"Bearer {'k' * 32}",
            "simpul-case": "berkas-1",
            "simpul-person": "3171990101019000",
        },
    )
    return await world.open().answer(request)


async def test_the_graph_answers_within_an_operation() -> None:
    """Data come back as a client would see them, with the completeness statement."""
    world = World()
    assert (await submit(world)).data == {"ajukan": "selesai"}
    (result,) = world.results
    assert result.data == {"orang": {"lahir": "2000-01-02"}}
    assert result.errors == ()
    assert result.completeness is not None
    assert result.completeness["complete"] is True


async def test_the_officer_asks_and_not_the_gateway() -> None:
    """Caller, roles, purpose, case, person and deadline are those of the request that is served."""
    world = World()
    await submit(world)
    (call,) = world.calls
    assert (call.caller, call.roles, call.purpose) == ("loket", ("PETUGAS",), "PELAYANAN_PUBLIK")
    assert (call.case, call.person) == ("berkas-1", "3171990101019000")
    assert call.depth == 1


async def test_it_is_told_as_an_operation_of_its_own() -> None:
    """Telemetry hears of both, each under its own id."""
    world = World()
    await submit(world)
    kinds = [record.outcome.kind for record in world.told()]
    assert kinds == ["query", "mutation"]
    assert len({record.operation_id for record in world.records}) == 2


async def test_an_outage_is_data() -> None:
    """An agency that is down is an error in the result, and never an exception."""
    world = World(is_down=True)
    assert (await submit(world)).data == {"ajukan": "selesai"}
    (result,) = world.results
    assert result.data == {"orang": None}
    codes = [error["extensions"]["code"] for error in result.errors]
    assert codes == ["SUMBER_TIDAK_TERSEDIA"]


async def test_one_level_only() -> None:
    """What an adapter asks may not ask the graph again."""
    world = World(document="lagi")
    await submit(world)
    deepest, first = world.results
    assert deepest.errors[0]["extensions"]["code"] == "OPERATION_TOO_LARGE"
    assert first.data == {"periksa": "selesai"}


async def test_a_document_that_the_graph_cannot_answer_is_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where an agency is not part of the graph, its document says so, and the start does too."""
    world = World(document="asing")
    await submit(world)
    (result,) = world.results
    assert result.data is None
    assert result.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert 'cannot ask "asing"' in caplog.text


async def test_only_documents_beside_the_adapter_are_run() -> None:
    """A name that is none of them is a bug of the adapter, and is not sent anywhere."""
    world = World()
    world.open()
    assert world.client is not None
    with pytest.raises(KeyError):
        await world.client.run("orang", {}, _call())


def _call() -> Any:
    return CallContext(caller="loket", deadline=1e12)
