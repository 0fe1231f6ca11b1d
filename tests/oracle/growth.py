"""Grow a valid world from a seed: the order of the stages.

In: a seed. Out: a ``Blueprint``. Types first, then who has them, then fields and who answers them,
then what makes federation hard (inputs, provisions, overrides), last what depends on all of it:
interfaces per subgraph, nullability, failures. A world that turns out impossible is thrown away
and grown anew from the next part of its seed.
"""

from __future__ import annotations

from tests.oracle.blueprint import Blueprint
from tests.oracle.chance import Chance
from tests.oracle.grow_finish import finish
from tests.oracle.grow_inputs import grow_overrides, grow_provisions, grow_requirements
from tests.oracle.grow_roots import grow_roots
from tests.oracle.grow_types import grow_types
from tests.oracle.soil import Soil, Unlucky

__all__ = ["grow_world"]


def grow_world(seed: int) -> Blueprint:
    """Grow the world of a seed."""
    attempt = 0
    while True:
        soil = Soil(Blueprint(seed), Chance(seed * 1_000 + attempt))
        try:
            grow_types(soil)
            grow_roots(soil)
            grow_requirements(soil)
            grow_provisions(soil)
            grow_overrides(soil)
            finish(soil)
        except Unlucky:
            attempt += 1
            continue
        return soil.world
