"""A verb for every stage of an operation: what comes out of it, as text or JSON.

In: an operation's file and a graph (``--config`` or ``--supergraph``). Out: the stage's value on
stdout. ``docs/debugging.md`` says whose fault it is if a value looks wrong. Nothing is denied here:
what a caller may not read is decided per request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cyclopts import Parameter
from graphql import GraphQLSchema, introspection_from_schema

from gateway.cli.compose import compose_config
from gateway.cli.config import read_config
from gateway.cli.output import Failure, Format, print_json
from gateway.config.model import Config, SupergraphSettings
from gateway.errors import GatewayError
from gateway.executor.project.render import projection_to_json, render_projection
from gateway.executor.project.shapes import ProjectionProgram
from gateway.operation.limits import check_limits
from gateway.operation.model import Operation
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.print import operation_to_json, print_operation
from gateway.operation.validate import validate_document
from gateway.plan.render import plan_to_json, render_plan
from gateway.planner.inspect import (
    fetch_graph_to_json,
    paths_to_json,
    render_fetch_graphs,
    render_paths,
)
from gateway.planner.planner import PlanStages, plan_operation, plan_stages
from gateway.snapshot import operation_limits
from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import QueryGraph
from schema.query_graph.render import (
    query_graph_to_json,
    render_query_graph,
    render_query_graph_dot,
    render_query_graph_mermaid,
)
from schema.supergraph.api_schema import build_api_schema, render_api_schema
from schema.supergraph.model import Supergraph

__all__ = [
    "Asked",
    "api_schema_command",
    "fetch_graph_command",
    "graph_command",
    "normalize_command",
    "paths_command",
    "plan_command",
    "project_command",
]


_GRAPH_FORMS = {
    "text": render_query_graph,
    "mermaid": render_query_graph_mermaid,
    "dot": render_query_graph_dot,
}


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every verb may be told beside its operation.

    Parameters
    ----------
    operation
        The operation's name, where the file holds several.
    config
        A simpul.yaml or supergraph.yaml that names the graph.
    supergraph
        A composed supergraph, instead of a configuration.
    format
        text or json.
    """

    operation: str | None = None
    config: Path | None = None
    supergraph: Path | None = None
    format: Format = "text"


_DEFAULTS = Asked()


@dataclass(frozen=True, slots=True)
class _Subject:
    """The operation asked about, read against its graph."""

    operation: Operation
    api_schema: GraphQLSchema
    query_graph: QueryGraph

    def stages(self) -> tuple[PlanStages, ...]:
        """Plan, and keep what lies between: one entry, or one per run of a mutation."""
        return plan_stages(self.operation, self.query_graph)


def normalize_command(file: Path, *, asked: Asked = _DEFAULTS) -> None:
    """Print an operation as the planner sees it: fragments inlined, types resolved.

    Parameters
    ----------
    file
        The operation, a .graphql file.
    """
    operation = _read(file, asked).operation
    _show(asked, lambda: print_operation(operation), lambda: operation_to_json(operation))


def api_schema_command(
    *, config: Path | None = None, supergraph: Path | None = None, format: Format = "text"
) -> None:
    """Print the schema that clients see.

    Parameters
    ----------
    config
        A simpul.yaml or supergraph.yaml that names the graph.
    supergraph
        A composed supergraph, instead of a configuration.
    format
        text is SDL, json the answer to an introspection query.
    """
    read = _supergraph(_config(config, supergraph))
    if format == "json":
        print_json(introspection_from_schema(build_api_schema(read)))
    else:
        print(render_api_schema(read), end="")


def graph_command(
    file: Path | None = None,
    *,
    config: Path | None = None,
    supergraph: Path | None = None,
    format: Literal["text", "mermaid", "dot", "json"] = "text",
) -> None:
    """Print the query graph, which composition proves and the planner walks.

    Parameters
    ----------
    file
        An operation is accepted and not read: the graph is the same for all.
    config
        A simpul.yaml or supergraph.yaml that names the graph.
    supergraph
        A composed supergraph, instead of a configuration.
    format
        text, mermaid, dot or json.
    """
    graph = build_query_graph(_supergraph(_config(config, supergraph)))
    if format == "json":
        print_json(query_graph_to_json(graph))
    else:
        print(_GRAPH_FORMS[format](graph))


def paths_command(file: Path, *, asked: Asked = _DEFAULTS) -> None:
    """Print the ways through the query graph, the chosen ones marked.

    Parameters
    ----------
    file
        The operation, a .graphql file.
    """
    stages = _read(file, asked).stages()
    _show(asked, lambda: render_paths(stages), lambda: paths_to_json(stages))


def fetch_graph_command(file: Path, *, asked: Asked = _DEFAULTS) -> None:
    """Print the fetch groups: what each asks, brings and waits for.

    Parameters
    ----------
    file
        The operation, a .graphql file.
    """
    stages = _read(file, asked).stages()
    _show(asked, lambda: render_fetch_graphs(stages), lambda: fetch_graph_to_json(stages))


def plan_command(file: Path, *, asked: Asked = _DEFAULTS) -> None:
    """Print the query plan in the field's notation.

    Parameters
    ----------
    file
        The operation, a .graphql file.
    """
    subject = _read(file, asked)
    plan = plan_operation(subject.operation, subject.query_graph)
    _show(asked, lambda: render_plan(plan), lambda: plan_to_json(plan))


def project_command(file: Path, *, asked: Asked = _DEFAULTS) -> None:
    """Print how the answer is projected: fields in order, per runtime type.

    Fields under @skip or @include are shown as for variables that are all false.

    Parameters
    ----------
    file
        The operation, a .graphql file.
    """
    subject = _read(file, asked)
    schema = subject.api_schema
    program = ProjectionProgram(subject.operation.selection_set, schema, frozenset())
    _show(
        asked,
        lambda: render_projection(program, {}, schema),
        lambda: projection_to_json(program, {}, schema),
    )


def _show(asked: Asked, text: Callable[[], str], json: Callable[[], Any]) -> None:
    """Print a stage's value in the form asked for, making no other."""
    if asked.format == "json":
        print_json(json())
    else:
        print(text().rstrip("\n"))


def _read(file: Path, asked: Asked) -> _Subject:
    config = _config(asked.config, asked.supergraph)
    read = _supergraph(config)
    api_schema = build_api_schema(read)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file}: cannot be read: {error}") from None
    limits = operation_limits(config)
    try:
        document = parse_document(text, max_tokens=limits.tokens)
        check_limits(document, limits)
        validate_document(document, api_schema)
        operation = normalize_document(document, asked.operation, api_schema)
    except GatewayError as error:
        raise Failure("\n".join(_located(file, error))) from None
    return _Subject(operation, api_schema, build_query_graph(read))


def _located(file: Path, error: GatewayError) -> list[str]:
    lines = []
    for problem in error.problems:
        place = problem.locations[0] if problem.locations else None
        where = f"{file}:{place.line}:{place.column}" if place else str(file)
        lines.append(f"{where}: {problem.message}")
    return lines


def _config(config: Path | None, supergraph: Path | None) -> Config:
    if (config is None) == (supergraph is None):
        raise Failure('give either "--config" or "--supergraph"')
    if config is not None:
        return read_config(config)
    assert supergraph is not None
    return Config(supergraph=SupergraphSettings(file=supergraph))


def _supergraph(config: Config) -> Supergraph:
    result = compose_config(config)
    if result.supergraph is None:
        raise Failure("\n".join(f"{error.code}: {error.message}" for error in result.errors))
    return result.supergraph
