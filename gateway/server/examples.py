"""The example operations that the console shows as tabs.

In: a folder of ``NAME.graphql`` with ``NAME.variables.json`` beside it. Out: a list of examples
in the order of their numbers, and the route that serves it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

__all__ = ["Example", "build_examples_route", "read_examples"]


@dataclass(frozen=True, slots=True)
class Example:
    """One operation, ready to run."""

    name: str
    query: str
    variables: dict[str, Any]


def read_examples(folder: Path | None) -> tuple[Example, ...]:
    """Read the folder; None has no examples."""
    if folder is None:
        return ()
    return tuple(_read_example(path) for path in sorted(folder.glob("*.graphql"), key=_place))


def build_examples_route(path: str, examples: tuple[Example, ...]) -> Route:
    """Serve the examples as JSON, read once."""
    body = [asdict(example) for example in examples]

    async def endpoint(request: Request) -> Response:
        return JSONResponse(body, headers={"cache-control": "no-store"})

    return Route(path, endpoint)


def _place(path: Path) -> tuple[int, str]:
    """Order ``2-a`` before ``10-b``, and names without a number before both."""
    number = path.stem.partition("-")[0]
    return (int(number) if number.isdecimal() else 0, path.stem)


def _read_example(path: Path) -> Example:
    variables = path.with_suffix(".variables.json")
    values = json.loads(variables.read_text(encoding="utf-8")) if variables.is_file() else {}
    return Example(path.stem, path.read_text(encoding="utf-8"), values)
