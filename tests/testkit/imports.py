"""Reads the product's imports as text: which module imports which, and from inside what.

In: the repository's four folders and demo. Out: ``Module`` values; nothing is executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["PACKAGES", "ROOT", "Import", "Module", "first_party", "load_modules"]

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "adapters", "cache", "schema", "demo")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, with its line, and whether it stands in a function or TYPE_CHECKING."""

    target: str
    line: int
    in_function: bool
    type_checking: bool


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its dotted name and what it imports."""

    name: str
    path: Path
    is_package: bool
    imports: tuple[Import, ...]


@cache
def load_modules() -> tuple[Module, ...]:
    """Read every module of the product, sorted by name."""
    modules = [
        _read(path)
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "node_modules" not in path.parts
    ]
    return tuple(sorted(modules, key=lambda module: module.name))


def first_party(module: Module) -> Iterator[Import]:
    """Give the imports that stay inside the product."""
    return (each for each in module.imports if each.target.split(".")[0] in PACKAGES)


def _read(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    found: list[Import] = []
    _visit(ast.parse(path.read_text(encoding="utf-8")), found, False, False)
    return Module(name, path, is_package, tuple(found))


def _visit(node: ast.AST, found: list[Import], in_function: bool, type_checking: bool) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            found.extend(
                Import(alias.name, child.lineno, in_function, type_checking)
                for alias in child.names
            )
        elif isinstance(child, ast.ImportFrom):
            found.extend(_from_import(child, in_function, type_checking))
        inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        checking = type_checking or (
            isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        )
        _visit(child, found, inside, checking)


def _from_import(node: ast.ImportFrom, in_function: bool, type_checking: bool) -> Iterator[Import]:
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        dotted = f"{module}.{alias.name}"
        target = dotted if _is_module(dotted) else module
        yield Import(target, node.lineno, in_function, type_checking)


def _is_module(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
