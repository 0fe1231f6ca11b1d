"""@context and @fromContext of one subgraph, read.

In: a ``Subgraph``. Out: which types set which context, and which arguments are set from one:
``"$user { id }"`` names the context and selects from the object that set it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schema.subgraph.model import (
    Subgraph,
    SubgraphArgument,
    SubgraphField,
    SubgraphType,
    text_argument,
)

__all__ = ["ContextUse", "context_settings", "context_uses", "read_context_use"]

_FIELD = re.compile(r"\s*\$\s*([A-Za-z_]\w*)(.*\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ContextUse:
    """One argument set from a context; ``context`` is None where the text names none."""

    parent: SubgraphType
    field: SubgraphField
    argument: SubgraphArgument
    context: str | None
    selection: str

    @property
    def coordinate(self) -> str:
        """The argument's coordinate."""
        return f"{self.parent.name}.{self.field.name}({self.argument.name}:)"


def context_settings(subgraph: Subgraph) -> dict[str, list[str]]:
    """Map each context to the types that set it."""
    settings: dict[str, list[str]] = {}
    for definition in subgraph.types.values():
        for directive in definition.notes.every("context"):
            settings.setdefault(text_argument(directive, "name") or "", []).append(definition.name)
    return settings


def context_uses(subgraph: Subgraph) -> Iterator[ContextUse]:
    """Iterate over all arguments that are set from a context."""
    for definition in subgraph.composites():
        for field in definition.fields.values():
            for argument in field.arguments.values():
                use = read_context_use(definition, field, argument)
                if use is not None:
                    yield use


def read_context_use(
    parent: SubgraphType, field: SubgraphField, argument: SubgraphArgument
) -> ContextUse | None:
    """Read an argument's @fromContext, if it has one."""
    directive = argument.notes.find("fromContext")
    if directive is None:
        return None
    match = _FIELD.fullmatch(text_argument(directive, "field") or "")
    if match is None:
        return ContextUse(parent, field, argument, None, "")
    return ContextUse(parent, field, argument, match[1], match[2])
