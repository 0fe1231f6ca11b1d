"""How one field moves between subgraphs: what merging it finds, and the rule about sharing asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Overrides"]


@dataclass(frozen=True, slots=True)
class Overrides:
    """How one field moves; all keys are names of subgraphs."""

    sources: Mapping[str, str] = field(default_factory=dict)  # taker -> from
    labels: Mapping[str, str] = field(default_factory=dict)  # taker and from -> label
    overridden: frozenset[str] = frozenset()  # resolve the field no more
    moving: frozenset[str] = frozenset()  # resolve it where the label does not hold
