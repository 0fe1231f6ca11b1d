"""Carries a null up from where the SDL promises a value to the nearest place that may be null.

In: the objects that an answer filled, parents before children. Out: the same objects, changed.
The error that explains each null exists already; this file only moves the hole.
Specification: https://spec.graphql.org/October2021/#sec-Handling-Field-Errors
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.kit.cells import Cell
from adapters.kit.program import ObjectProgram
from schema.supergraph.model import TypeRef

__all__ = ["propagate_nulls"]


def propagate_nulls(filled: Sequence[tuple[Cell, ObjectProgram]]) -> None:
    """Settle every object, children first, so that a hole climbs as far as it must."""
    for cell, program in reversed(filled):
        out = cell.holder[cell.slot]
        if not isinstance(out, dict):
            continue
        for step in program.steps:
            settled, broken = _settle(out[step.response], step.shape.type)
            if broken:
                cell.holder[cell.slot] = None
                break
            out[step.response] = settled


def _settle(value: Any, ref: TypeRef) -> tuple[Any, bool]:
    """Give the value as its type allows it, and whether its holder must become null."""
    if value is not None and ref.of is not None:
        settled = [_settle(item, ref.of) for item in value]
        value = None if any(broken for _, broken in settled) else [item for item, _ in settled]
    return value, value is None and ref.non_null
