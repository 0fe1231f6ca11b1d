"""The page of the adapters' sizes names every adapter, and its numbers are about right."""

from __future__ import annotations

import ast
import io
import os
import tokenize
from collections.abc import Iterator
from importlib.metadata import entry_points

from tests.testkit.imports import ROOT

_PAGE = ROOT / "docs" / "adapter-sizes.md"
_HEAD = "| adapter | kind | lines |\n|---|---|---|\n"
_SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def test_the_page_tells_the_adapters_sizes() -> None:
    """Each adapter of the repository stands there, within a tenth of what it has."""
    counted = {**dict(_python_adapters()), **dict(_declared_adapters())}
    before, _, rest = _PAGE.read_text("utf-8").partition("<!-- table -->\n")
    kept, _, after = rest.partition("<!-- end -->")
    if os.environ.get("UPDATE_GOLDENS") == "1":
        kept = _HEAD + "".join(
            f"| `{name}` | {kind} | {round(lines, -1)} |\n"
            for (name, kind), lines in counted.items()
        )
        _PAGE.write_text(f"{before}<!-- table -->\n{kept}<!-- end -->{after}", "utf-8")
    rows = [line.strip("| ").split(" | ") for line in kept.splitlines()[2:]]
    told = {(name.strip("`"), kind): int(lines) for name, kind, lines in rows}
    assert told.keys() == counted.keys()
    for adapter, lines in counted.items():
        assert abs(told[adapter] - lines) <= max(10, lines // 10), adapter


def _python_adapters() -> Iterator[tuple[tuple[str, str], int]]:
    ours = {point.name for point in entry_points(group="simpul.adapters")}
    for folder in sorted((ROOT / "adapters").iterdir()):
        if folder.name in ours:
            sources = [path.read_text("utf-8") for path in sorted(folder.rglob("*.py"))]
            yield (folder.name, "Python"), sum(map(_count_python, sources))


def _declared_adapters() -> Iterator[tuple[tuple[str, str], int]]:
    for path in sorted((ROOT / "docs" / "examples" / "adapters").glob("*.yaml")):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        yield (path.stem, "declared"), sum(bool(line) and line[0] != "#" for line in lines)


def _count_python(source: str) -> int:
    """Count the lines on which something stands that is run."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text and isinstance(node.value.value, str):  # type: ignore[attr-defined]  # is_text
            docstrings.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))  # type: ignore[attr-defined]  # is_text
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _SKIPPED and token.string:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docstrings)
