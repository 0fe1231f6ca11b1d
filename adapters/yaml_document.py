"""A YAML file that remembers where its elements stand, so that a mistake can be pointed at.

In: a path. Out: a ``YamlDocument`` with plain values, and ``file:line:column`` for any element;
``DocumentError`` with one line per mistake. The gateway's configuration and declared adapters are
both such files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

__all__ = ["DocumentError", "Finding", "Location", "YamlDocument", "load_document", "message_of"]

Location: TypeAlias = "tuple[str | int, ...]"
"""The way from the root to an element: keys of mappings, places in lists."""

Finding: TypeAlias = "tuple[Location, str]"
"""Where a mistake is, and what is wrong."""


class DocumentError(Exception):
    """A file that cannot be used; ``lines`` has one entry per mistake."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One file, read."""

    path: Path
    root: Any  # ruamel's mapping, which knows the places

    def place(self, location: Location) -> str:
        """Give ``file:line:column`` of the nearest element that the file has."""
        line, column = self._position(location)
        return f"{self.path}:{line}:{column}"

    def refuse(self, findings: Iterable[Finding]) -> DocumentError:
        """Give the error that tells all findings, in the order of the file."""
        ordered = sorted(findings, key=lambda finding: self._position(finding[0]))
        return DocumentError([self._render(location, what) for location, what in ordered])

    def refuse_entries(self, entries: Iterable[Mapping[str, Any]]) -> DocumentError:
        """Give the error that tells pydantic's findings."""
        return self.refuse((tuple(entry["loc"]), message_of(entry)) for entry in entries)

    def _render(self, location: Location, what: str) -> str:
        name = ".".join(str(element) for element in location)
        return f"{self.place(location)}: {name + ': ' if name else ''}{what}"

    def _position(self, location: Location) -> tuple[int, int]:
        """Walk as far as the file goes; a missing key is placed at its mapping."""
        node, line, column = self.root, self.root.lc.line, self.root.lc.col
        for element in location:
            if isinstance(node, CommentedMap) and element in node:
                line, column = node.lc.key(element)
            elif (
                isinstance(node, CommentedSeq) and isinstance(element, int) and element < len(node)
            ):
                line, column = node.lc.item(element)
            else:
                break
            node = node[element]
        return line + 1, column + 1


def load_document(path: Path) -> YamlDocument:
    """Read a file that holds a mapping; raises ``DocumentError``."""
    try:
        root = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DocumentError([f"{path}: there is no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError([f"{path}: cannot be read: {error}"]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise DocumentError([f"{where}: not YAML: {error.problem}"]) from None
    if not isinstance(root, CommentedMap):
        raise DocumentError([f"{path}:1:1: a mapping of settings is expected"])
    return YamlDocument(path, root)


def message_of(entry: Mapping[str, Any]) -> str:
    """Say what a finding of pydantic means to who writes the file."""
    if entry["type"] == "extra_forbidden":
        return "there is no such setting"
    if entry["type"] == "missing":
        return "is required"
    return str(entry["msg"]).removeprefix("Value error, ")
