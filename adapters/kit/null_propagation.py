"""Carries a null up from where the SDL promises a value to the nearest place that may be null.

In: the data of an answer and the programs that made it. Out: the same data, changed. The error that
explains each null exists already; this file only moves the hole, and only runs if there is one.
Specification: https://spec.graphql.org/October2021/#sec-Handling-Field-Errors
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.kit.program import Composite, ObjectProgram
from schema.supergraph.model import TypeRef

__all__ = ["propagate_nulls"]

Kinds = Mapping[int, ObjectProgram]


def propagate_nulls(out: dict[str, Any], program: ObjectProgram, kinds: Kinds) -> bool:
    """Settle an object, children first, and tell whether its place must become null.

    ``kinds`` names the program of objects whose place allows several types, by identity.
    """
    for step in program.steps:
        settled, is_broken = _settle(out[step.response], step.shape.type, step.below, kinds)
        if is_broken:
            return True
        out[step.response] = settled
    return False


def _settle(value: Any, ref: TypeRef, below: Composite | None, kinds: Kinds) -> tuple[Any, bool]:
    """Give the value as its type allows it, and whether its holder must become null."""
    if value is None:
        return None, ref.non_null
    if ref.of is not None:
        settled = [_settle(item, ref.of, below, kinds) for item in value]
        value = None if any(broken for _, broken in settled) else [item for item, _ in settled]
    elif below is not None:
        program = kinds[id(value)] if below.sole is None else below.programs[below.sole]
        if propagate_nulls(value, program, kinds):
            value = None
    return value, value is None and ref.non_null
