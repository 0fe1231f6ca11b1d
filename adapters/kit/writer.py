"""Writes an object's steps out as straight-line Python, for records as they mostly are.

In: an ``ObjectProgram``. Out: functions that turn dicts into objects: one record, a list of them,
or the records that a lookup gave for the representations of an entity fetch. Records are read by
constant keys and leaves are checked in place; a value that is not of the usual kind (a mark, a null
that was promised, another type) is handed to ``Answer.complete``, which is the semantics, and a
record that does not speak of everything asked is not answered here at all.

Names of a schema enter the text only as quoted constants, values only as bound names.
Objects are dicts, or the executor's records if the program has their shape: ``_Body.create`` and
``_Body.target`` are the two places that know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from adapters.kit.outcome import Found
from adapters.kit.program import Fill, FillMany, ObjectProgram, Source, Step
from adapters.kit.reading import KeyPath, text_rule
from adapters.kit.scalar_rules import DAYS, INPUT_RULES, Digits, OneOf, is_area

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

_INT_CHECK = "type({v}) is not int or not -2147483648 <= {v} < 2147483648"
_CHECKS = {
    "String": "type({v}) is not str",
    "ID": "type({v}) is not str",
    "Int": _INT_CHECK,
    "Float": "type({v}) is not float",
    "Boolean": "type({v}) is not bool",
    "Rupiah": "type({v}) is not int",
}
"""Scalar -> when its value is not yet the JSON that it becomes."""


def write_fill(program: ObjectProgram) -> Fill:
    """Write the function for one record."""
    body = _Body(program, "link")
    lines = [
        "def fill(record, link, answer):",
        *_tried(body.read(), ["return None"], 1),
        f"    out = {body.create()}",
        *_indented(body.check(), 1),
        "    return out",
    ]
    return _compile(lines, "fill", body.names)  # type: ignore[no-any-return]  # compiled text


def write_fill_many(step: Step, program: ObjectProgram) -> FillMany:
    """Write the function for a list of records at ``step``."""
    body = _Body(program, "(link, place)")
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
        *_indented(slowly, 3),
        *_tried(body.read(), slowly, 2),
        f"        out = {body.create()}",
        "        items.append(out)",
        *_indented(body.check(), 2),
        "    return items",
    ]
    return _compile(lines, "fill_many", body.names)  # type: ignore[no-any-return]


def write_fill_loaded(
    program: ObjectProgram, *, laid_over: bool, link: tuple[None, str]
) -> FillLoaded:
    """Write the function for the outcomes of one lookup, a key for each representation.

    ``laid_over``: the representations bring fields that the records may leave out.
    """
    body = _Body(program, "(entities_link, place)")
    body.names |= {"Found": Found, "entities_link": link, "own": program.type_name}
    join = ["record = {**representations[place], **record}"] if laid_over else []
    lines = [
        "def fill_loaded(outcomes, keys, representations, entities, answer, slowly):",
        "    for place, key in enumerate(keys):",
        "        try:",
        "            record = outcomes[key]",
        "            if type(record) is not dict:",
        "                record = record.record if type(record) is Found else None",
        "                if type(record) is not dict or outcomes[key].failures:",
        "                    raise KeyError",
        "            if '__typename' in record and record['__typename'] != own:",
        "                raise KeyError",
        *_indented([*join, *body.read()], 3),
        "        except KeyError:",
        "            slowly(place, key)",
        "            continue",
        f"        entities[place] = out = {body.create()}",
        *_indented(body.check(), 2),
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
            checks.append(_digits_check(f"k{at}", rule))
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
        *_indented(_take_together(paths), 1),
        "    keys = []",
        "    for record in records:",
        "        try:",
        *_indented(takes, 3),
        "        except (KeyError, TypeError):",
        *_indented(skip, 3),
        f"        if {' or '.join(checks)}:",
        *_indented(skip, 3),
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


class _Body:
    """The text for one record: reading it, creating its object, looking at its values."""

    def __init__(self, program: ObjectProgram, link: str) -> None:
        self.program = program
        self.link = link  # the expression of the object's place
        self.names: dict[str, Any] = {"date": date, "days": DAYS}

    def read(self) -> list[str]:
        """Read every value; raises KeyError where the record does not speak of one."""
        lines = []
        for at, step in enumerate(self.program.steps):
            if step.source is Source.RECORD:
                lines.append(f"v{at} = record[{step.attribute!r}]")
            elif step.relation is not None:
                first = [path.split(".")[0] for path in step.relation.takes]
                lines.append(f"v{at} = record[{first[0]!r}]")
                lines += [f"record[{name!r}]" for name in first[1:]]
        return lines or ["pass"]

    def create(self) -> str:
        """Create the object, in the order asked."""
        shape, values = self.program.shape, dict(self._entries())
        if shape is None:
            return "{" + ", ".join(f"{name!r}: {value}" for name, value in values.items()) + "}"
        record = self._bind("record_class", shape.record)
        held = ", ".join(
            values[name] if shape.is_positional else f"{attribute}={values[name]}"
            for name, attribute in shape.attributes.items()
        )
        return f"{record}({held})"

    def target(self, step: Step) -> str:
        """Write where a step's value goes."""
        return f"out[{step.slot!r}]" if self.program.shape is None else f"out.{step.slot}"

    def check(self) -> list[str]:
        """Look at every value whose JSON is another, or may be."""
        lines: list[str] = []
        for at, step in enumerate(self.program.steps):
            if step.source is Source.RECORD:
                self.names[f"s{at}"] = step
                lines += self._check_value(at, step)
            elif step.relation is not None:
                self.names[f"s{at}"] = step
                lines += self._relate(at, step)
        return lines

    def _entries(self) -> Iterable[tuple[str, str]]:
        for at, step in enumerate(self.program.steps):
            if step.source is Source.TYPENAME:
                yield step.response, repr(self.program.type_name)
            elif step.source is Source.RECORD and step.below is None:
                yield step.response, f"v{at}"
            else:
                yield step.response, "None"

    def _check_value(self, at: int, step: Step) -> list[str]:
        value, put = f"v{at}", f"{self.target(step)} ="
        place = f"({self.link}, {step.response!r})"
        complete = f"{put} answer.complete(s{at}, {value}, {place}, out)"
        given = "" if step.non_null else f" and {value} is not None"
        is_list = step.shape.type.is_list
        if step.one is not None and step.below is not None:
            return [
                f"if type({value}) is dict:",
                f"    {value} = {self._bind(f'one{at}', step.one)}({value}, {place}, answer)"
                f" or answer.complete(s{at}, {value}, {place}, out)",
                f"    {put} {value}",
                f"elif True{given}:",
                f"    {complete}",
            ]
        if step.many is not None:
            return [
                f"if type({value}) is list:",
                f"    {put} {self._bind(f'many{at}', step.many)}({value}, {place}, answer)",
                f"elif True{given}:",
                f"    {complete}",
            ]
        if step.below is not None or is_list:
            return [f"if True{given}:", f"    {complete}"]
        return self._check_leaf(at, step, put, complete, given)

    def _check_leaf(self, at: int, step: Step, put: str, complete: str, given: str) -> list[str]:
        value, rule = f"v{at}", step.convert
        if step.shape.type.named == "Tanggal":
            return [
                f"if type({value}) is date:",
                f"    {put} days[{value}]",
                f"elif True{given}:",
                f"    {complete}",
            ]
        check = _CHECKS.get(step.shape.type.named)
        if check is not None:
            check = check.format(v=value)
        elif isinstance(rule, Digits):
            check = _digits_check(value, rule)
        elif isinstance(rule, OneOf):
            values = self._bind(f"values{at}", rule.values)
            check = f"type({value}) is not str or {value} not in {values}"
        elif rule is None:
            check = "True"
        if check is not None:
            return [f"if ({check}){given}:", f"    {complete}"]
        return [
            f"if type({value}) is str:",
            "    try:",
            f"        {put} {self._bind(f'rule{at}', rule)}({value})",
            "    except ValueError:",
            f"        {complete}",
            f"elif True{given}:",
            f"    {complete}",
        ]

    def _relate(self, at: int, step: Step) -> list[str]:
        """Note the relation's key, if it is a single text; anything else is looked at closely."""
        place = f"({self.link}, {step.response!r})"
        closely = f"answer.plan_relation(s{at}, record, out, {self.link})"
        rule = step.key_rule
        if step.relation is None or len(step.relation.takes) != 1 or "." in step.relation.takes[0]:
            return [closely]
        check = f"type(v{at}) is str"
        if isinstance(rule, Digits):
            check = f"not ({_digits_check(f'v{at}', rule)})"
        elif rule is not None:
            return [closely]
        return [
            f"if {check}:",
            f"    answer.place(s{at}, v{at}, out, {place})",
            "else:",
            f"    {closely}",
        ]

    def _bind(self, name: str, value: Any) -> str:
        self.names[name] = value
        return name


def _digits_check(value: str, rule: Digits) -> str:
    return (
        f"type({value}) is not str or len({value}) != {rule.count}"
        f" or not {value}.isascii() or not {value}.isdigit()"
    )


def _tried(lines: Sequence[str], otherwise: Sequence[str], level: int) -> list[str]:
    """Guard ``lines`` against records that do not speak of a field."""
    return _indented(
        ["try:", *_indented(lines, 1), "except KeyError:", *_indented(otherwise, 1)], level
    )


def _indented(lines: Iterable[str], level: int) -> list[str]:
    return ["    " * level + line for line in lines]


def _compile(lines: Sequence[str], name: str, names: dict[str, Any]) -> Any:
    """Compile the text; what it names are constants of its own."""
    code = compile("\n".join(lines), f"<{name} of {__name__}>", "exec")
    exec(code, names)
    return names[name]
