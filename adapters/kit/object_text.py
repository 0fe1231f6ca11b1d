"""The text for one object: reading a record, looking at its values, making the object.

In: an ``ObjectProgram``. Out: lines of Python, and the names that they use. What makes them into
functions is ``writer``; what a value means that is not of the usual kind is told by
``Completion.complete``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from adapters.kit.program import ObjectProgram, Source, Step
from adapters.kit.scalar_rules import DAYS, Digits, OneOf

__all__ = ["ObjectText", "digits_check", "indented", "tried"]

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


class ObjectText:
    """The text for one record: reading it, looking at its values, making its object."""

    def __init__(
        self, program: ObjectProgram, link: str, within: ObjectText | None = None, at: int = 0
    ) -> None:
        self.program = program
        self.link = link  # the expression of the object's place
        self.within = within  # the body in whose text it stands; what is unusual is for that one
        self.prefix: str = (
            "" if within is None else f"{within.prefix}b{at}_"
        )  # its siblings' differ
        self.names: dict[str, Any] = {"date": date, "days": DAYS} if within is None else {}

    def read(self, record: str = "record") -> list[str]:
        """Read every value; raises KeyError where the record does not speak of one."""
        lines = []
        for at, step in enumerate(self.program.steps):
            if step.source is Source.RECORD:
                lines.append(f"{self._value(at)} = {record}[{step.attribute!r}]")
            elif step.relation is not None:
                first = [path.split(".")[0] for path in step.relation.takes]
                lines.append(f"{self._value(at)} = {record}[{first[0]!r}]")
                lines += [f"{record}[{name!r}]" for name in first[1:]]
        return lines or ["pass"]

    def make(self, target: str) -> list[str]:
        """Make the object of what was read, then do what is unusual, then note its relations."""
        lines = self.check()
        has_late = any("late +=" in line for line in lines)
        if has_late:
            lines = ["late = ()", *lines]
        lines.append(f"{target} {self.create()}")
        if has_late:
            lines += ["if late:", "    answer.complete_late(late, out)"]
        for at, step in enumerate(self.program.steps):
            if step.relation is not None:
                lines += self._relate(at, step)
        return lines

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

    def check(self) -> list[str]:
        """Look at every value whose JSON is another, or may be."""
        lines: list[str] = []
        for at, step in enumerate(self.program.steps):
            if step.source is Source.RECORD:
                lines += self._check_value(at, step)
        return lines

    def _entries(self) -> Iterable[tuple[str, str]]:
        for at, step in enumerate(self.program.steps):
            if step.source is Source.TYPENAME:
                yield step.response, repr(self.program.type_name)
            else:
                yield step.response, self._value(at) if step.source is Source.RECORD else "None"

    def _check_value(self, at: int, step: Step) -> list[str]:
        value, late = self._value(at), self._late(at, step)
        place = f"({self.link}, {step.response!r})"
        otherwise = f"elif {value} is not None:"
        if step.non_null:
            otherwise = "else:"
        if step.one is not None and step.below is not None:
            return [
                f"if type({value}) is dict:",
                *indented(self._make_below(at, step), 1),
                otherwise,
                *indented(late, 1),
            ]
        if step.many is not None:
            return [
                f"if type({value}) is list:",
                f"    {value} = {self._bind(f'many{at}', step.many)}({value}, {place}, answer)",
                otherwise,
                *indented(late, 1),
            ]
        if step.below is not None or step.shape.type.is_list:
            return [
                f"if {value} is not None:" if not step.non_null else "if True:",
                *indented(late, 1),
            ]
        return self._check_leaf(at, step, late)

    def _make_below(self, at: int, step: Step) -> list[str]:
        """Make the object below here, if it has nothing but leaves; else by its own function."""
        value, late = self._value(at), self._late(at, step)
        place = f"({self.link}, {step.response!r})"
        assert step.below is not None
        assert step.below.sole is not None
        program = step.below.programs[step.below.sole]
        if self.within is None and _has_leaves_only(program):
            body = ObjectText(program, place, self, at)
            lines = [*body.read(value), *body.check(), f"{value} = {body.create()}"]
            self.names |= body.names
            return tried(lines, late, 0)
        made = f"made = {self._bind(f'one{at}', step.one)}({value}, {place}, answer)"
        return [made, "if made is None:", *indented(late, 1), "else:", f"    {value} = made"]

    def _check_leaf(self, at: int, step: Step, late: Sequence[str]) -> list[str]:
        value, rule = self._value(at), step.convert
        otherwise = "else:" if step.non_null else f"elif {value} is not None:"
        if step.shape.type.named == "Tanggal":
            return [
                f"if type({value}) is date:",
                f"    {value} = days[{value}]",
                otherwise,
                *indented(late, 1),
            ]
        check = self._leaf_check(at, step)
        if check is not None:
            given = "" if step.non_null else f" and {value} is not None"
            return [f"if ({check}){given}:", *indented(late, 1)]
        return [
            f"if type({value}) is str:",
            "    try:",
            f"        {value} = {self._bind(f'rule{at}', rule)}({value})",
            "    except ValueError:",
            *indented(late, 2),
            otherwise,
            *indented(late, 1),
        ]

    def _leaf_check(self, at: int, step: Step) -> str | None:
        """Write when a value is not its own JSON; None: only its rule can tell."""
        value, rule = self._value(at), step.convert
        check = _CHECKS.get(step.shape.type.named)
        if check is not None:
            return check.format(v=value)
        if isinstance(rule, Digits):
            return digits_check(value, rule)
        if isinstance(rule, OneOf):
            values = self._bind(f"values{at}", rule.values)
            return f"type({value}) is not str or {value} not in {values}"
        return "True" if rule is None else None

    def _relate(self, at: int, step: Step) -> list[str]:
        """Note the relation's key, if it is a single text; anything else is looked at closely."""
        bound = self._bind(f"s{at}", step)
        value, place = self._value(at), f"({self.link}, {step.response!r})"
        closely = f"answer.plan_relation({bound}, record, out, {self.link})"
        rule = step.key_rule
        if step.relation is None or len(step.relation.takes) != 1 or "." in step.relation.takes[0]:
            return [closely]
        check = f"type({value}) is str"
        if isinstance(rule, Digits):
            check = f"not ({digits_check(value, rule)})"
        elif rule is not None:
            return [closely]
        return [
            f"if {check}:",
            f"    answer.place({bound}, {value}, out, {place})",
            "else:",
            f"    {closely}",
        ]

    def _late(self, at: int, step: Step) -> list[str]:
        """Leave a value for later, when its object is there."""
        if self.within is not None:
            return ["raise KeyError"]
        value, bound = self._value(at), self._bind(f"s{at}", step)
        place = f"({self.link}, {step.response!r})"
        return [f"late += (({bound}, {value}, {place}),)", f"{value} = None"]

    def _value(self, at: int) -> str:
        return f"{self.prefix}v{at}"

    def _bind(self, name: str, value: Any) -> str:
        name = f"{self.prefix}{name}"
        self.names[name] = value
        return name


def _has_leaves_only(program: ObjectProgram) -> bool:
    """Tell whether looking at its values has no consequence: it may then be given up half-way."""
    return all(
        step.below is None
        and not step.shape.type.is_list
        and (step.convert is not None or step.shape.type.named in _CHECKS)
        for step in program.steps
        if step.source is not Source.TYPENAME
    )


def digits_check(value: str, rule: Digits) -> str:
    """Write when a value is not a text of so many digits."""
    return (
        f"type({value}) is not str or len({value}) != {rule.count}"
        f" or not {value}.isascii() or not {value}.isdigit()"
    )


def tried(lines: Sequence[str], otherwise: Sequence[str], level: int) -> list[str]:
    """Guard ``lines`` against records that do not speak of a field."""
    return indented(
        ["try:", *indented(lines, 1), "except KeyError:", *indented(otherwise, 1)], level
    )


def indented(lines: Iterable[str], level: int) -> list[str]:
    """Indent lines of text by so many levels."""
    return ["    " * level + line for line in lines]
