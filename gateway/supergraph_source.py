"""Where the supergraph comes from: a composed file, or subgraphs composed now.

In: the configuration. Out: a ``CompositionResult``. Each subgraph's SDL is read from a file, from
the running subgraph by ``_service``, or from the local adapter that the configuration names.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path

import msgspec

from adapters.http_client import HttpClient, HttpError
from adapters.registry import RegistryError, adapter_label, load_adapter
from gateway.config.model import Config, SubgraphSettings
from gateway.upstream_tls import TlsUnreadable, build_tls
from schema.composition.composer import CompositionResult, compose
from schema.errors import CompositionError, SupergraphError
from schema.subgraph.model import SubgraphSource
from schema.supergraph.load import load_supergraph

__all__ = ["ADAPTER_URL", "SchemaUnreadable", "read_subgraphs", "read_supergraph"]

ADAPTER_URL = "simpul:adapter/"
"""A local adapter's join URL, where the configuration gives it no public one."""

_SERVICE_QUERY = b'{"query":"{ _service { sdl } }"}'
_SERVICE_SECONDS = 10.0


class SchemaUnreadable(Exception):
    """A schema cannot be read; the text says which, where and why."""


async def read_supergraph(config: Config, http: HttpClient) -> CompositionResult:
    """Load or compose the supergraph; raises ``SchemaUnreadable`` if a source cannot be read."""
    if config.supergraph is None:
        return compose(await read_subgraphs(config.subgraphs, http))
    text = _read_file(config.supergraph.file)
    try:
        return CompositionResult(supergraph=load_supergraph(text), errors=(), hints=())
    except SupergraphError as error:
        problem = CompositionError(error.code, f"{config.supergraph.file}: {error}")
        return CompositionResult(supergraph=None, errors=(problem,), hints=())


async def read_subgraphs(
    subgraphs: Mapping[str, SubgraphSettings], http: HttpClient
) -> list[SubgraphSource]:
    """Read the SDL of every subgraph, those of running ones at the same time."""
    return list(
        await asyncio.gather(
            *(_read_subgraph(name, settings, http) for name, settings in subgraphs.items())
        )
    )


async def _read_subgraph(name: str, settings: SubgraphSettings, http: HttpClient) -> SubgraphSource:
    if settings.adapter is not None:
        url = settings.public_url or f"{ADAPTER_URL}{adapter_label(settings.adapter)}"
        return SubgraphSource(name, url, _adapter_sdl(name, settings.adapter))
    schema = settings.schema_
    if schema is None:
        raise SchemaUnreadable(
            f'subgraph "{name}": give "schema.file", "schema.subgraph_url" or "adapter"'
        )
    if schema.file is not None:
        return SubgraphSource(name, settings.routing_url or "", _read_file(schema.file))
    url = str(schema.subgraph_url)
    try:
        tls = build_tls(settings)
    except TlsUnreadable as error:
        raise SchemaUnreadable(f'subgraph "{name}": {error}') from None
    try:
        sdl = await _ask_sdl(name, url, http, tls)
    finally:
        if tls is not None:
            await http.drop(tls)
    return SubgraphSource(name, settings.routing_url or url, sdl)


def _adapter_sdl(name: str, adapter: str) -> str:
    try:
        return load_adapter(adapter).sdl
    except RegistryError as error:
        raise SchemaUnreadable(f'subgraph "{name}": {error}') from None


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaUnreadable(f"{path}: cannot be read: {error}") from None


async def _ask_sdl(name: str, url: str, http: HttpClient, tls: ssl.SSLContext | None) -> str:
    """Ask a running subgraph for its SDL."""
    headers = (("content-type", "application/json"), ("accept", "application/json"))
    try:
        response = await http.request(
            "POST",
            url,
            headers=headers,
            body=_SERVICE_QUERY,
            timeout_seconds=_SERVICE_SECONDS,
            tls=tls,
        )
        answer = msgspec.json.decode(response.body)
        return str(answer["data"]["_service"]["sdl"])
    except HttpError as error:
        raise SchemaUnreadable(f'subgraph "{name}" at {url} does not answer: {error}') from None
    except (msgspec.DecodeError, KeyError, TypeError):
        raise SchemaUnreadable(
            f'subgraph "{name}" at {url} gives no SDL for "{{ _service {{ sdl }} }}"'
        ) from None
