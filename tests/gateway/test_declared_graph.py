"""A declared adapter in a configured graph, beside another subgraph, and alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cache.ledger import MemoryLedger
from gateway.config.load import load_config
from gateway.standalone import configure_alone
from gateway.supergraph_source import SchemaUnreadable
from gateway.upstreams import Shared, build_http_client, open_graph
from tests.testkit.declared import EXAMPLES

pytestmark = pytest.mark.anyio


def write(folder: Path, file: str) -> Path:
    """Write a configuration with areas and a declared adapter."""
    path = folder / "simpul.yaml"
    path.write_text(
        f"subgraphs:\n  wilayah: {{adapter: wilayah}}\n  posyandu: {{adapter: {file}}}\n",
        encoding="utf-8",
    )
    return path


async def test_a_file_is_named_from_the_configurations_folder(tmp_path: Path) -> None:
    """The path is the configuration's; the supergraph tells the file's name and no folder."""
    text = (EXAMPLES / "posyandu.yaml").read_text(encoding="utf-8")
    (tmp_path / "posyandu.yaml").write_text(text, encoding="utf-8")
    config = load_config(write(tmp_path, "posyandu.yaml"), {})
    http = build_http_client(config)
    shared = Shared(http, MemoryLedger(), lambda: datetime(2026, 1, 1, tzinfo=UTC))
    graph = await open_graph(config, shared)
    assert graph.upstreams is not None
    assert graph.composed.supergraph is not None
    urls = [each.url for each in graph.composed.supergraph.graphs]
    assert urls == ["simpul:adapter/posyandu.yaml", "simpul:adapter/wilayah"]
    assert [*graph.upstreams.status()] == ["posyandu"]
    await graph.upstreams.closing.aclose()
    await http.aclose()


async def test_a_mistake_names_subgraph_line_and_column(tmp_path: Path) -> None:
    """What is wrong in the file stops the start."""
    (tmp_path / "p.yaml").write_text("name: p\nsource: {kind: sql}\n", encoding="utf-8")
    config = load_config(write(tmp_path, "p.yaml"), {})
    http = build_http_client(config)
    shared = Shared(http, MemoryLedger(), lambda: datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(SchemaUnreadable, match=r'"posyandu": .*p\.yaml:1:1: types: is required'):
        await open_graph(config, shared)
    await http.aclose()


def test_alone_it_is_named_after_its_file(tmp_path: Path) -> None:
    """With a configuration its own part is taken, however the path is written."""
    file = EXAMPLES / "posyandu.yaml"
    assert [*configure_alone(str(file), None).subgraphs] == ["posyandu"]
    config = load_config(write(tmp_path, str(file)), {})
    again = file.parent / ".." / file.parent.name / file.name
    assert [*configure_alone(str(again), config).subgraphs] == ["posyandu"]
