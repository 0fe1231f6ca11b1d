"""``simpul adapter new`` and ``schema``: a declared adapter drafted, and its form for editors.

In: where a source is. Out: the YAML of a first version on stdout or in a file; what could not be
mapped goes to stderr and stands in the file's first lines.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from adapters.declared.document import declared_json_schema
from adapters.declared.draft import DraftError, render_draft
from adapters.registry import RegistryError, kind_names, load_kind
from gateway.cli.output import Failure, print_json

__all__ = ["new_adapter", "print_schema"]

Origin = Literal["sql", "csv", "openapi", "wsdl"]

_KINDS: dict[Origin, str] = {"sql": "sql", "csv": "files", "openapi": "http", "wsdl": "soap"}
"""What is drafted from -> the kind of source that reads it."""


def new_adapter(
    *,
    from_: Annotated[tuple[Origin, str], Parameter(name="--from")],
    output: Path | None = None,
) -> None:
    """Draft a declared adapter from what a source tells about itself.

    Parameters
    ----------
    from_
        sql URL, csv FILE, openapi FILE, or wsdl FILE.
    output
        The file to write; it must not exist yet. Without it the draft is printed.
    """
    origin, address = from_
    if output is not None and output.exists():
        raise Failure(f"{output}: the file exists; name another, or remove it first")
    try:
        draft = asyncio.run(load_kind(_KINDS[origin]).draft(address))
    except (RegistryError, DraftError) as error:
        raise Failure(str(error)) from None
    text = render_draft(draft, origin)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
    for note in draft.notes:
        print(f"not mapped: {note}", file=sys.stderr)


def print_schema() -> None:
    """Print the JSON Schema of declared adapters' files, for editors."""
    try:
        print_json(declared_json_schema({name: load_kind(name) for name in kind_names()}))
    except RegistryError as error:
        raise Failure(str(error)) from None
