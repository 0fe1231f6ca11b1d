"""Simpul's own specification of data classes, https://specs.simpul.example/data.

``@kelas`` classes a field or type, ``@samarkan`` names the pattern it is masked by. Composed by
@composeDirective like any author's directive; only what happens when subgraphs disagree is said
here: the stricter class wins.
"""

from __future__ import annotations

__all__ = ["DATA_IDENTITY", "STRICTER_LAST"]

DATA_IDENTITY = "https://specs.simpul.example/data"

# directive -> (argument, its values from lax to strict)
STRICTER_LAST: dict[str, tuple[str, tuple[str, ...]]] = {"kelas": ("tingkat", ("UMUM", "SPESIFIK"))}
