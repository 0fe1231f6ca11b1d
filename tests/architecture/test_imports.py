"""How modules import: no cycles, none inside functions, third parties where they belong."""

from __future__ import annotations

import sys

import pytest

from tests.testkit.imports import PACKAGES, first_party, load_modules

# Third party -> the only places (module prefixes) that may import it.
CONFINED = {
    # Parsing, validation, introspection and the type system; its executor runs nowhere but in
    # gateway.executor.introspection.
    "graphql": (
        "schema",
        "adapters.kit",
        "adapters.check.selecting",
        "gateway.operation",
        "gateway.policy",
        "gateway.executor",
        "gateway.prepare",
        "gateway.cli.stages",
    ),
    "strawberry": (
        "adapters.kit",
        "adapters.wilayah",
        "adapters.dukcapil",
        "adapters.dpmptsp",
        "adapters.kelurahan",
        "adapters.oss",
        "adapters.pbb",
        "adapters.siak",
        "adapters.carik",
        "adapters.bsre",
        "adapters.loket",
    ),
    "httpx2": ("adapters", "demo"),
    "httptools": ("adapters.http_client", "gateway.server"),
    "redis": ("cache.ledger_redis", "cache.channel_redis", "cache.redis_store"),
    "starlette": ("gateway.server", "gateway.app", "gateway.standalone", "demo"),
    "uvicorn": ("gateway.server", "gateway.app", "gateway.standalone", "gateway.cli", "demo"),
    "sqlalchemy": (
        "adapters.sources.sql",
        "adapters.sources.inbox",
        "adapters.loket",
        "gateway.audit",
        "cache.ledger_sqlite",
        "demo",
    ),
    "alembic": ("adapters.loket.store",),
    "python_calamine": ("adapters.sources.files",),
    "dbfread": ("adapters.sources.files",),
    "pydantic": ("gateway.config", "adapters"),
    "ruamel": ("adapters.yaml_document", "adapters.declared", "gateway.config", "gateway.cli"),
    "cyclopts": ("gateway.cli",),
    "prometheus_client": (
        "gateway.app",
        "gateway.workers",
        "gateway.metrics",
        "gateway.server",
        "gateway.telemetry",
    ),
    "rich": ("gateway.cli.demo", "demo"),
    "xlsxwriter": ("demo",),
    "dbf": ("demo",),
    "trustme": ("demo",),
    "pyhanko": ("adapters.loket.letters", "demo"),
    "typst": ("adapters.loket.letters",),
    "segno": ("adapters.loket.letters",),
}


def test_no_import_stands_in_a_function() -> None:
    """An import inside a function hides a cycle."""
    hidden = [
        f"{module.name}:{each.line} {each.target}"
        for module in load_modules()
        for each in module.imports
        if each.in_function
    ]
    assert hidden == []


def test_type_checking_guards_no_first_party_import() -> None:
    """TYPE_CHECKING is for third-party types only."""
    guarded = [
        f"{module.name}:{each.line} {each.target}"
        for module in load_modules()
        for each in first_party(module)
        if each.type_checking
    ]
    assert guarded == []


def test_imports_are_absolute() -> None:
    """Relative imports hide where a module stands."""
    relative = [
        f"{module.name}:{each.line}"
        for module in load_modules()
        for each in module.imports
        if each.target.startswith(".")
    ]
    assert relative == []


@pytest.mark.parametrize("library", CONFINED)
def test_third_party_is_confined(library: str) -> None:
    """A library is imported only where its border is."""
    outside = [
        f"{module.name}:{each.line}"
        for module in load_modules()
        for each in module.imports
        if each.target.split(".")[0] == library and not _is_allowed(module.name, library)
    ]
    assert outside == []


def test_no_cycles() -> None:
    """Modules import each other in no loop."""
    names = {module.name for module in load_modules()}
    edges = {
        module.name: sorted(
            {each.target for each in first_party(module) if each.target in names} - {module.name}
        )
        for module in load_modules()
    }
    assert _find_cycle(edges) is None


def test_a_cycle_is_found() -> None:
    """The check can fail: a loop of three is reported."""
    assert _find_cycle({"a": ["b"], "b": ["c"], "c": ["a"]}) == ["a", "b", "c", "a"]


def test_folders_are_ours() -> None:
    """Our generic folder names are not taken from an installed package."""
    for package in PACKAGES:
        __import__(package)
        path = sys.modules[package].__file__
        assert path is not None
        assert "site-packages" not in path


def _is_allowed(module: str, library: str) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in CONFINED[library])


def _find_cycle(edges: dict[str, list[str]]) -> list[str] | None:
    done: set[str] = set()
    for start in sorted(edges):
        cycle = _visit(start, edges, [], done)
        if cycle is not None:
            return cycle
    return None


def _visit(
    node: str, edges: dict[str, list[str]], trail: list[str], done: set[str]
) -> list[str] | None:
    if node in trail:
        return [*trail[trail.index(node) :], node]
    if node in done:
        return None
    for target in edges.get(node, []):
        cycle = _visit(target, edges, [*trail, node], done)
        if cycle is not None:
            return cycle
    done.add(node)
    return None
