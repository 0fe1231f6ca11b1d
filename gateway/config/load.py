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
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

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
    """The file being read: for messages and for relative paths."""

    path: Path
    environ: Mapping[str, str]
    root: Any
    may_lack: bool

    def place(self, location: tuple[str | int, ...]) -> str:
        """Give ``file:line:column`` of the nearest element that the file has."""
        line, column = _position(self.root, location)
        return f"{self.path}:{line}:{column}"


def load_config(path: Path, environ: Mapping[str, str], *, may_lack: bool = False) -> Config:
    """Load one configuration file; raises ``ConfigError`` with every mistake found.

    ``may_lack``: environment variables that are not set stay as written. For verbs that only read
    schemas, and need neither addresses nor secrets.
    """
    source = _Source(path, environ, _parse_yaml(path), may_lack)
    problems: list[str] = []
    values = _fill(source.root, (), source, problems)
    if problems:
        raise ConfigError(problems)
    try:
        return Config.model_validate(values).with_base(path.parent)
    except ValidationError as error:
        entries = sorted(error.errors(), key=lambda entry: _position(source.root, entry["loc"]))
        raise ConfigError([_render(source, dict(entry)) for entry in entries]) from None


def _parse_yaml(path: Path) -> Any:
    try:
        root = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: cannot be read: {error}"]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ConfigError([f"{where}: not YAML: {error.problem}"]) from None
    if not isinstance(root, CommentedMap):
        raise ConfigError([f"{path}:1:1: a mapping of settings is expected"])
    return root


def _fill(node: Any, location: tuple[str | int, ...], source: _Source, problems: list[str]) -> Any:
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
    match: re.Match[str], location: tuple[str | int, ...], source: _Source, problems: list[str]
) -> str:
    if match.group(1) == "$":
        return "$"
    name = match.group(2)
    if name not in source.environ and source.may_lack:
        return match.group(0)
    if name not in source.environ:
        problems.append(f'{source.place(location)}: environment variable "{name}" is not set')
        return ""
    return source.environ[name]


def _as_path(text: str, location: tuple[str | int, ...], source: _Source) -> str:
    """Make our own path settings relative to the file; an adapter's settings are its own."""
    inside_adapter = "settings" in location
    if inside_adapter or not location or location[-1] not in _PATH_KEYS:
        return text
    return str(source.path.parent / text)


def _position(root: Any, location: tuple[str | int, ...]) -> tuple[int, int]:
    """Walk as far as the file goes; a missing key is placed at its mapping."""
    node, line, column = root, root.lc.line, root.lc.col
    for element in location:
        if isinstance(node, CommentedMap) and element in node:
            line, column = node.lc.key(element)
        elif isinstance(node, CommentedSeq) and isinstance(element, int) and element < len(node):
            line, column = node.lc.item(element)
        else:
            break
        node = node[element]
    return line + 1, column + 1


def _render(source: _Source, entry: dict[str, Any]) -> str:
    location = tuple(entry["loc"])
    name = ".".join(str(element) for element in location)
    message = str(entry["msg"]).removeprefix("Value error, ")
    if entry["type"] == "extra_forbidden":
        message = "there is no such setting"
    elif entry["type"] == "missing":
        message = "is required"
    return f"{source.place(location)}: {name + ': ' if name else ''}{message}"
