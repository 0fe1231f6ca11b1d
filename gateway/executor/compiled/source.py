"""Turns generated text into functions.

In: lines of Python that hold nothing of a request (only names of the schema and the operation,
written as literals). Out: a function, and ``Deviation``, which it raises where the data is not what
the text was generated for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

__all__ = ["Deviation", "NotCovered", "build_function"]


class Deviation(Exception):
    """The data needs the reference path."""

    def __init__(self, wider_for: str | None = None) -> None:
        """``wider_for`` names the type of a value that a wider shape would hold."""
        super().__init__(wider_for)
        self.wider_for = wider_for


class NotCovered(Exception):
    """The operation, or a part of it, has a form that is not compiled."""


def build_function(name: str, lines: Iterable[str], names: Mapping[str, Any]) -> Callable[..., Any]:
    """Compile ``lines``, which define the function ``name`` and may use ``names``."""
    scope: dict[str, Any] = {**names, "Deviation": Deviation}
    exec(compile("\n".join(lines), f"<compiled {name}>", "exec"), scope)
    function: Callable[..., Any] = scope[name]
    return function
