"""One change between two schemas.

In: nothing (pure data). Out: a value with a severity, a code, a coordinate and a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["SchemaChange", "Severity", "breaking", "dangerous", "safe"]


class Severity(StrEnum):
    """What a change does to operations that are valid today, the worst first."""

    BREAKING = "breaking"  # some become invalid, or are refused
    DANGEROUS = "dangerous"  # they stay valid; what they answer may surprise whoever reads it
    SAFE = "safe"  # none notices


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change; ``message`` says what and why it matters."""

    severity: Severity
    code: str
    coordinate: str  # of the old schema, or of the new one for what is added
    message: str


def breaking(code: str, coordinate: str, message: str) -> SchemaChange:
    """Make a change that breaks operations."""
    return SchemaChange(Severity.BREAKING, code, coordinate, message)


def dangerous(code: str, coordinate: str, message: str) -> SchemaChange:
    """Make a change that may surprise."""
    return SchemaChange(Severity.DANGEROUS, code, coordinate, message)


def safe(code: str, coordinate: str, message: str) -> SchemaChange:
    """Make a change that no client notices."""
    return SchemaChange(Severity.SAFE, code, coordinate, message)
