"""``simpul compose``: subgraphs to a supergraph file, or to what is wrong with them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gateway.cli.config import read_config
from gateway.cli.output import Failure, Format, print_json
from gateway.collector import paused_collector
from gateway.config.model import Config
from gateway.supergraph_source import SchemaUnreadable, read_supergraph
from gateway.upstreams import build_http_client
from schema.composition.composer import CompositionResult
from schema.errors import CompositionError, CompositionHint
from schema.supergraph.render import render_supergraph

__all__ = ["compose_command", "compose_config"]


def compose_command(*, config: Path, output: Path | None = None, format: Format = "text") -> None:
    """Compose the subgraphs of a supergraph.yaml or simpul.yaml into a supergraph.

    Parameters
    ----------
    config
        The file that names the subgraphs.
    output
        Where to write the supergraph; without it, it goes to stdout (in text).
    format
        text, or json: {"errors": [...], "hints": [...]} on stdout.
    """
    result = compose_config(read_config(config))
    if result.supergraph is not None and output is not None:
        output.write_text(render_supergraph(result.supergraph), encoding="utf-8")
    if format == "json":
        print_json({"errors": _as_json(result.errors), "hints": _as_json(result.hints)})
    if result.supergraph is None:
        raise Failure(_as_text(result.errors))
    if format == "text":
        for hint in result.hints:
            print(f"hint: {hint}", file=sys.stderr)
    if format == "text" and output is None:
        print(render_supergraph(result.supergraph), end="")
    elif format == "text":
        print(f"{output}: written")


def compose_config(config: Config) -> CompositionResult:
    """Compose what a configuration names; raises ``Failure`` if a schema cannot be read."""
    try:
        with paused_collector():
            return asyncio.run(_compose(config))
    except SchemaUnreadable as error:
        raise Failure(str(error)) from None


async def _compose(config: Config) -> CompositionResult:
    http = build_http_client(config)
    try:
        return await read_supergraph(config, http)
    finally:
        await http.aclose()


def _as_json(findings: Sequence[CompositionError | CompositionHint]) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "message": each.message,
            "coordinates": list(each.coordinates),
            "subgraphs": list(each.subgraphs),
        }
        for each in findings
    ]


def _as_text(errors: Sequence[CompositionError]) -> str:
    lines = [f"{error.code}: {error.message}" for error in errors]
    return "\n".join([*lines, f"{len(errors)} errors; no supergraph was written"])
