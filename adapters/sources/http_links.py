"""The Link header (RFC 8288), as far as pages need it.

In: the header's value, several joined by commas. Out: the target whose relation is ``next``.
"""

from __future__ import annotations

import re

__all__ = ["find_next_link"]

# One link: its target, then parameters whose values are tokens or quoted strings; what is quoted
# may hold commas and semicolons, which divide links and parameters everywhere else.
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)')
_PARAMETER = re.compile(r';\s*([^\s=;,"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))')


def find_next_link(value: str) -> str | None:
    """Give the first target of relation ``next``; None if no link has it."""
    for target, parameters in _LINK.findall(value):
        for name, quoted, token in _PARAMETER.findall(parameters):
            if name.lower() == "rel":
                if "next" in (quoted or token).lower().split():
                    return str(target)
                break  # section 3.3: only the first rel counts
    return None
