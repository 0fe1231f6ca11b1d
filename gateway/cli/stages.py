"""A verb for every stage of an operation: what comes out of it, as text or JSON.

In: an operation's file and a graph (``--config`` or ``--supergraph``). Out: the stage's value on
stdout. ``docs/debugging.md`` says whose fault it is if a value looks wrong.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gateway.cli.compose import compose_config
from gateway.cli.config import read_config
from gateway.cli.output import Failure, Format, print_json
from gateway.config.model import Config, SupergraphSettings
from gateway.errors import GatewayError
from gateway.executor.project.render import projection_to_json, render_projection
from gateway.operation.model import Operation
from gateway.operation.print import operation_to_json, print_operation
from gateway.plan.render import plan_to_json, render_plan
from gateway.planner.fetch_graph import fetch_graph_to_json, render_fetch_graph
from gateway.planner.path_tree import path_tree_to_json, render_path_tree
from gateway.planner.planner import PlanStages, plan_stages
from gateway.snapshot import SchemaSnapshot
from schema.query_graph.render import query_graph_to_json, render_dot, render_mermaid

__all__ = [
    "fetch_graph_command",
    "graph_command",
    "normalize_command",
    "paths_command",
    "plan_command",
    "project_command",
]


@dataclass(frozen=True, slots=True)
class _Subject:
    """The operation asked about, read against its graph; nothing is denied."""

    snapshot: SchemaSnapshot
    operation: Operation

    def plan_stages(self) -> tuple[PlanStages, ...]:
        """Plan, and keep what lies between."""
        return plan_stages(self.operation, self.snapshot.query_graph)


def normalize_command(
    file: Path,
    *,
    operation: str | None = None,
    config: Path | None = None,
    supergraph: Path | None = None,
    format: Format = "text",
) -> None:
    """Print the operation as the planner sees it: fragments inlined, types resolved."""
    subject = _read(file, operation, config, supergraph)
    if format == "json":
        print_json(operation_to_json(subject.operation))
    else:
        print(print_operation(subject.operation), end="")
