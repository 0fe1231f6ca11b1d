"""How a value is read from a record, whatever form the adapter gave it.

In: a mapping, an object, or a key stub laid over what was loaded for it. Out: the value, or
``ABSENT`` when the record does not speak of the field at all (``None`` is an answer).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.kit.scalar_rules import INPUT_RULES
from adapters.kit.shapes import Shapes

__all__ = [
    "ABSENT",
    "KeyPath",
    "Layered",
    "compile_path",
    "has_all",
    "join_records",
    "read",
    "take",
    "take_key",
    "text_rule",
]


class _Absent:
    """The type of ``ABSENT``."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Layered:
    """A loaded object over the stub that led to it."""

    above: Any
    below: Any


@dataclass(frozen=True, slots=True)
class KeyPath:
    """A path on a record, with the rule that its scalar has for JSON input."""

    text: str
    segments: tuple[str, ...]
    rule: Callable[[Any], Any] | None


def read(record: Any, name: str) -> Any:
    """Read the field ``name``."""
    if type(record) is dict:  # by far the most records; the abstract check costs ten times as much
        return record.get(name, ABSENT)
    if isinstance(record, Mapping):
        return record.get(name, ABSENT)
    if isinstance(record, Layered):
        value = read(record.above, name)
        return read(record.below, name) if value is ABSENT else value
    return getattr(record, name, ABSENT)


def has_all(record: Any, names: frozenset[str]) -> bool:
    """Tell whether the record speaks of every one of ``names``."""
    if isinstance(record, dict):
        return names <= record.keys()
    return all(read(record, name) is not ABSENT for name in names)


def join_records(stub: Any, loaded: Any) -> Any:
    """Lay what was loaded over the stub that it was loaded for."""
    if type(stub) is dict and (type(loaded) is dict or isinstance(loaded, Mapping)):
        return {**stub, **loaded}
    return Layered(loaded, stub)


def compile_path(shapes: Shapes, type_name: str, text: str) -> KeyPath:
    """Prepare a dotted path on ``type_name``; names outside the SDL are the adapter's own."""
    segments = tuple(text.split("."))
    current = shapes.types.get(type_name)
    named = ""
    for segment in segments:
        field = None if current is None else current.fields.get(segment)
        if field is None:
            return KeyPath(text, segments, None)
        named = field.type.named if not field.type.is_list else ""
        current = shapes.types.get(named)
    return KeyPath(text, segments, INPUT_RULES.get(named))


def text_rule(path: KeyPath) -> Callable[[Any], Any] | None:
    """Give the rule that a text at ``path`` must pass; None where any text will do."""
    return None if path.rule in (INPUT_RULES["String"], INPUT_RULES["ID"]) else path.rule


def take(record: Any, path: KeyPath) -> Any:
    """Read the value at ``path``: ABSENT if a step is missing; ValueError if its type refuses it.

    Values that came as JSON (from a representation) become what an argument would have become.
    """
    if len(path.segments) == 1:
        value = read(record, path.text)
    else:
        value = record
        for segment in path.segments:
            value = read(value, segment)
            if value is None or value is ABSENT:
                return value
    if path.rule is not None and isinstance(value, str):
        return path.rule(value)
    return value


def take_key(record: Any, paths: Sequence[KeyPath]) -> Any:
    """Read a whole key: the bare value for one path, else a tuple."""
    if len(paths) == 1:
        return take(record, paths[0])
    return tuple(take(record, path) for path in paths)
