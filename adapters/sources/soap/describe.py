"""What a WSDL tells about its operations: what each takes, and the records it gives.

In: a WSDL's path. Out: ``OperationFacts`` by name. For whoever drafts a mapping; nothing is
called. Only operations of document style with one kind of record in the answer are described.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zeep.xsd.types import builtins

from adapters.sources.soap.wsdl import fetch_files, load_wsdl

__all__ = ["OperationFacts", "ValueFacts", "describe_operations"]

_KINDS: tuple[tuple[type[Any], str], ...] = (
    (builtins.Boolean, "truth"),
    (builtins.DateTime, "moment"),
    (builtins.Date, "date"),
    (builtins.Int, "whole"),
    (builtins.Integer, "long"),
    (builtins.Decimal, "decimal"),
    (builtins.Float, "decimal"),
    (builtins.Double, "decimal"),
    (builtins.String, "text"),
)
"""XML Schema type -> what its values are; the more special type first."""


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """One value that an operation takes, or that a record holds."""

    name: str
    kind: str  # truth, moment, date, whole, long, decimal, text, other
    repeats: bool
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """One operation."""

    name: str
    takes: tuple[ValueFacts, ...]
    record: str  # the type's name; "" if the answer holds no one kind of record
    records: str  # where they are in an answer
    gives: tuple[ValueFacts, ...]


def describe_operations(path: Path) -> tuple[OperationFacts, ...]:
    """Describe the operations of the first port; raises ``WsdlError``."""
    wsdl = load_wsdl(str(path), fetch_files(path.parent), None, None)
    operations = wsdl.binding._operations
    return tuple(_describe(name, operations[name]) for name in wsdl.operation_names())


def _describe(name: str, operation: Any) -> OperationFacts:
    takes = tuple(_value(*each) for each in _elements(operation.input))
    given = _elements(operation.output)
    records = [(label, each) for label, each in given if hasattr(each.type, "elements")]
    if len(records) != 1:
        return OperationFacts(name, takes, "", "", ())
    label, element = records[0]
    gives = tuple(_value(*each) for each in element.type.elements)
    # zeep gives the only value of an answer without the element around it.
    place = label if len(given) > 1 else ""
    return OperationFacts(name, takes, str(element.type.name or label), place, gives)


def _elements(message: Any) -> list[tuple[str, Any]]:
    kind = getattr(getattr(message, "body", None), "type", None)
    return [*getattr(kind, "elements", ())]


def _value(name: str, element: Any) -> ValueFacts:
    kind = next((kind for theirs, kind in _KINDS if isinstance(element.type, theirs)), "other")
    return ValueFacts(name, kind, bool(element.accepts_multiple), bool(element.is_optional))
