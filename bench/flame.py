"""Draws a flame graph: folded stacks in, a small SVG out.

A frame's width is its share of the samples; frames below a share that could not be read are left
out. The same stacks give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

__all__ = ["draw_flame", "read_folded"]

_WIDTH, _ROW = 1200, 17
_LEAST = 0.004  # of all samples: below it a frame is thinner than five pixels
_COLORS = (("gateway.server", "#e8a33d"), ("gateway", "#d9694f"), ("adapters", "#5a9bd4"))
_OTHER = "#b8b8b8"


@dataclass(slots=True)
class _Frame:
    """One frame, as it was called from one stack."""

    name: str
    count: int = 0
    below: dict[str, _Frame] = field(default_factory=dict)


def read_folded(folded: str) -> list[tuple[list[str], int]]:
    """Read lines of ``a;b;c COUNT``."""
    lines = (line.rpartition(" ") for line in folded.splitlines())
    return [(stack.split(";"), int(count)) for stack, _, count in lines]


def draw_flame(folded: str, title: str) -> str:
    """Draw the stacks, callers below; raises ``ValueError`` if there are none."""
    root = _grow(folded)
    if not root.count:
        raise ValueError("there are no samples")
    boxes = list(_place(root, root.count, 0.0, 0))
    height = (max(depth for _, depth, *_ in boxes) + 2) * _ROW
    drawn = "\n".join(_draw(*box, height) for box in boxes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="monospace" font-size="11">\n<text x="4" y="13">{escape(title)}</text>\n'
        f"{drawn}\n</svg>\n"
    )


def _grow(folded: str) -> _Frame:
    root = _Frame("all")
    for stack, count in read_folded(folded):
        frame = root
        frame.count += count
        for name in stack:
            frame = frame.below.setdefault(name, _Frame(name))
            frame.count += count
    return root


def _place(
    frame: _Frame, total: int, left: float, depth: int
) -> Iterator[tuple[_Frame, int, float, float]]:
    """Yield (frame, depth, left, share) of the frame and all above it that can be seen."""
    yield frame, depth, left, frame.count / total
    for name in sorted(frame.below):
        each = frame.below[name]
        if each.count / total >= _LEAST:
            yield from _place(each, total, left, depth + 1)
        left += each.count / total


def _draw(frame: _Frame, depth: int, left: float, share: float, height: int) -> str:
    x, width, y = left * _WIDTH, share * _WIDTH, height - (depth + 1) * _ROW
    color = next((c for prefix, c in _COLORS if frame.name.startswith(prefix)), _OTHER)
    name = ".".join(frame.name.split(".")[-2:])
    shown = name[: int(width / 6.8)]
    label = f'<text x="{x + 2:.1f}" y="{y + 12}">{escape(shown)}</text>' if len(shown) > 2 else ""
    return (
        f'<g><title>{escape(frame.name)} {share:.1%}</title><rect x="{x:.1f}" y="{y}" '
        f'width="{width:.1f}" height="{_ROW - 1}" fill="{color}"/>{label}</g>'
    )
