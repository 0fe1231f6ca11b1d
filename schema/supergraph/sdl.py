"""Elements of a schema as SDL text.

In: the model's types, and a function that gives the directives to print on an element. Out: SDL
in one spelling. ``render`` prints the whole supergraph with it, ``api_schema`` what clients see.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from graphql.language.block_string import is_printable_as_block_string, print_block_string

from schema.selection import Directive, Value, print_value
from schema.supergraph.model import (
    Applied,
    ArgumentDefinition,
    DirectiveDefinition,
    EnumType,
    EnumValue,
    FieldDefinition,
    InputField,
    InputObjectType,
    InterfaceType,
    JoinField,
    ObjectType,
    ScalarType,
    TypeDefinition,
    UnionType,
)

__all__ = ["SdlPrinter", "print_directive", "print_text"]


class SdlPrinter:
    """Prints elements with the specified directives only; subclasses add ``join`` and the rest."""

    def print_type(self, definition: TypeDefinition) -> str:
        """Print one type definition with its description."""
        return self._description(definition.applied, "") + self._print_body(definition)

    def print_directive_definition(self, definition: DirectiveDefinition) -> str:
        """Print one directive definition with its description."""
        description = Applied(description=definition.description)
        repeatable = " repeatable" if definition.repeatable else ""
        return (
            f"{self._description(description, '')}directive @{definition.name}"
            f"{self._arguments(definition.arguments, '')}{repeatable}"
            f" on {' | '.join(definition.locations)}"
        )

    def joins_of_type(self, definition: TypeDefinition) -> list[str]:
        """Give the ``join`` directives of a type; none here."""
        return []

    def joins_of_field(self, joins: Sequence[JoinField]) -> list[str]:
        """Give the ``join`` directives of a field; none here."""
        return []

    def joins_of_value(self, value: EnumValue) -> list[str]:
        """Give the ``join`` directives of an enum value; none here."""
        return []

    def directives_of(self, applied: Applied) -> list[str]:
        """Give the other directives of an element: here @deprecated alone."""
        if applied.deprecated is None:
            return []
        return [f"@deprecated(reason: {print_text(applied.deprecated)})"]

    def _print_body(self, definition: TypeDefinition) -> str:
        match definition:
            case InterfaceType():
                return self._composite("interface", definition)
            case ObjectType():
                return self._composite("type", definition)
            case UnionType():
                members = " | ".join(definition.member_names)
                head = self._head(definition)
                return f"union {definition.name}{head}{_gap(head)}= {members}"
            case EnumType():
                values = [self._enum_value(value) for value in definition.values.values()]
                return f"enum {definition.name}{_block(self._head(definition), values)}"
            case InputObjectType():
                fields = [self._input_field(field) for field in definition.fields.values()]
                return f"input {definition.name}{_block(self._head(definition), fields)}"
            case ScalarType():
                return f"scalar {definition.name}{self._head(definition)}"

    def _composite(self, keyword: str, definition: ObjectType) -> str:
        interfaces = " & ".join(definition.interfaces)
        implements = f" implements {interfaces}" if interfaces else ""
        fields = [self._field(field) for field in definition.fields.values()]
        return f"{keyword} {definition.name}{implements}{_block(self._head(definition), fields)}"

    def _head(self, definition: TypeDefinition) -> str:
        joins = self.joins_of_type(definition)
        directives = joins + self.directives_of(definition.applied)
        if isinstance(definition, ScalarType) and definition.specified_by is not None:
            directives.append(f"@specifiedBy(url: {print_text(definition.specified_by)})")
        if isinstance(definition, InputObjectType) and definition.one_of:
            directives.append("@oneOf")
        return "".join(f"\n  {text}" for text in directives) if joins else _spaced(directives)

    def _field(self, field: FieldDefinition) -> str:
        directives = self.joins_of_field(field.joins) + self.directives_of(field.applied)
        arguments = self._arguments(field.arguments, "  ")
        head = self._description(field.applied, "  ")
        return f"{head}  {field.name}{arguments}: {field.type}{_spaced(directives)}"

    def _input_field(self, field: InputField) -> str:
        directives = self.joins_of_field(field.joins) + self.directives_of(field.applied)
        head = self._description(field.applied, "  ")
        default = _default(field.default)
        return f"{head}  {field.name}: {field.type}{default}{_spaced(directives)}"

    def _enum_value(self, value: EnumValue) -> str:
        directives = self.joins_of_value(value) + self.directives_of(value.applied)
        return f"{self._description(value.applied, '  ')}  {value.name}{_spaced(directives)}"

    def _arguments(self, arguments: Sequence[ArgumentDefinition], indent: str) -> str:
        if not arguments:
            return ""
        if all(argument.applied.description is None for argument in arguments):
            return f"({', '.join(self._argument(argument) for argument in arguments)})"
        inner = f"{indent}  "
        lines = [
            f"{self._description(argument.applied, inner)}{inner}{self._argument(argument)}"
            for argument in arguments
        ]
        return "(\n" + "\n".join(lines) + f"\n{indent})"

    def _argument(self, argument: ArgumentDefinition) -> str:
        directives = _spaced(self.directives_of(argument.applied))
        return f"{argument.name}: {argument.type}{_default(argument.default)}{directives}"

    def _description(self, applied: Applied, indent: str) -> str:
        text = applied.description
        if text is None:
            return ""
        if not text or not is_printable_as_block_string(text):
            return f"{indent}{print_text(text)}\n"
        lines = print_block_string(text).split("\n")
        return "".join(f"{indent}{line}\n" if line else "\n" for line in lines)


def print_text(text: str) -> str:
    """Print a string literal."""
    return json.dumps(text, ensure_ascii=False)


def print_directive(directive: Directive) -> str:
    """Print an applied directive."""
    arguments = ", ".join(f"{a.name}: {print_value(a.value)}" for a in directive.arguments)
    return f"@{directive.name}({arguments})" if arguments else f"@{directive.name}"


def _default(value: Value | None) -> str:
    return "" if value is None else f" = {print_value(value)}"


def _spaced(directives: Sequence[str]) -> str:
    return "".join(f" {directive}" for directive in directives)


def _block(head: str, lines: Sequence[str]) -> str:
    return f"{head}{_gap(head)}{{\n" + "\n".join(lines) + "\n}" if lines else head


def _gap(head: str) -> str:
    return "\n" if "\n" in head else " "
