"""Second stage: where operations begin.

In: a world of types. Out: the same with ``Query`` and perhaps ``Mutation``, each field answered by
one subgraph or shared by several.
"""

from __future__ import annotations

from tests.oracle.blueprint import Declaration, TrueType
from tests.oracle.soil import Soil

__all__ = ["grow_roots"]


def grow_roots(soil: Soil) -> None:
    """Plant the roots."""
    chance, world = soil.chance, soil.world
    world.types["Query"] = TrueType("Query", "object")
    for number in range(chance.between(2, 5)):
        _plant_root(soil, "Query", f"q{number}", None)
    for entity in soil.entities():
        if chance.yes(0.6):
            _plant_root(soil, "Query", f"all{entity.name}", entity.name)
    if chance.yes(0.3):
        world.types["Mutation"] = TrueType("Mutation", "object")
        for number in range(chance.between(2, 4)):
            _plant_root(soil, "Mutation", f"m{number}", None)
    for name, declarations in world.subgraphs.items():
        if "Query" in declarations and chance.yes(0.15):
            world.root_names[name] = f"Root{name}"


def _plant_root(soil: Soil, root: str, name: str, type_name: str | None) -> None:
    chance, world = soil.chance, soil.world
    if type_name is None:
        owners = list(world.subgraphs)
    else:
        owners = [each for each in world.subgraphs if soil.can_place(type_name, each)]
    is_shared = root == "Query" and chance.yes(0.25)
    owners = chance.some(owners, 2, 3) if is_shared else [chance.one(owners)]
    field = soil.field(name, type_name or soil.target(owners))
    world.types[root].fields[name] = field
    for subgraph in owners:
        world.subgraphs[subgraph].setdefault(root, Declaration(root, "object"))
        soil.declare(root, name, subgraph)
