"""``simpul check``: what changes for clients from one schema to the next.

In: two files, each a supergraph, a client's schema or a configuration that composes. Out: the
changes, the worst first; the exit status is 1 if one of them breaks operations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gateway.cli.compose import compose_config
from gateway.cli.config import read_config
from gateway.cli.output import Failure, Format, print_json
from schema.changes.change import SchemaChange, Severity
from schema.changes.compare import compare_schemas
from schema.changes.side import ComparedSchema
from schema.errors import SupergraphError
from schema.supergraph.model import Supergraph

__all__ = ["check_command"]

_CONFIGURATIONS = (".yaml", ".yml")


def check_command(old: Path, new: Path, *, format: Format = "text") -> None:
    """List what changes for clients from OLD to NEW; exit 1 if something breaks.

    Each is a supergraph or a client's schema (SDL), or a configuration (.yaml), composed first.

    Parameters
    ----------
    old
        The schema that clients use today.
    new
        The schema that would replace it.
    format
        text, or json: {"changes": [{"severity", "code", "coordinate", "message"}]}.
    """
    changes = compare_schemas(_read(old), _read(new))
    count = Counter(change.severity for change in changes)
    summary = ", ".join(f"{count[severity]} {severity}" for severity in Severity)
    if format == "json":
        print_json({"changes": [_as_json(change) for change in changes]})
    else:
        print("\n".join([*_as_text(changes), summary]))
    if count[Severity.BREAKING]:
        raise Failure(f"{new}: {count[Severity.BREAKING]} changes break operations of {old}")


def _as_json(change: SchemaChange) -> dict[str, str]:
    return {
        "severity": change.severity,
        "code": change.code,
        "coordinate": change.coordinate,
        "message": change.message,
    }


def _as_text(changes: Sequence[SchemaChange]) -> list[str]:
    return [
        f"{change.severity:<9}  {change.coordinate}: {change.message} [{change.code}]"
        for change in changes
    ]


def _read(file: Path) -> ComparedSchema:
    try:
        if file.suffix in _CONFIGURATIONS:
            return ComparedSchema.of(_compose(file))
        return ComparedSchema.read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file}: cannot be read: {error}") from None
    except SupergraphError as error:
        raise Failure(f"{file}: neither a supergraph nor a client's schema: {error}") from None


def _compose(file: Path) -> Supergraph:
    result = compose_config(read_config(file))
    if result.supergraph is None:
        told = "\n".join(f"{error.code}: {error.message}" for error in result.errors)
        raise Failure(f"{file}: does not compose\n{told}")
    return result.supergraph
