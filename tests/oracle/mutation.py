"""One random mistake in a valid set of subgraphs.

In: subgraphs and chance. Out: the same subgraphs with one line of one of them changed, as an author
may get it wrong: a directive too much or too few, a field lost or of another type. Whether the
result is invalid is what the references are asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from schema.subgraph.model import SubgraphSource
from tests.oracle.chance import Chance

__all__ = ["mutate"]

_FIELD = re.compile(r"^  \w+(\(.*\))?: ")
_DIRECTIVES = ("@shareable", "@external", "@inaccessible", '@override(from: "s0")')
_TRIES = 50


def mutate(subgraphs: Sequence[SubgraphSource], chance: Chance) -> list[SubgraphSource]:
    """Make one mistake."""
    changed = list(subgraphs)
    for _ in range(_TRIES):
        number = chance.between(0, len(changed) - 1)
        lines = changed[number].sdl.split("\n")
        at = chance.between(1, len(lines) - 1)
        new = chance.one(_MISTAKES)(lines[at], chance)
        if new != lines[at]:
            lines[at] = new
            changed[number] = replace(changed[number], sdl="\n".join(lines))
            break
    return changed


def _drop_directive(line: str, chance: Chance) -> str:
    found = re.findall(r' @\w+(?:\(\w+: "[^"]*"(?:, resolvable: false)?\))?', line)
    return line.replace(chance.one(found), "", 1) if found else line


def _add_directive(line: str, chance: Chance) -> str:
    return f"{line} {chance.one(_DIRECTIVES)}" if _FIELD.match(line) else line


def _drop_field(line: str, _: Chance) -> str:
    return "" if _FIELD.match(line) else line


def _change_type(line: str, chance: Chance) -> str:
    return re.sub(
        r"\b(Int|String|ID|Float|Boolean)\b", chance.one(("Int", "String")), line, count=1
    )


def _change_null(line: str, chance: Chance) -> str:
    if chance.yes(0.5):
        return line.replace("!", "", 1)
    return re.sub(r"(: \[*\w+\]*)(?=$| )", r"\1!", line, count=1)


def _wrap_list(line: str, _: Chance) -> str:
    return re.sub(r": (\w+!?)(?=$| )", r": [\1]", line, count=1) if _FIELD.match(line) else line


def _change_field_set(line: str, chance: Chance) -> str:
    other = chance.one(("id", "code", "k1", "missing", "id(n: 1)", "id @skip(if: true)", ""))
    return re.sub(r'fields: "[^"]*"', f'fields: "{other}"', line, count=1)


def _change_argument(line: str, chance: Chance) -> str:
    if "(" not in line or not _FIELD.match(line):
        return line
    return re.sub(
        r"\((\w+): (\w+)", chance.one((r"(other: \2", r"(\1: [\2]", r"(\1: \2!")), line, count=1
    )


def _change_kind(line: str, chance: Chance) -> str:
    if line.startswith("type Query"):
        return line
    return re.sub(r"^(type|interface) ", chance.one(("interface ", "type ", "extend type ")), line)


def _change_member(line: str, chance: Chance) -> str:
    if line.startswith("union"):
        return re.sub(r" \| \w+$", "", line)
    return line.replace(chance.one((" RED", " GREEN", " BLUE")), "", 1) if "enum" in line else line


def _drop_implements(line: str, _: Chance) -> str:
    return re.sub(r" implements [\w& ]+(?= [@{])", "", line, count=1)


def _close_key(line: str, _: Chance) -> str:
    return re.sub(r'(@key\(fields: "[^"]*")\)', r"\1, resolvable: false)", line, count=1)


_MISTAKES: tuple[Callable[[str, Chance], str], ...] = (
    _drop_directive,
    _drop_directive,
    _add_directive,
    _drop_field,
    _change_type,
    _change_null,
    _wrap_list,
    _change_field_set,
    _change_argument,
    _change_kind,
    _change_member,
    _drop_implements,
    _close_key,
)
