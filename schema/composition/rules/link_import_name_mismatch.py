"""LINK_IMPORT_NAME_MISMATCH, DIRECTIVE_COMPOSITION_ERROR: one name for one directive.

A directive that the supergraph carries has one name there; subgraphs that import it under
different names, or in incompatible major versions, leave none to choose.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext
from schema.composition.merge.carry import composed_names
from schema.coordinates import directive_coordinate
from schema.spec.federation import FEDERATION_IDENTITY, KNOWN_IDENTITIES
from schema.spec.link import LinkedFeature
from schema.supergraph.model import Supergraph

__all__ = ["check_link_import_name_mismatch"]

_MERGED = ("tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost", "listSize")


def check_link_import_name_mismatch(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report directives with several names or major versions."""
    for directive in _MERGED:
        names: dict[str, list[str]] = {}
        for subgraph in context.subgraphs:
            feature = subgraph.names.find(FEDERATION_IDENTITY)
            imported = feature.imports.get(f"@{directive}") if feature else None
            if imported is not None and subgraph.version is not None:
                names.setdefault(imported, []).append(subgraph.name)
        _report_names(context, "LINK_IMPORT_NAME_MISMATCH", f"@{directive}", names)
    _check_composed(context)


def _check_composed(context: CompositionContext) -> None:
    names: dict[tuple[str, str], dict[str, list[str]]] = {}
    versions: dict[str, dict[str, list[str]]] = {}
    origins: dict[str, dict[str, list[str]]] = {}
    for subgraph in context.subgraphs:
        for local in composed_names(subgraph):
            resolved = subgraph.names.resolve_directive(local)
            if resolved is None:
                continue
            feature, element = resolved
            if element in _MERGED and feature.url.identity in KNOWN_IDENTITIES:
                context.hint(
                    "DIRECTIVE_COMPOSITION_INFO",
                    f'"@{local}" is composed without @composeDirective.',
                    [directive_coordinate(local)],
                    [subgraph.name],
                )
            named = names.setdefault((feature.url.identity, element), {})
            named.setdefault(f"@{local}", []).append(subgraph.name)
            origin = origins.setdefault(local, {})
            origin.setdefault(feature.url.identity, []).append(subgraph.name)
            version = versions.setdefault(feature.url.identity, {})
            version.setdefault(_major(feature), []).append(subgraph.name)
    for (_, element), named in names.items():
        _report_names(context, "DIRECTIVE_COMPOSITION_ERROR", f"@{element}", named)
    for local, origin in origins.items():
        _report_origins(context, local, origin)
    for identity, version in versions.items():
        if len(version) > 1:
            listed = ", ".join(f'v{major} in "{graphs[0]}"' for major, graphs in version.items())
            context.report(
                "DIRECTIVE_COMPOSITION_ERROR",
                f'"{identity}" is composed in incompatible versions: {listed}; link one major '
                "version.",
                [],
                [name for graphs in version.values() for name in graphs],
            )


def _report_origins(context: CompositionContext, local: str, origin: dict[str, list[str]]) -> None:
    if len(origin) < 2:
        return
    listed = ", ".join(f'"{identity}" in "{graphs[0]}"' for identity, graphs in origin.items())
    context.report(
        "DIRECTIVE_COMPOSITION_ERROR",
        f'"@{local}" is composed from different specifications: {listed}; import one of them '
        "under another name.",
        [directive_coordinate(local)],
        [name for graphs in origin.values() for name in graphs],
    )


def _major(feature: LinkedFeature) -> str:
    version = feature.url.version or (0, 0)
    return str(version[0]) if version[0] else f"0.{version[1]}"


def _report_names(
    context: CompositionContext, code: str, element: str, names: dict[str, list[str]]
) -> None:
    if len(names) < 2:
        return
    listed = ", ".join(f'"{name}" in "{graphs[0]}"' for name, graphs in names.items())
    context.report(
        code,
        f'"{element}" has different names: {listed}; use one name in all subgraphs.',
        [directive_coordinate(element[1:])],
        [name for graphs in names.values() for name in graphs],
    )
