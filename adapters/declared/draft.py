"""A first version of a declared file, from what a source tells about itself.

In: records with their columns, keys and what they point at, as a kind of source found them. Out: a
``Draft``: the file's values and notes on what could not be mapped; and its text. A draft loads and
composes as it is; its descriptions and protection classes are for a person to write.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from adapters.declared.rules import SCALAR_RULES

__all__ = [
    "Column",
    "Draft",
    "DraftError",
    "Pointer",
    "RecordSet",
    "build_draft",
    "guess_scalar",
    "render_draft",
]

_PEOPLE = {
    "NIK": ("Penduduk", "nik", "Penduduk.", "A resident."),
    "NomorKK": ("KartuKeluarga", "noKk", "Kartu keluarga.", "A family card."),
}
"""Scalar -> the graph's type that it is the key of: its records then hang on that type."""

# Words of a column's name that tell what its values are, whatever type the source keeps them in.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"(^|_)nik(_|$)", "NIK"),
    (r"(^|_)(no_?kk|nomor_kk)(_|$)", "NomorKK"),
    (r"(^|_)(kd|kode)_?(kel|kelurahan|kec|wilayah)(_|$)", "KodeWilayah"),
    (r"(^|_)nib(_|$)", "NIB"),
    (r"(^|_)kbli(_|$)", "KBLI"),
    (r"(^|_)nip(_|$)", "NIP"),
)
_TAKEN = frozenset({"Query", "Mutation", "Subscription", "PageInfo", *SCALAR_RULES})


class DraftError(Exception):
    """What was named cannot be drafted from; the text says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column that was found."""

    name: str
    scalar: str | None  # None: of a type that the graph has no scalar for


@dataclass(frozen=True, slots=True)
class Pointer:
    """Columns that hold the key of another set of records."""

    columns: tuple[str, ...]
    target: str  # name of the other set
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordSet:
    """Records of one kind: a table, a file, a collection."""

    name: str
    place: dict[str, Any]  # what "from" of its type says
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # columns; none: it cannot become a type
    pointers: tuple[Pointer, ...] = ()
    has_list: bool = True  # the source can list them
    find_by_key: Callable[[list[str]], dict[str, Any]] | None = None
    """Key fields -> what else ``from`` says; None: the source can be asked by any column."""


@dataclass(slots=True)
class Draft:
    """What goes into the file, and what a person must still do."""

    values: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def guess_scalar(column: str, otherwise: str | None) -> str | None:
    """Tell the scalar that a column's name speaks of; else ``otherwise``."""
    name = re.sub(r"[^a-z0-9]+", "_", column.lower())
    for pattern, scalar in _WORDS:
        if re.search(pattern, name):
            return scalar
    if re.match(r"(tgl|tanggal)(_|$)", name) and otherwise == "String":
        return "Tanggal"
    return otherwise


def build_draft(name: str, source: dict[str, Any], sets: Sequence[RecordSet]) -> Draft:
    """Draft a file over all sets of records that have a key."""
    draft = Draft({"name": _file_name(name), "source": source, "types": {}})
    keyed = [each for each in sets if each.key]
    names = _unique({each.name: _type_name(each.name) for each in keyed}, _TAKEN)
    for each in sets:
        if not each.key:
            draft.notes.append(f'"{each.name}" has no key: declare one by hand, or leave it out')
    built = {each.name: _Building(each, names) for each in keyed}
    for building in built.values():
        _add_fields(building, built, draft)
    for building in built.values():
        _add_type(building, draft)
    if not keyed:
        draft.notes.append("nothing with a key was found: the file has no type and does not load")
    return draft


def render_draft(draft: Draft, origin: str) -> str:
    """Write the file, with the notes as comments above."""
    lines = [
        f"# Drafted from {origin}.",
        "# Descriptions and protection classes are yours to write.",
    ]
    lines += [f"# Not mapped: {note}." for note in draft.notes]
    writer = YAML()
    writer.width = 100
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump(draft.values, out)
    return "\n".join(lines) + "\n" + out.getvalue()


class _Building:
    """One type while it is drafted."""

    def __init__(self, records: RecordSet, names: dict[str, str]) -> None:
        self.records = records
        self.type_name = names[records.name]
        scalars = {column.name: column.scalar for column in records.columns if column.scalar}
        self.scalars = scalars
        self.field_of = _unique({column: _field_name(column) for column in scalars})
        self.fields: dict[str, Any] = {}

    @property
    def key(self) -> list[str]:
        """The key's fields."""
        return [self.field_of[column] for column in self.records.key]


def _add_fields(building: _Building, built: dict[str, _Building], draft: Draft) -> None:
    records = building.records
    pointing = {c: p for p in records.pointers for c in p.columns if _can_point(p, building, built)}
    for column in records.columns:
        if column.scalar is None:
            draft.notes.append(f'"{records.name}.{column.name}" is of a type without a scalar')
        elif column.name not in pointing:
            building.fields[building.field_of[column.name]] = _value_field(column)
    for pointer in records.pointers:
        if pointer.columns[0] not in pointing:
            told = f'"{records.name}.{", ".join(pointer.columns)}" points at "{pointer.target}"'
            draft.notes.append(f"{told}, which is part of a key or has another key: a plain value")
            continue
        target = built[pointer.target]
        key = {
            target.field_of[there]: here
            for here, there in zip(pointer.columns, pointer.target_columns, strict=True)
        }
        name = _reference_name(pointer, target, building.fields)
        building.fields[name] = {"type": target.type_name, "key": key} | _words(
            f"{target.type_name} yang dirujuk.", f"The {target.type_name} referred to."
        )
        _add_relation(draft, target.type_name, building, {part: f"{name}.{part}" for part in key})


def _can_point(pointer: Pointer, building: _Building, built: dict[str, _Building]) -> bool:
    target = built.get(pointer.target)
    return (
        target is not None
        and set(pointer.target_columns) == set(target.records.key)
        and not set(pointer.columns) & set(building.records.key)
        and all(building.scalars.get(column) for column in pointer.columns)
    )


def _value_field(column: Column) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    if column.scalar in _PEOPLE:
        marks = {"kelas": "UMUM", "samarkan": "NIK" if column.scalar == "NIK" else "KK"}
    words = _words(f"Kolom {column.name}.", f"Column {column.name}.")
    return {"type": column.scalar, "from": column.name, **words, **marks}


def _add_type(building: _Building, draft: Draft) -> None:
    records, name = building.records, building.type_name
    draft.values["types"][name] = {
        **_words(f"{records.name}.", f"{records.name}."),
        "from": records.place | (records.find_by_key(building.key) if records.find_by_key else {}),
        "keys": [" ".join(building.key)],
        "fields": building.fields,
    }
    lookups = draft.values.setdefault("lookups", {})
    lookups[_lower(name)] = {"type": name} | _words(f"{name} menurut kunci.", f"{name} by its key.")
    if records.has_list:
        lists = draft.values.setdefault("lists", {})
        lists[f"daftar{name}"] = {"type": name} | _words(f"Semua {name}.", f"All {name}.")
    for field_name, each in building.fields.items():
        if each["type"] not in _PEOPLE:
            continue
        if records.find_by_key is None:
            _add_person(draft, building, field_name, each["type"])
        elif field_name not in building.key:
            owner = _PEOPLE[each["type"]][0]
            told = f'"{records.name}" could hang on "{owner}" by "{field_name}"'
            draft.notes.append(f"{told}: add a relation, and how records are found by it")


def _add_person(draft: Draft, building: _Building, field_name: str, scalar: str) -> None:
    owner, key, indonesian, english = _PEOPLE[scalar]
    if owner in draft.values["types"]:
        return
    references = draft.values.setdefault("references", {})
    references[owner] = _words(indonesian, english) | {"key": {key: scalar}}
    _add_relation(draft, owner, building, {key: field_name})


def _add_relation(draft: Draft, parent: str, building: _Building, by: dict[str, str]) -> None:
    relations = draft.values.setdefault("relations", {}).setdefault(parent, {})
    name = _free(_lower(building.type_name), relations)
    relations[name] = {"type": building.type_name, "by": by, "kelas": "UMUM"} | _words(
        f"{building.type_name} miliknya.", f"{building.type_name} that point here."
    )


def _reference_name(pointer: Pointer, target: _Building, taken: Iterable[str]) -> str:
    """Name a reference after its one column, without what marks it as a number; else the type."""
    stem = ""
    if len(pointer.columns) == 1:
        stem = re.sub(r"^(id|kd|kode|no)_|_(id|kd|kode|no)$", "", pointer.columns[0].lower())
    return _free(_field_name(stem) if stem not in ("", "id") else _lower(target.type_name), taken)


def _words(indonesian: str, english: str) -> dict[str, Any]:
    return {"description": {"id": indonesian, "en": english}}


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[^A-Za-z0-9]+", text) if part] or ["x"]


def _field_name(text: str) -> str:
    head, *rest = [part.lower() if part.isupper() else part for part in _parts(text)]
    name = _lower(head) + "".join(part[0].upper() + part[1:] for part in rest)
    return name if name[0].isalpha() else f"kolom{name}"


def _type_name(text: str) -> str:
    name = _field_name(text)
    return name[0].upper() + name[1:]


def _file_name(text: str) -> str:
    name = "-".join(_parts(text)).lower()
    return name if name[0].isalpha() else f"sumber-{name}"


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _unique(names: dict[str, str], taken: Iterable[str] = ()) -> dict[str, str]:
    found: dict[str, str] = {}
    used = set(taken)
    for source, name in names.items():
        found[source] = _free(name, used)
        used.add(found[source])
    return found


def _free(name: str, taken: Iterable[str]) -> str:
    used, number, free = set(taken), 2, name
    while free in used:
        free, number = f"{name}{number}", number + 1
    return free
