"""One fleet and one gateway over it for all tests that compare the joined graph with the truth."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLSchema

from demo.fleet import Fleet
from gateway.cli.compose import compose_command
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.load import load_supergraph
from tests.testkit.counter import Loket
from tests.testkit.fault_graph import FaultGraph, running_fault_graph
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import JoinedGraph, gateway_over, patient_config, running_fleet


@pytest.fixture(scope="session")
def legacy_fleet() -> Iterator[Fleet]:
    """Run the whole fleet over the default population."""
    with running_fleet() as fleet:
        yield fleet


@pytest.fixture(scope="session")
def shared_graph(
    legacy_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JoinedGraph]:
    """Serve the joined graph once for the run."""
    with gateway_over(legacy_fleet, tmp_path_factory.mktemp("joined")) as graph:
        yield graph


@pytest.fixture
def joined_graph(shared_graph: JoinedGraph) -> JoinedGraph:
    """Give the running graph, logged in, with a healthy, uncounted registry open for lists."""
    shared_graph.answer("1-prefill")  # whoever healed the whole fleet made it forget its tokens
    shared_graph.fleet.control("dukcapil", "reset", {})
    shared_graph.fleet.set_quota("pelayanan", 1_000_000)
    return shared_graph


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultGraph]:
    """Run a fleet whose files may be broken too, and a gateway that soon gives up."""
    with running_fault_graph(tmp_path_factory.mktemp("faults")) as graph:
        yield graph


@pytest.fixture(scope="session")
def loket(legacy_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loket]:
    """Serve the demonstration's graph with a counter of its own, once for the run."""
    legacy_fleet.reset()
    folder = tmp_path_factory.mktemp("loket")
    with gateway_over(legacy_fleet, folder, config=patient_config()) as graph:
        yield Loket(graph, folder / "var")


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> GraphQLSchema:
    """Compose the demonstration's graph once."""
    path = tmp_path_factory.mktemp("composed") / "supergraph.graphql"
    compose_command(config=ROOT / "demo" / "simpul.yaml", output=path)
    return build_api_schema(load_supergraph(path.read_text("utf-8")))
