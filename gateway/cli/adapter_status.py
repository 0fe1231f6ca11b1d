"""``simpul adapter status``: how each source of a running gateway stands, from its admin port."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gateway.cli.output import Failure, Format, print_json
from gateway.config.load import ConfigError, load_config

__all__ = ["render_status", "show_status"]

_SECONDS = 10.0
_COLUMNS = ("breaker", "busy", "waiting", "calls", "failures", "retries")

Sources = Mapping[str, Mapping[str, Any]]


def show_status(
    *, config: Path | None = None, admin: str | None = None, format: Format = "text"
) -> None:
    """Print for every source its breaker, its calls under way, attempts, failures and retries.

    Below each stand its quota's use, and under "care" every setting of its guard.

    Parameters
    ----------
    config
        The configuration of the running gateway, whose "admin" tells the port.
    admin
        HOST:PORT of the admin port, instead of a configuration.
    format
        text, or json as the port gives it.
    """
    sources = _ask(admin or _admin_of(config))
    if format == "json":
        print_json(sources)
        return
    print(render_status(sources))


def render_status(sources: Sources) -> str:
    """Render a line of columns for each source, and below it what else it tells."""
    lines = [f"{'source':<32}" + "".join(f"{name:>10}" for name in _COLUMNS)]
    for name, told in sources.items():
        columns = "".join(f"{told.get(column, '')!s:>10}" for column in _COLUMNS)
        lines += [f"{name:<32}{columns}", *(f"  {line}" for line in _more(told))]
    return "\n".join(lines)


def _admin_of(config: Path | None) -> str:
    if config is None:
        raise Failure('give "--config FILE" or "--admin HOST:PORT"')
    try:
        admin = load_config(config, os.environ, may_lack=True).admin
    except ConfigError as error:
        raise Failure(str(error)) from None
    if admin is None:
        raise Failure(f'{config} opens no admin port; set "admin: 127.0.0.1:PORT" and restart')
    return admin


def _ask(admin: str) -> Sources:
    url = f"http://{admin}/sources"
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as response:
            answer: Sources = json.load(response)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Failure(f"{url} does not answer as a gateway's admin port: {reason}") from None
    return answer


def _more(told: Mapping[str, Any]) -> list[str]:
    """Give what only some tell, such as a file's version and its alarm, and the settings."""
    return [
        f"{name}: {_worded(value)}"
        for name, value in told.items()
        if name not in ("source", *_COLUMNS) and value not in (None, "", 0)
    ]


def _worded(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_worded(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
