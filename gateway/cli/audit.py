"""``simpul audit``: verify what was recorded as evidence.

In: a configuration. Out: one line per chain, those of the workers and those that adapters keep in
their own stores; the exit status is 1 if one of them is not whole.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.errors import SourceError
from adapters.kit.adapter import AdapterSettingsError, Opening
from adapters.registry import RegistryError, load_adapter
from cache.key_file import KeyUnreadable, load_key
from gateway.audit.verify import ChainReport, verify_folder
from gateway.cli.config import read_config
from gateway.cli.output import Failure, Format, print_json
from gateway.config.model import Config

__all__ = ["verify"]


def verify(config: Path, *, format: Format = "text") -> None:
    """Verify every chain of evidence; exit 1 if one was changed, cut or has a gap.

    The gateway may serve meanwhile.

    Parameters
    ----------
    config
        The simpul.yaml that the gateway serves.
    format
        text, or json: {"chains": [{"name", "records", "problem"}]}.
    """
    read = read_config(config)
    reports = [*_of_workers(read), *asyncio.run(_of_adapters(read))]
    if format == "json":
        print_json({"chains": [_as_json(each) for each in reports]})
    else:
        print("\n".join(_as_text(each) for each in reports) or "there is no chain yet")
    broken = [each.name for each in reports if not each.is_whole]
    if broken:
        raise Failure(f"not whole: {', '.join(broken)}")


def _of_workers(config: Config) -> list[ChainReport]:
    if not config.audit_folder.is_dir():
        return []
    if not config.audit_key.exists():
        raise Failure(f'there is no key "{config.audit_key}": without it nothing verifies')
    try:
        return verify_folder(config.audit_folder, load_key(config.audit_key))
    except KeyUnreadable as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise Failure(f"{config.audit_folder}: cannot be read: {error.strerror}") from None


async def _of_adapters(config: Config) -> list[ChainReport]:
    reports = []
    for name, subgraph in config.subgraphs.items():
        if subgraph.adapter is not None:
            reports += await _of_adapter(name, subgraph.adapter, subgraph.settings, config)
    return reports


async def _of_adapter(
    name: str, adapter: str, settings: dict[str, object], config: Config
) -> list[ChainReport]:
    try:
        loaded = load_adapter(adapter)
        if loaded.verify is None:
            return []
        opening = Opening(name, config.base, state=config.state_dir)
        sources = await loaded.open_sources(loaded.check_settings(settings), opening)
        try:
            verdict = await loaded.verify(sources)
        finally:
            await sources.aclose()
    except (RegistryError, AdapterSettingsError, SourceError) as error:
        raise Failure(f'subgraph "{name}": {error}') from None
    return [ChainReport(name, verdict.head.number, verdict.reason)]


def _as_text(report: ChainReport) -> str:
    state = report.problem or "whole"
    return f"{report.name:<20} {report.records:>9} records  {state}"


def _as_json(report: ChainReport) -> dict[str, object]:
    return {"name": report.name, "records": report.records, "problem": report.problem}
