"""Public names: what a module exports exists, and packages hold no logic."""

from __future__ import annotations

import ast
import importlib

import pytest

from tests.testkit.imports import Module, load_modules

MODULES = load_modules()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_says_what_it_is_for(module: Module) -> None:
    """Every module begins with a docstring."""
    tree = ast.parse(module.path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if not module.name.endswith("__main__")],
    ids=lambda module: module.name,
)
def test_exported_names_exist(module: Module) -> None:
    """Every name of ``__all__`` exists in its module."""
    loaded = importlib.import_module(module.name)
    missing = [name for name in getattr(loaded, "__all__", ()) if not hasattr(loaded, name)]
    assert missing == []


def test_packages_hold_no_logic() -> None:
    """An ``__init__`` holds a docstring, imports and ``__all__``, nothing else."""
    found = []
    for module in MODULES:
        if not module.is_package:
            continue
        for node in ast.parse(module.path.read_text(encoding="utf-8")).body:
            allowed = isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) or (
                isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            )
            if not allowed:
                found.append(f"{module.name}:{node.lineno}")
    assert found == []
