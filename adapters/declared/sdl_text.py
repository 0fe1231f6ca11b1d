"""Descriptions in SDL.

In: a text, and how far it is indented. Out: a block string on lines of its own.
"""

from __future__ import annotations

from adapters.declared.model import DescriptionModel

__all__ = ["quote_description", "quote_text"]


def quote_description(description: DescriptionModel, indent: str) -> str:
    """Write a description in both languages."""
    return quote_text(f"{description.id}\n\n{description.en}", indent)


def quote_text(text: str, indent: str) -> str:
    """Write a text as a block string."""
    lines = text.replace('"""', '\\"""').split("\n")
    body = "\n".join(f"{indent}{line}" if line else "" for line in lines)
    return f'{indent}"""\n{body}\n{indent}"""\n'
