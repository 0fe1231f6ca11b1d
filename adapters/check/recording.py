"""What is kept beside an adapter so that it can be checked without its source.

In: a folder ``recorded/`` with ``recording.yaml``. Out: ``Recording``: settings, samples to ask
for, texts that must not show up in logs or messages, and the exchanges of HTTP sources. A setting
may hold ``${RECORDED}``, a copy of the folder made for each check, and ``${REPLAY}``, the address
at which the exchanges are answered. The people of a recording are invented.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.check.exchange import Exchange
from adapters.yaml_document import DocumentError, load_document

__all__ = ["RECORDING_FILES", "Recording", "RecordingError", "Sample", "load_recording"]

_FILE = "recording.yaml"
_EXCHANGES = "exchanges.json"
RECORDING_FILES = (_FILE, _EXCHANGES)  # what else lies in the folder is the source's


class RecordingError(Exception):
    """A recording cannot be read; the text says where and what to do."""


class Sample(BaseModel):
    """One question to the adapter that its source can answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str  # names it in findings
    ask: str  # GraphQL: fragments on entity types, or fields of Query
    variables: dict[str, Any] = Field(default_factory=dict)
    representations: tuple[dict[str, Any], ...] | None = None  # None: a question to Query
    unknown: dict[str, Any] | None = None  # a key that the source does not have
    pages: str | None = None  # the response name of the connection that $first and $after page


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    settings: dict[str, Any] = Field(default_factory=dict)
    personal: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    at_most: int | None = Field(None, ge=1)
    samples: tuple[Sample, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording, read."""

    folder: Path
    samples: tuple[Sample, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    personal: tuple[str, ...] = ()  # names and addresses that no log or message may hold
    exchanges: tuple[Exchange, ...] = ()  # of HTTP sources; none: it has no such source
    at_most: int | None = None  # keys that an HTTP source takes in one call; None: not told
    roles: tuple[str, ...] = ()  # of whoever asks, for an adapter that goes by them


def load_recording(folder: Path) -> Recording:
    """Read the recording in ``folder``; raises ``RecordingError``."""
    try:
        document = load_document(folder / _FILE)
        exchanges = _load_exchanges(folder / _EXCHANGES)
    except (DocumentError, ValueError) as error:
        raise RecordingError(f"{error}: see docs/adapter-check.md") from None
    try:
        content = _Document.model_validate(_plain(document.root))
    except ValidationError as error:
        raise RecordingError(str(document.refuse_entries(error.errors()))) from None
    return Recording(
        folder,
        content.samples,
        content.settings,
        content.personal,
        exchanges,
        content.at_most,
        content.roles,
    )


def _plain(root: Any) -> Any:
    """Give plain dicts and lists: answers tell records by their exact type."""
    return json.loads(json.dumps(root, default=str))


def _load_exchanges(file: Path) -> tuple[Exchange, ...]:
    if not file.exists():
        return ()
    return tuple(Exchange.model_validate(each) for each in json.loads(file.read_text("utf-8")))
