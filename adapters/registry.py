"""Adapters and sources by name: the one place in this package that loads by name.

In: a name from the configuration. Out: the ``Adapter`` (or the source's class) that the entry
point of that name gives; a name that ends in ``.yaml`` is the path of a declared adapter. Ours are
declared as entry points too (``simpul.adapters``, ``simpul.sources``, ``simpul.declared``), so an
agency's package stands beside them as an equal. Nothing is imported before its name is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from adapters.declared.kind import Kind
from adapters.declared.load import load_declared
from adapters.kit.adapter import Adapter
from adapters.yaml_document import DocumentError

__all__ = [
    "ADAPTER_GROUP",
    "DECLARED_GROUP",
    "SOURCE_GROUP",
    "RegistryError",
    "adapter_label",
    "adapter_names",
    "find_recording",
    "is_declared",
    "kind_names",
    "load_adapter",
    "load_entry_point",
    "load_kind",
    "load_source",
    "remedy_for",
    "source_names",
]

ADAPTER_GROUP = "simpul.adapters"
SOURCE_GROUP = "simpul.sources"
DECLARED_GROUP = "simpul.declared"

_EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "strawberry": "adapters",
        "alembic": "loket",
        "sqlalchemy": "sql",
        "aiosqlite": "sql",
        "asyncmy": "mariadb",
        "asyncpg": "postgres",
        "python_calamine": "files",
        "dbfread": "files",
        "xlrd": "files",
        "asyncssh": "sftp",
        "zeep": "soap",
        "lxml": "soap",
    }
)
"""Third-party module -> the extra of this package that installs it."""


class RegistryError(Exception):
    """The configuration names something that cannot be loaded; the text says what to do."""


def adapter_names() -> tuple[str, ...]:
    """List the adapters that are installed, by name."""
    return _names(ADAPTER_GROUP)


def source_names() -> tuple[str, ...]:
    """List the kinds of source that are installed, by name."""
    return _names(SOURCE_GROUP)


def is_declared(name: str) -> bool:
    """Tell whether ``name`` is the path of a declared adapter's file."""
    return name.endswith((".yaml", ".yml"))


def adapter_label(name: str) -> str:
    """Name an adapter without the folder of its file."""
    return Path(name).name if is_declared(name) else name


def load_adapter(name: str) -> Adapter[Any]:
    """Load the adapter ``name``, or that of a declared adapter's file; raises ``RegistryError``."""
    if is_declared(name):
        return _load_declared(Path(name))
    point = _find(ADAPTER_GROUP, "adapter", name)
    loaded = load_entry_point(point, "adapter")
    if not isinstance(loaded, Adapter):
        raise RegistryError(
            f'The adapter "{name}" ({point.value}) is no "Adapter": '
            'its entry point must name one, see "adapters.kit.adapter".'
        )
    return loaded


def kind_names() -> tuple[str, ...]:
    """List the kinds of source of declared adapters, by name."""
    return _names(DECLARED_GROUP)


def load_kind(name: str) -> Kind:
    """Load a kind of source of declared adapters; raises ``RegistryError``."""
    kind: Kind = load_entry_point(_find(DECLARED_GROUP, "kind of source", name), "kind")
    return kind


def find_recording(name: str) -> Path:
    """Give the folder in which an adapter's recording lies; raises ``RegistryError``.

    It is ``recorded`` beside the module that the entry point names, whether it exists or not; of a
    declared adapter the folder of the file's name in it.
    """
    if is_declared(name):
        return Path(name).parent / "recorded" / Path(name).stem
    point = _find(ADAPTER_GROUP, "adapter", name)
    spec = find_spec(point.module)
    if spec is None or spec.origin is None:
        raise RegistryError(f'The adapter "{name}" names "{point.module}", which does not exist.')
    return Path(spec.origin).parent / "recorded"


def load_source(name: str) -> Any:
    """Load the class of the source kind ``name``; raises ``RegistryError``."""
    return load_entry_point(_find(SOURCE_GROUP, "source", name), "source")


def _load_declared(path: Path) -> Adapter[Any]:
    try:
        return load_declared(path, _kind_of_file)
    except DocumentError as error:
        raise RegistryError(str(error)) from None


def _kind_of_file(name: str) -> Kind:
    try:
        return load_kind(name)
    except RegistryError as error:
        raise LookupError(str(error)) from None


def _names(group: str) -> tuple[str, ...]:
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def _find(group: str, what: str, name: str) -> EntryPoint:
    for point in entry_points(group=group, name=name):
        return point
    known = ", ".join(f'"{known}"' for known in _names(group)) or "none"
    raise RegistryError(f'There is no {what} "{name}". Installed: {known}.')


def remedy_for(module: str) -> str:
    """Tell what to install for a module that is missing."""
    extra = _EXTRAS.get(module.split(".")[0])
    if extra is None:
        return f'install the package that holds the module "{module}"'
    return f'install the extra "{extra}" (pip install "simpul[{extra}]")'


def load_entry_point(point: EntryPoint, what: str) -> Any:
    """Load what an entry point names; raises ``RegistryError``."""
    try:
        return point.load()
    except ModuleNotFoundError as error:
        raise RegistryError(
            f'The {what} "{point.name}" needs the module "{error.name}": '
            f"{remedy_for(error.name or '')}."
        ) from error
    except AttributeError as error:
        raise RegistryError(
            f'The {what} "{point.name}" names "{point.value}", which does not exist: '
            "correct the entry point."
        ) from error
