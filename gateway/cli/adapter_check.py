"""``simpul adapter check``: the conformance kit on one installed adapter.

In: an adapter's name, perhaps the configuration of its live source. Out: the report, as text or
JSON; the exit status is 1 if a check fails. Without a configuration the recording beside the
adapter stands for its source, and neither server nor network is needed.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.check.model import Verdict
from adapters.check.recording import RecordingError, load_recording
from adapters.check.report import render_report, report_as_json
from adapters.check.run import run_checks
from adapters.check.subject import Subject
from adapters.kit.adapter import AdapterSettingsError
from adapters.registry import RegistryError, adapter_names, find_recording, load_adapter
from gateway.cli.output import Failure, Format, print_json
from gateway.config.load import ConfigError, load_config
from gateway.standalone import configure_alone
from gateway.supergraph_source import SchemaUnreadable
from schema.subgraph.model import SubgraphSource

__all__ = ["check_adapter"]


def check_adapter(
    name: str,
    *,
    config: Path | None = None,
    recording: Path | None = None,
    format: Format = "text",
) -> None:
    """Try some sixty claims on one adapter; exit 1 if one does not hold.

    Parameters
    ----------
    name
        An installed adapter; "simpul adapter list" names them.
    config
        The simpul.yaml with the settings of its live source, which is then asked the samples of
        the recording, some hundreds of times. Without it the recorded source is asked: no server,
        no network.
    recording
        Another folder than the one beside the adapter, such as samples that a live source knows.
    format
        text, or json: {"adapter", "passed", "checks": [{"code", "title", "verdict", "findings",
        "reason"}]}.
    """
    logging.getLogger().addHandler(logging.NullHandler())  # the faults are ours: nobody's to read
    try:
        subject = _subject(name, config, recording)
        results = asyncio.run(run_checks(subject))
    except (RegistryError, RecordingError, AdapterSettingsError) as error:
        raise Failure(str(error)) from None
    if format == "json":
        print_json(report_as_json(name, results))
    else:
        print(render_report(name, results))
    failed = sum(result.verdict is Verdict.FAIL for result in results)
    if failed:
        raise Failure(f'{failed} checks of the adapter "{name}" fail')


def _subject(name: str, config: Path | None, folder: Path | None) -> Subject:
    adapter = load_adapter(name)
    recording = load_recording(folder or find_recording(name))
    live, base = (None, Path()) if config is None else _live(name, config)
    return Subject(adapter, recording, live, base, tuple(_neighbours(name)))


def _live(name: str, config: Path) -> tuple[Mapping[str, Any], Path]:
    try:
        loaded = configure_alone(name, load_config(config, os.environ))
    except (ConfigError, SchemaUnreadable) as error:
        raise Failure(str(error)) from None
    ((_, settings),) = loaded.subgraphs.items()
    return settings.settings or {}, loaded.base


def _neighbours(name: str) -> Iterator[SubgraphSource]:
    """Give the other installed adapters; one that cannot be loaded is no neighbour."""
    for other in adapter_names():
        if other == name:
            continue
        try:
            yield SubgraphSource(other, "", load_adapter(other).sdl)
        except RegistryError:
            continue
