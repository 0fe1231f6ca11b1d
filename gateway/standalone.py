"""One adapter served alone: a standard Federation 2 subgraph for any other router.

In: the name of an installed adapter and a configuration. Out: a graph whose one subgraph is the
adapter, asked by ``_service`` and ``_entities`` as the subgraph specification has it
(https://www.apollographql.com/docs/graphos/reference/federation/subgraph-spec). Edge, callers,
grants, limits and planning are those of any graph; only what the router in front says differently
is translated here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import structs

from adapters.contract import (
    Representation,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.registry import RegistryError, adapter_label, is_declared, load_adapter
from gateway.config.model import Config, SubgraphSettings
from gateway.supergraph_source import ADAPTER_URL, SchemaUnreadable
from gateway.upstreams import OpenedGraph, Shared, open_upstreams
from schema.composition.composer import compose_alone
from schema.selection import Field, SelectionSet, evaluate
from schema.subgraph.model import SubgraphSource

__all__ = ["AloneExecutor", "configure_alone", "open_alone"]

_ENTITIES, _SERVICE = "_entities", "_service"


def configure_alone(adapter: str, config: Config | None) -> Config:
    """Give the configuration of one adapter: its part of ``config``, or every default.

    Raises:
        SchemaUnreadable: if ``config`` names no subgraph, or several, with this adapter.
    """
    if config is None:
        name = Path(adapter).stem if is_declared(adapter) else adapter
        return Config(subgraphs={name: SubgraphSettings(adapter=adapter)})
    named = [name for name, each in config.subgraphs.items() if _is_same(each.adapter, adapter)]
    if len(named) != 1:
        listed = ", ".join(f'"{name}"' for name in named) or "none"
        raise SchemaUnreadable(
            f'the configuration must have one subgraph with "adapter: {adapter}", it has {listed}'
        )
    alone = {named[0]: config.subgraphs[named[0]]}
    return config.model_copy(update={"subgraphs": alone, "supergraph": None})


def _is_same(configured: str | None, adapter: str) -> bool:
    """Tell whether the configuration means this adapter; a file may be named from elsewhere."""
    if configured is not None and is_declared(adapter):
        return Path(configured).resolve() == Path(adapter).resolve()
    return configured == adapter


async def open_alone(config: Config, shared: Shared) -> OpenedGraph:
    """Open the one adapter that ``configure_alone`` left; raises ``SchemaUnreadable``."""
    ((name, settings),) = config.subgraphs.items()
    adapter = str(settings.adapter)
    try:
        sdl = load_adapter(adapter).sdl
    except RegistryError as error:
        raise SchemaUnreadable(str(error)) from None
    composed = compose_alone(SubgraphSource(name, f"{ADAPTER_URL}{adapter_label(adapter)}", sdl))
    if composed.supergraph is None:
        return OpenedGraph(composed)
    upstreams = await open_upstreams(config, composed.supergraph, shared)
    executors = {name: AloneExecutor(each, sdl) for name, each in upstreams.executors.items()}
    return OpenedGraph(composed, replace(upstreams, executors=executors))


class AloneExecutor:
    """Answers ``_service`` itself and asks the adapter for ``_entities`` as for an entity fetch."""

    def __init__(self, adapter: SubgraphExecutor, sdl: str) -> None:
        self._adapter = adapter
        self._sdl = sdl

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one root fetch; its parts are asked at the same time."""
        fields = [each for each in request.selection.fields if _is_asked(each, request.variables)]
        machinery = [each for each in fields if each.name in (_ENTITIES, _SERVICE)]
        if not machinery:
            return await self._adapter.execute(request)
        own = tuple(each for each in fields if each not in machinery)
        asked = [self._answer(each, request) for each in machinery]
        if own:
            roots = replace(request.selection, selections=own)
            asked.append(
                self._adapter.execute(structs.replace(request, selection=roots, shape=None))
            )
        return _join(await asyncio.gather(*asked), fields)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Events have no machinery: the adapter's own."""
        return self._adapter.subscribe(request)

    async def aclose(self) -> None:
        """Close the adapter; idempotent."""
        await self._adapter.aclose()

    async def _answer(self, field: Field, request: SubgraphRequest) -> SubgraphResponse:
        selection = field.selections or SelectionSet("")
        if field.name == _SERVICE:
            texts = {"sdl": self._sdl, "__typename": "_Service"}
            service = {each.response_name: texts[each.name] for each in selection.fields}
            return SubgraphResponse({field.response_name: service})
        given = evaluate(field.arguments[0].value, request.variables)
        representations = [each for each in given if _is_representation(each)]
        if len(representations) != len(given):
            return _refuse(field)
        response = await self._adapter.execute(_entity_request(request, selection, representations))
        return _under(field.response_name, response)


def _is_asked(field: Field, variables: Mapping[str, Any]) -> bool:
    return all(variables.get(c.variable) == c.expected for c in field.conditions)


def _is_representation(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("__typename"), str)


def _entity_request(
    request: SubgraphRequest, selection: SelectionSet, representations: list[Representation]
) -> SubgraphRequest:
    return structs.replace(
        request, selection=selection, representations=representations, shape=None, document=b""
    )


def _refuse(field: Field) -> SubgraphResponse:
    message = 'every one of the "representations" must be an object with "__typename"'
    error = SubgraphError(message, "BAD_USER_INPUT", (field.response_name,))
    return SubgraphResponse(None, (error,))


def _under(name: str, response: SubgraphResponse) -> SubgraphResponse:
    """Put an entity fetch's answer under the field that asked for it, and its paths too."""
    return structs.replace(
        response,
        data={name: response.data},
        errors=tuple(_moved(each, name) for each in response.errors),
        defects=tuple(replace(each, path=(name, *each.path[1:])) for each in response.defects),
        body=None,
    )


def _moved(error: SubgraphError, name: str) -> SubgraphError:
    path = (name,) if error.path is None else (name, *error.path[1:])
    return structs.replace(error, path=path)


def _join(responses: list[SubgraphResponse], fields: list[Field]) -> SubgraphResponse:
    """Make one answer of the parts, its fields in the order asked."""
    found: dict[str, Any] = {}
    for response in responses:
        found.update(response.data or {})
    times = [each.as_of for each in responses if each.as_of is not None]
    return SubgraphResponse(
        {each.response_name: found.get(each.response_name) for each in fields},
        tuple(error for each in responses for error in each.errors),
        as_of=min(times) if times else None,
        defects=tuple(defect for each in responses for defect in each.defects),
        reports=tuple(report for each in responses for report in each.reports),
    )
