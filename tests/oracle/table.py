"""The one table in which a run of the oracles ends.

In: sums by name. Out: text. What a run did not look at is not in it.
"""

from __future__ import annotations

from collections import Counter

__all__ = ["render_table"]

# Line -> the sums it shows, each as "words {sum}"; a line without any sum is left out.
_LINES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("worlds", (("composed", "worlds"), ("impossible", "not composed"))),
    ("operations", (("", "operations"),)),
    ("executions", (("", "executions"),)),
    ("disagreements", (("", "disagreements"),)),
    (
        "fetches",
        (
            ("ours", "fetches"),
            ("native planner", "fetches of the reference"),
            ("as requests", "requests of the reference"),
        ),
    ),
    (
        "plans",
        (
            ("with more fetches than the native planner's", "plans with more fetches"),
            ("with fewer", "plans with fewer fetches"),
            ("not planned by it", "not planned by the reference"),
        ),
    ),
    ("compositions", (("accepted", "accepted"), ("refused", "refused"))),
    ("same verdict", (("apollo", "verdict of apollo"), ("guild", "verdict of guild"))),
    ("seconds", (("", "seconds"),)),
)
_ALWAYS = ("disagreements",)


def render_table(sums: Counter[str]) -> str:
    """Print the sums, one line a subject."""
    lines = []
    for title, shown in _LINES:
        cells = [f"{words} {sums[name]:,}".strip() for words, name in shown if name in sums]
        if title in _ALWAYS and not cells:
            cells = ["0"]
        if cells:
            lines.append(f"{title:<14} {', '.join(cells)}")
    return "\n".join(lines)
