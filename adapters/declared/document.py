"""The JSON Schema of declared files, for editors.

In: the kinds of source that are installed. Out: one schema; what ``source`` and ``from`` of a type
may hold depends on the kind that the file names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.declared.kind import Kind
from adapters.declared.model import FileModel

__all__ = ["declared_json_schema"]


def declared_json_schema(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Give the JSON Schema of a declared adapter's file."""
    schema = FileModel.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A declared adapter"
    source = schema["properties"]["source"]
    source["properties"] = {"kind": {"enum": [*kinds]}}
    source["required"] = ["kind"]
    schema["allOf"] = [_branch(name, kind, schema["$defs"]) for name, kind in kinds.items()]
    return schema


def _branch(name: str, kind: Kind, shared: dict[str, Any]) -> dict[str, Any]:
    settings = kind.settings.model_json_schema(by_alias=True)
    place = kind.place.model_json_schema(by_alias=True)
    shared |= settings.pop("$defs", {}) | place.pop("$defs", {})
    settings.pop("required", None)  # the configuration may give them
    settings["properties"] = {"kind": {"const": name}, **settings["properties"]}
    types = {"additionalProperties": {"properties": {"from": place}}}
    return {
        "if": {"properties": {"source": {"properties": {"kind": {"const": name}}}}},
        "then": {"properties": {"source": settings, "types": types}},
    }
