"""A draft from an OpenAPI description: a type for each record that has a path of its own.

In: a description of version 3, JSON or YAML. Out: a ``Draft``. ``GET /surat/{nomor}`` makes a type
whose key is in the path; ``GET /surat`` beside it makes its list. What takes other questions is
told and left out.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from adapters.declared.draft import (
    Column,
    Draft,
    DraftError,
    RecordSet,
    build_draft,
    guess_scalar,
)
from adapters.yaml_document import DocumentError, load_document

__all__ = ["draft_openapi"]

_ITEM = re.compile(r"(?P<collection>/.*?)/\{(?P<parameter>[^{}/]+)\}/?")
_SCALARS = {"string": "String", "integer": "Int", "number": "Float", "boolean": "Boolean"}
_FORMATS = {"date": "Tanggal", "date-time": "Waktu", "int64": "ID"}
_DEEPEST = 8  # references that lead to references; more is a circle


class _Answer(NamedTuple):
    """What a path answers with."""

    schema: Mapping[str, Any]  # of one record
    records: str  # where it is in the answer
    is_list: bool


async def draft_openapi(file: str) -> Draft:
    """Draft one type per record with a path of its own; raises ``DraftError``."""
    return await asyncio.to_thread(_draft, Path(file))


def _draft(path: Path) -> Draft:
    try:
        root = load_document(path).root
    except DocumentError as error:
        raise DraftError(str(error)) from None
    if not str(root.get("openapi", "")).startswith("3"):
        raise DraftError(f"{path}: no OpenAPI description of version 3")
    source: dict[str, Any] = {"kind": "http"}
    servers = root.get("servers") or [{}]
    url = str(servers[0].get("url", ""))
    if url.startswith(("http://", "https://")):
        source["url"] = url
    notes: list[str] = []
    sets = [*_record_sets(root, notes)]
    draft = build_draft(str(root.get("info", {}).get("title", path.stem)), source, sets)
    if "url" not in source:
        notes.append("the description names no address: give it in the configuration's settings")
    draft.notes += notes
    return draft


def _record_sets(root: Mapping[str, Any], notes: list[str]) -> Iterator[RecordSet]:
    paths: Mapping[str, Any] = root.get("paths") or {}
    used: set[str] = set()
    for path, item in paths.items():
        match = _ITEM.fullmatch(path)
        answer = _answer(root, item)
        if match is None or "{" in match["collection"] or answer is None or answer.is_list:
            continue
        columns = tuple(_columns(root, answer.schema))
        key = _key_column(match["parameter"], columns)
        if key is None:
            continue
        used.add(path)
        listed = _answer(root, paths.get(match["collection"], {}))
        has_list = listed is not None and listed.is_list
        used |= {match["collection"]} if has_list else set()
        place: dict[str, Any] = {"path": match["collection"]}
        if listed is not None and listed.is_list and listed.records:
            place["records"] = listed.records
        yield RecordSet(
            match["collection"].rsplit("/", 1)[-1],
            place,
            columns,
            (key,),
            has_list=has_list,
            find_by_key=_Finding(match["collection"], answer.records),
        )
    notes += [
        f'"{method.upper()} {path}" is no record by its key and no list of them'
        for path, item in paths.items()
        for method in ("get", "post", "put", "patch", "delete")
        if method in item and not (method == "get" and path in used)
    ]


@dataclass(frozen=True, slots=True)
class _Finding:
    """Writes how a record is found, once its key's field has a name."""

    collection: str
    records: str

    def __call__(self, key: list[str]) -> dict[str, Any]:
        """Give what ``from`` says beside the collection."""
        found = {"path": f"{self.collection}/{{{key[0]}}}", "records": self.records}
        return {"find": {key[0]: found}}


def _answer(root: Mapping[str, Any], item: Mapping[str, Any]) -> _Answer | None:
    """Find the record in a path's answer: at its top, or one step below."""
    responses = item.get("get", {}).get("responses", {})
    content = _resolve(root, responses.get("200", {})).get("content", {})
    top = _resolve(root, content.get("application/json", {}).get("schema", {}))
    found = _as_answer(root, top, "")
    if found is not None and found.is_list:
        return found
    below = [_as_answer(root, each, name) for name, each in (top.get("properties") or {}).items()]
    wrapped = [each for each in below if each is not None]
    lists = [each for each in wrapped if each.is_list]
    if lists:
        return lists[0]
    is_envelope = len(wrapped) == 1 and wrapped[0].records in ("data", "result", "hasil")
    return wrapped[0] if is_envelope else found


def _as_answer(root: Mapping[str, Any], schema: Any, records: str) -> _Answer | None:
    schema = _resolve(root, schema)
    is_list = schema.get("type") == "array"
    record = _resolve(root, schema.get("items", {})) if is_list else schema
    return _Answer(record, records, is_list) if record.get("properties") else None


def _columns(
    root: Mapping[str, Any], schema: Mapping[str, Any], head: str = ""
) -> Iterator[Column]:
    """Give the values of a record, and those of the objects directly in it."""
    for name, given in schema["properties"].items():
        each = _resolve(root, given)
        kind = each.get("type")
        if isinstance(kind, list):  # 3.1 writes "or null" so
            kind = next((one for one in kind if one != "null"), None)
        if kind == "object" and each.get("properties") and not head:
            yield from _columns(root, each, f"{name}.")
            continue
        scalar = _FORMATS.get(str(each.get("format"))) or _SCALARS.get(str(kind))
        yield Column(f"{head}{name}", guess_scalar(name, scalar) if scalar else None)


def _key_column(parameter: str, columns: tuple[Column, ...]) -> str | None:
    """Find the value that the path's parameter stands for; ``id`` where none has its name."""
    names = {c.name.lower().replace("_", ""): c.name for c in columns if c.scalar is not None}
    return names.get(parameter.lower().replace("_", "")) or names.get("id")


def _resolve(root: Mapping[str, Any], node: Any) -> Mapping[str, Any]:
    """Follow references inside the description."""
    for _ in range(_DEEPEST):
        reference = node.get("$ref") if isinstance(node, Mapping) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        node = root
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            node = node.get(name, {}) if isinstance(node, Mapping) else {}
    return node if isinstance(node, Mapping) else {}
