"""A YAML file to a ``Config``: environment filled in, paths made absolute, all errors at once.

In: a path and the environment. Out: a ``Config``, or ``ConfigError`` with one line per mistake,
each ``file:line:column: what is wrong``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from adapters.registry import is_declared
from adapters.yaml_document import (
    DocumentError,
    Finding,
    Location,
    YamlDocument,
    load_document,
)
from gateway.config.model import Config

__all__ = ["ConfigError", "load_config"]

_VARIABLE = re.compile(r"\$(\$|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_PATH_KEYS = frozenset({"file", "state_dir", "examples", "ca", "certificate", "key"})


class ConfigError(Exception):
    """A configuration that cannot be used; ``lines`` has one entry per mistake."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class _Source:
    """The file being read, and what fills its variables."""

    document: YamlDocument
    environ: Mapping[str, str]
    may_lack: bool


def load_config(path: Path, environ: Mapping[str, str], *, may_lack: bool = False) -> Config:
    """Load one configuration file; raises ``ConfigError`` with every mistake found.

    ``may_lack``: environment variables that are not set stay as written. For verbs that only read
    schemas, and need neither addresses nor secrets.
    """
    try:
        return _load(_Source(load_document(path), environ, may_lack))
    except DocumentError as error:
        raise ConfigError(error.lines) from None


def _load(source: _Source) -> Config:
    document = source.document
    problems: list[Finding] = []
    values = _fill(document.root, (), source, problems)
    if problems:
        raise document.refuse(problems)
    try:
        return Config.model_validate(values).with_base(document.path.parent)
    except ValidationError as error:
        raise document.refuse_entries([dict(entry) for entry in error.errors()]) from None


def _fill(node: Any, location: Location, source: _Source, problems: list[Finding]) -> Any:
    if isinstance(node, CommentedMap):
        return {
            str(key): _fill(value, (*location, str(key)), source, problems)
            for key, value in node.items()
        }
    if isinstance(node, CommentedSeq):
        return [_fill(item, (*location, i), source, problems) for i, item in enumerate(node)]
    if not isinstance(node, str):
        return node
    text = _VARIABLE.sub(lambda match: _variable(match, location, source, problems), node)
    return _as_path(text, location, source)


def _variable(
    match: re.Match[str], location: Location, source: _Source, problems: list[Finding]
) -> str:
    if match.group(1) == "$":
        return "$"
    name = match.group(2)
    if name not in source.environ and source.may_lack:
        return match.group(0)
    if name not in source.environ:
        problems.append((location, f'environment variable "{name}" is not set'))
        return ""
    return source.environ[name]


def _as_path(text: str, location: Location, source: _Source) -> str:
    """Make our own path settings relative to the file; an adapter's settings are its own."""
    inside_adapter = "settings" in location
    if inside_adapter or not location:
        return text
    is_path = location[-1] in _PATH_KEYS or (location[-1] == "adapter" and is_declared(text))
    if not is_path:
        return text
    return str(source.document.path.parent / text)
