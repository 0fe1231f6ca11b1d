"""Writes an object's steps out as straight-line Python, for records as they mostly are.

In: an ``ObjectProgram``. Out: functions that turn dicts into objects: one record, a list of them,
or the records that a lookup gave for the representations of an entity fetch. Records are read by
constant keys and leaves are checked in place; a value that is not of the usual kind (a mark, a null
that was promised, another type) is ``late``: when its object is made, it is handed to
``Completion.complete``, which is the semantics. A record that does not speak of everything asked is
not answered here at all.

Names of a schema enter the text only as quoted constants, values only as bound names.
Objects are dicts, or the executor's records if the program has their shape: ``ObjectText.create``
is the one place that knows. An object below with nothing but leaves is made in the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from adapters.kit.object_text import ObjectText, digits_check, indented, tried
from adapters.kit.outcome import Failed, Found
from adapters.kit.program import Fill, FillMany, ObjectProgram, Step
from adapters.kit.reading import KeyPath, text_rule
from adapters.kit.scalar_rules import INPUT_RULES, Digits, is_area

__all__ = [
    "FillLoaded",
    "TakeKeys",
    "write_fill",
    "write_fill_loaded",
    "write_fill_many",
    "write_take_keys",
]

FillLoaded = Callable[[Any, Sequence[Any], Sequence[Any], "list[Any]", Any, Any], None]
"""(outcomes, keys, representations, entities, answer, slowly) -> None: writes the entities."""

TakeKeys = Callable[[Sequence[Any]], "list[Any]"]
"""(representations) -> a key for each; None for one that must be looked at closely."""


def write_fill(program: ObjectProgram) -> Fill:
    """Write the function for one record."""
    body = ObjectText(program, "link")
    lines = [
        "def fill(record, link, answer):",
        *tried(body.read(), ["return None"], 1),
        *indented(body.make("out ="), 1),
        "    return out",
    ]
    return _compile(lines, "fill", body.names)  # type: ignore[no-any-return]  # compiled text


def write_fill_many(step: Step, program: ObjectProgram) -> FillMany:
    """Write the function for a list of records at ``step``."""
    body = ObjectText(program, "(link, place)")
    body.names["step"] = step
    assert step.shape.type.of is not None
    body.names["item_type"] = step.shape.type.of
    slowly = [
        "items.append(None)",
        "items[place] = answer.complete_item(step, item_type, record, items, place, link)",
        "continue",
    ]
    lines = [
        "def fill_many(records, link, answer):",
        "    items = []",
        "    for place, record in enumerate(records):",
        "        if type(record) is not dict:",
        *indented(slowly, 3),
        *tried(body.read(), slowly, 2),
        *indented(body.make("out ="), 2),
        "        items.append(out)",
        "    return items",
    ]
    return _compile(lines, "fill_many", body.names)  # type: ignore[no-any-return]


def write_fill_loaded(
    program: ObjectProgram, *, laid_over: bool, is_bare: bool, link: tuple[None, str]
) -> FillLoaded:
    """Write the function for the outcomes of one lookup, a key for each representation.

    ``laid_over``: the representations bring fields that the records may leave out.
    ``is_bare``: they hold nothing but type and key, so a failed lookup leaves nothing of them.
    """
    body = ObjectText(program, "(entities_link, place)")
    body.names |= {"Failed": Failed, "Found": Found, "entities_link": link}
    body.names["own"] = program.type_name
    reads = body.read()
    if laid_over:  # seldom needed: most records speak of all that is asked
        joined = ["record = {**representations[place], **record}", *reads]
        reads = tried(reads, joined, 0)
    fail = [
        "if type(record) is Failed:",
        "    fail((entities_link, place), record.error, record.source)",
        "    continue",
    ]
    lines = [
        "def fill_loaded(outcomes, keys, representations, entities, answer, slowly):",
        "    fail = answer.faults.fail",
        "    for place, key in enumerate(keys):",
        "        try:",
        "            record = outcomes[key]",
        "            if type(record) is not dict:",
        *indented(fail if is_bare else [], 4),
        "                record = record.record if type(record) is Found else None",
        "                if type(record) is not dict or outcomes[key].failures:",
        "                    raise KeyError",
        "            if '__typename' in record and record['__typename'] != own:",
        "                raise KeyError",
        *indented(reads, 3),
        "        except KeyError:",
        "            slowly(place, key)",
        "            continue",
        *indented(body.make("entities[place] = out ="), 2),
    ]
    return _compile(lines, "fill_loaded", body.names)  # type: ignore[no-any-return]


def write_take_keys(paths: Sequence[KeyPath]) -> TakeKeys | None:
    """Write the function that takes every key as a lookup is asked for it; None: not usual keys.

    A key that must be looked at closely (null, missing, of another type or form) is None.
    """
    checks = []
    for at, path in enumerate(paths):
        rule = text_rule(path)
        if isinstance(rule, Digits):
            checks.append(digits_check(f"k{at}", rule))
        elif rule is INPUT_RULES["Int"]:
            checks.append(f"type(k{at}) is not int")
        elif rule is INPUT_RULES["KodeWilayah"]:
            checks.append(f"type(k{at}) is not str or not is_area(k{at})")
        elif rule is None:
            checks.append(f"type(k{at}) is not str")
        else:
            return None
    takes = [
        f"k{at} = record" + "".join(f"[{segment!r}]" for segment in path.segments)
        for at, path in enumerate(paths)
    ]
    key = "k0" if len(paths) == 1 else "(" + ", ".join(f"k{at}" for at in range(len(paths))) + ")"
    skip = ["keys.append(None)", "continue"]
    lines = [
        "def take_keys(records):",
        *indented(_take_together(paths), 1),
        "    keys = []",
        "    for record in records:",
        "        try:",
        *indented(takes, 3),
        "        except (KeyError, TypeError):",
        *indented(skip, 3),
        f"        if {' or '.join(checks)}:",
        *indented(skip, 3),
        f"        keys.append({key})",
        "    return keys",
    ]
    return _compile(lines, "take_keys", {"is_area": is_area})  # type: ignore[no-any-return]


def _take_together(paths: Sequence[KeyPath]) -> list[str]:
    """Write how single texts are taken and looked at all at once: half the cost of one by one."""
    rule = text_rule(paths[0])
    if len(paths) != 1 or not (rule is None or isinstance(rule, Digits)):
        return []
    take = "record" + "".join(f"[{segment!r}]" for segment in paths[0].segments)
    lines = ["try:", f"    keys = [{take} for record in records]", "    text = ''.join(keys)"]
    if rule is not None:
        usual = f"text.isascii() and text.isdigit() and {{*map(len, keys)}} == {{{rule.count}}}"
        lines.append(f"    if {usual}:")
        lines.append("        return keys")
    else:
        lines.append("    return keys")
    return [*lines, "except (KeyError, TypeError):", "    pass"]


def _compile(lines: Sequence[str], name: str, names: dict[str, Any]) -> Any:
    """Compile the text; what it names are constants of its own."""
    code = compile("\n".join(lines), f"<{name} of {__name__}>", "exec")
    exec(code, names)
    return names[name]
