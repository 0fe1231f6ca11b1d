"""graphql-core's findings as problems that are safe to show.

In: a ``GraphQLError``. Out: a ``Problem`` with locations whose text repeats names, never literals:
a literal may be a person's number, and error texts end in logs. Names are cut, so that no text
gives back half a megabyte of input.
"""

from __future__ import annotations

import re

from graphql import GraphQLError

from gateway.errors import Location, Problem

__all__ = ["build_problem", "hide_literal"]

MAX_NAME = 64  # characters of one quoted name that a text repeats
MAX_TEXT = 400  # of the whole text: three cut names and the words between them

_QUOTED = re.compile(r"'([^']*)'")
_LITERAL_TOKEN = re.compile(r"\b(String|BlockString|Int|Float) ['\"].*", re.DOTALL)
_LITERAL_VALUE = re.compile(r"(?:,? [Ff]ound)?: .*", re.DOTALL)


def build_problem(error: GraphQLError) -> Problem:
    """Give the problem that ``error`` tells, without any literal of the document."""
    message = error.message
    if message.startswith("Syntax Error: "):
        message = _LITERAL_TOKEN.sub(r"\1", message)
        message = f"{message.rstrip('.')}."
    locations = tuple(Location(place.line, place.column) for place in error.locations or ())
    return Problem(_cut_names(message), locations)


def hide_literal(message: str) -> str:
    """Drop the literal that ends one of graphql-core's messages about values."""
    shown = _LITERAL_VALUE.sub("", message, count=1).rstrip()
    return shown if shown.endswith((".", "?")) else f"{shown}."


def _cut_names(message: str) -> str:
    cut = _QUOTED.sub(lambda match: f'"{_cut(match[1], MAX_NAME)}"', message)
    return _cut(cut, MAX_TEXT)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
