"""What verbs print: text for people, or JSON and only JSON on stdout.

In: values of the stages. Out: text. A failure that a user can mend is a ``Failure``: its text goes
to stderr and the exit status is 1.
"""

from __future__ import annotations

import json
from typing import Any, Literal

__all__ = ["Failure", "Format", "print_json"]

Format = Literal["text", "json"]


class Failure(Exception):
    """What was asked cannot be done; the text says why and what to do."""


def print_json(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, indent=2, ensure_ascii=False))
