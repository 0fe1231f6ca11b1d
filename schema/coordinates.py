"""Schema coordinates: the names by which errors point at a place of a schema.

In: type, field and argument names. Out: ``Type``, ``Type.field``, ``Type.field(arg:)``,
``@directive``, ``@directive(arg:)``, as https://spec.graphql.org/September2025/#sec-Schema-Coordinates
writes them. Enum values and input fields are written as fields are. Kept apart from errors,
because policies and grants name places of a schema too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Coordinate", "coordinate", "directive_coordinate", "parse_coordinate"]

_NAME = r"[_A-Za-z][_0-9A-Za-z]*"
_PATTERN = re.compile(
    rf"(?P<at>@)?(?P<type>{_NAME})(?:\.(?P<field>{_NAME}))?(?:\((?P<argument>{_NAME}):\))?"
)


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One place of a schema; ``is_directive`` makes ``type_name`` a directive's name."""

    type_name: str
    field: str | None = None  # a field, an input field or an enum value
    argument: str | None = None
    is_directive: bool = False

    def __post_init__(self) -> None:
        """Refuse an argument without an owner and a field of a directive."""
        if self.is_directive and self.field is not None:
            raise ValueError(f'directive "@{self.type_name}" has no fields')
        if self.argument is not None and self.field is None and not self.is_directive:
            raise ValueError(f'type "{self.type_name}" has no arguments')

    def __str__(self) -> str:
        """Print as ``Type.field(arg:)``."""
        text = f"@{self.type_name}" if self.is_directive else self.type_name
        if self.field is not None:
            text += f".{self.field}"
        return text if self.argument is None else f"{text}({self.argument}:)"


def coordinate(type_name: str, field: str | None = None, argument: str | None = None) -> str:
    """Give the text of a type's, field's or argument's coordinate."""
    return str(Coordinate(type_name, field, argument))


def directive_coordinate(name: str, argument: str | None = None) -> str:
    """Give the text of a directive's or its argument's coordinate."""
    return str(Coordinate(name, None, argument, is_directive=True))


def parse_coordinate(text: str) -> Coordinate:
    """Read a coordinate; raises ValueError that quotes the text where it is none."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a schema coordinate such as "Type.field(argument:)"')
    return Coordinate(
        match["type"], match["field"], match["argument"], is_directive=match["at"] is not None
    )
