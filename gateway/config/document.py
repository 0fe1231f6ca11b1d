"""The published forms of the settings: JSON Schema for editors, and the list for the docs.

In: the models. Out: a JSON Schema, and one row per setting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from gateway.config.model import Config

__all__ = ["Setting", "config_json_schema", "list_settings"]


_SUFFIXES: dict[Any, str] = {dict: ".NAME", tuple: "[]"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as documented; names of mappings' keys are written ``NAME``."""

    path: str
    default: str  # "" where it is required
    description: str


def config_json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a configuration file."""
    schema = Config.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "simpul.yaml"
    return schema


def list_settings() -> tuple[Setting, ...]:
    """List every setting in the order of the models."""
    return tuple(_walk(Config, ""))


def _walk(model: type[BaseModel], prefix: str) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        inner, suffix = _inner_model(field.annotation)
        if inner is None:
            default = field.get_default(call_default_factory=True)
            shown = "" if default is PydanticUndefined else _show(default)
            yield Setting(path, shown, field.description or "")
        else:
            yield from _walk(inner, f"{path}{suffix}.")


def _inner_model(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """Find the settings model inside an annotation, and how the path goes on to it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    for argument in get_args(annotation):
        inner, suffix = _inner_model(argument)
        if inner is not None:
            return inner, suffix or _SUFFIXES.get(get_origin(annotation), "")
    return None, ""


def _show(default: Any) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    return str(default)
