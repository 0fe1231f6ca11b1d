"""Adapters and sources are found by name, and what is missing is said with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest
from graphql import parse

from adapters import registry
from adapters.kit.runtime import LocalExecutor
from adapters.registry import RegistryError, adapter_names, load_adapter, load_source, source_names

pytestmark = pytest.mark.anyio

OURS = (
    "wilayah",
    "dukcapil",
    "dpmptsp",
    "kelurahan",
    "siak",
    "oss",
    "pbb",
    "carik",
    "bsre",
    "loket",
)


@pytest.mark.parametrize("name", OURS)
def test_our_adapters_are_entry_points(name: str) -> None:
    """Each of our agencies loads by its name and bears it."""
    assert name in adapter_names()
    assert load_adapter(name).name == name


@pytest.mark.parametrize("name", ["http", "sql", "files", "soap", "inbox"])
def test_our_sources_are_entry_points(name: str) -> None:
    """Each kind of source loads by its name."""
    assert name in source_names()
    assert isinstance(load_source(name), type)


def test_unknown_name_lists_the_known() -> None:
    """A mistyped adapter is answered with those that there are."""
    with pytest.raises(RegistryError, match=r'no adapter "dukcapul".*"dukcapil"'):
        load_adapter("dukcapul")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("tests.testkit.needs_strawberry_of_mars:adapter", "needs the module"),
        ("adapters.errors:tidak_ada", "does not exist"),
    ],
)
def test_entry_point_that_cannot_be_loaded(value: str, told: str) -> None:
    """A module or name that is missing is a configuration error and names the entry point."""
    point = EntryPoint("contoh", value, registry.ADAPTER_GROUP)
    with pytest.raises(RegistryError, match=told):
        registry.load_entry_point(point, "adapter")


@pytest.mark.parametrize(("module", "extra"), [("strawberry.x", "adapters"), ("dbfread", "files")])
def test_missing_extra_is_named(module: str, extra: str) -> None:
    """A missing third-party module names the extra that installs it."""
    assert registry.remedy_for(module) == (
        f'install the extra "{extra}" (pip install "simpul[{extra}]")'
    )


@pytest.mark.parametrize("name", OURS)
def test_everything_is_described_in_both_languages(name: str) -> None:
    """Every type and field has an Indonesian sentence, a blank line, an English one."""
    silent = [
        label
        for label, description in _describable(load_adapter(name).sdl)
        if description is None or len(description.split("\n\n")) != 2
    ]
    assert silent == []


def _describable(sdl: str) -> Iterator[tuple[str, str | None]]:
    """Name every type and field of an SDL with its description."""
    for node in parse(sdl).definitions:
        named = getattr(node, "name", None)
        if named is None:
            continue
        if named.value not in ("Query", "Mutation"):
            yield named.value, node.description and node.description.value
        for field in getattr(node, "fields", None) or ():
            yield f"{named.value}.{field.name.value}", field.description and field.description.value


async def test_areas_need_no_settings() -> None:
    """The gateway opens an adapter by name and gets an executor."""
    executor = await load_adapter("wilayah").open()
    assert isinstance(executor, LocalExecutor)
    await executor.aclose()
