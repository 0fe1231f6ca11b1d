"""The size budgets of the house style: reported, not enforced."""

from __future__ import annotations

import ast
import statistics

from tests.testkit.imports import load_modules

MAX_FILE, MAX_FUNCTION = 400, 60


def test_report_sizes(capsys) -> None:
    """Print the files and functions over budget, and the medians; fail only if nothing is read."""
    files = {
        module.name: len(module.path.read_text(encoding="utf-8").splitlines())
        for module in load_modules()
    }
    functions = {
        f"{module.name}.{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in load_modules()
        for node in ast.walk(ast.parse(module.path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert files
    assert functions
    lengths = sorted(functions.values())
    with capsys.disabled():
        print(
            f"\nshape: {len(files)} files, median {statistics.median(files.values()):.0f} lines; "
            f"{len(functions)} functions, median {statistics.median(lengths):.0f}, "
            f"90 % at most {lengths[int(len(lengths) * 0.9)]} lines"
        )
        for name, size in sorted(files.items(), key=lambda item: -item[1]):
            if size > MAX_FILE:
                print(f"shape: {name} has {size} lines (budget {MAX_FILE})")
        for name, size in sorted(functions.items(), key=lambda item: -item[1]):
            if size > MAX_FUNCTION:
                print(f"shape: {name} has {size} lines (budget {MAX_FUNCTION})")
