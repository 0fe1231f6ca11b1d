"""The links of the supergraph: one per specification whose directives it carries.

In: the context. Out: ``Link`` values; those that every supergraph has (link, join, tag,
inaccessible) are the renderer's.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext
from schema.supergraph.model import Link

__all__ = ["merge_links"]


def merge_links(context: CompositionContext) -> tuple[Link, ...]:
    """Build the links of carried directives, in the order of their specifications."""
    imports: dict[str, dict[str, str]] = {}
    for carried in context.carried.directives:
        imports.setdefault(str(carried.url), {})[f"@{carried.element}"] = f"@{carried.name}"
    return tuple(Link(url, None, tuple(names.items())) for url, names in imports.items())
