"""First stage: which types there are, where they are, and their fields.

In: an empty world. Out: entities with keys, value types, interfaces, unions, perhaps an interface
that is itself an entity, all placed and with fields that somebody answers.
"""

from __future__ import annotations

from schema.type_ref import TypeRef
from tests.oracle.blueprint import Declaration, Key, TrueField, TrueType
from tests.oracle.soil import Soil, top_names

__all__ = ["grow_types"]

_KEY_SETS = (
    ("id",),
    ("id",),
    ("id", "code"),
    ("id", "code"),
    ("k1 k2",),
    ("id", "k1 k2"),
    ("id", "ref { a b }"),
    ("code", "ref { a b }", "k1 k2"),
    ("id", "owner { id }"),
)
_KEY_FIELDS = {
    "id": TypeRef("ID", non_null=True),
    "code": TypeRef("String", non_null=True),
    "k1": TypeRef("Int", non_null=True),
    "k2": TypeRef("Int", non_null=True),
    "ref": TypeRef("Ref", non_null=True),
    "owner": TypeRef("E0", non_null=True),
}


def grow_types(soil: Soil) -> None:
    """Plant all types but the roots."""
    chance = soil.chance
    count = chance.one((2, 2, 3, 3, 3, 4, 4, 5, 6))
    soil.world.subgraphs = {f"s{number}": {} for number in range(count)}
    _plant_ref(soil)
    for number in range(chance.between(2, 4)):
        _plant_entity(soil, f"E{number}", chance.one(_KEY_SETS) if number else ("id",))
    if chance.yes(0.35):
        _plant_family(soil)
    for number in range(chance.between(0, 3)):
        _plant_value(soil, f"V{number}")
    for number in range(chance.between(0, 2)):
        _plant_interface(soil, f"I{number}")
    for number in range(chance.between(0, 2)):
        members = chance.some(_object_names(soil), 2, 3)
        soil.world.types[f"U{number}"] = TrueType(f"U{number}", "union", members=tuple(members))
    for entity in soil.entities():
        _place_entity(soil, entity)
    _place_family(soil)
    for entity in soil.entities():
        _grow_fields(soil, entity)


def _plant_ref(soil: Soil) -> None:
    ref = soil.world.types["Ref"] = TrueType("Ref", "object")
    for name, leaf in (("a", "Int"), ("b", "ID")):
        ref.fields[name] = TrueField(name, TypeRef(leaf, non_null=True), is_key=True)


def _plant_entity(soil: Soil, name: str, keys: tuple[str, ...], family: str | None = None) -> None:
    entity = soil.world.types[name] = TrueType(name, "object", keys=keys, family=family)
    for key in keys:
        for word in top_names(key):
            entity.fields[word] = TrueField(word, _KEY_FIELDS[word], is_key=True)


def _plant_family(soil: Soil) -> None:
    """Plant an interface with a key, its members, and where an @interfaceObject stands for it."""
    chance, world = soil.chance, soil.world
    members = tuple(f"M{number}" for number in range(chance.between(2, 3)))
    family = world.types["F"] = TrueType("F", "interface", members=members, keys=("id",))
    family.fields["id"] = TrueField("id", _KEY_FIELDS["id"], is_key=True)
    subgraphs = list(world.subgraphs)
    soil.hubs["F"] = chance.one(subgraphs)
    others = [name for name in subgraphs if name != soil.hubs["F"]]
    soil.stand_ins["F"] = chance.some(others, 0, 2)
    for name in members:
        _plant_entity(soil, name, ("id",), "F")
        soil.hubs[name] = soil.hubs["F"]


def _plant_value(soil: Soil, name: str) -> None:
    chance, world = soil.chance, soil.world
    value = TrueType(name, "object")
    for number in range(chance.between(1, 4)):
        names = [n for n in world.types if n != "Ref" and not world.types[n].family and n != "F"]
        type_name = soil.leaf() if chance.yes(0.7) or not names else chance.one(names)
        field_name = f"f{number}" if chance.yes(0.4) else f"{name.lower()}{number}"
        value.fields[field_name] = soil.field(field_name, type_name)
    world.types[name] = value
    if chance.yes(0.25) and len(value.fields) > 1:
        soil.spread.add(name)


def _object_names(soil: Soil) -> list[str]:
    return [name for name, t in soil.world.types.items() if t.kind == "object" and name != "Ref"]


def _plant_interface(soil: Soil, name: str) -> None:
    """Plant an interface whose fields its members get."""
    chance, world = soil.chance, soil.world
    members = tuple(chance.some(_object_names(soil), 2, 3))
    interface = world.types[name] = TrueType(name, "interface", members=members)
    for number in range(chance.between(1, 2)):
        field_name = f"{name.lower()}{'ab'[number]}"
        type_name = soil.leaf() if chance.yes(0.7) else f"E{chance.between(0, 1)}"
        field = soil.field(field_name, type_name)
        interface.fields[field_name] = field
        for member in members:
            world.types[member].fields[field_name] = TrueField(
                field_name, field.type, field.arguments
            )


def _place_entity(soil: Soil, entity: TrueType) -> None:
    chance = soil.chance
    possible = [name for name in soil.world.subgraphs if soil.can_place(entity.name, name)]
    hub = soil.hubs.get(entity.name)
    places = chance.some(possible, 1, len(possible))
    if hub is not None and hub not in places:
        places.append(hub)
    if hub is None:
        soil.hubs[entity.name] = chance.one(places)
    for subgraph in places:
        soil.place(entity.name, subgraph)


def _place_family(soil: Soil) -> None:
    family = soil.world.types.get("F")
    if family is None:
        return
    chance, home = soil.chance, soil.hubs["F"]
    for number in range(chance.between(1, 2)):
        _family_field(soil, family, f"fam{number}", home)
    owner = Declaration("F", "interface", keys=[Key("id")])
    soil.world.subgraphs[home]["F"] = owner
    for name in ("id", *(name for name in family.fields if name.startswith("fam"))):
        soil.declare("F", name, home)
    for place, subgraph in enumerate(soil.stand_ins["F"]):
        stand_in = Declaration("F", "interfaceObject", keys=[Key("id")])
        soil.world.subgraphs[subgraph]["F"] = stand_in
        soil.declare("F", "id", subgraph)
        for number in range(chance.between(1, 2)):
            name = f"far{place}{number}"
            field = soil.field(name, soil.target([subgraph]))
            for owner_name in ("F", *family.members):
                soil.world.types[owner_name].fields[name] = TrueField(
                    name, field.type, field.arguments
                )
            soil.declare("F", name, subgraph)


def _family_field(soil: Soil, family: TrueType, name: str, home: str) -> None:
    field = soil.field(name, soil.leaf() if soil.chance.yes(0.7) else "E0")
    family.fields[name] = field
    for member in family.members:
        soil.world.types[member].fields[name] = TrueField(name, field.type, field.arguments)
        soil.own(member, name, home)


def _grow_fields(soil: Soil, entity: TrueType) -> None:
    """Let somebody answer the interfaces' fields, and add fields of the entity's own."""
    chance = soil.chance
    far = {name for name in entity.fields if name.startswith("far")}
    for name, field in tuple(entity.fields.items()):
        if not field.is_key and name not in far and not soil.world.owners(entity.name, name):
            _give(soil, entity, name)
    for number in range(chance.between(1, 4)):
        name = f"f{number}" if chance.yes(0.5) else f"{entity.name.lower()}{number}"
        if name in entity.fields:
            continue
        owners = _choose_owners(soil, entity)
        entity.fields[name] = soil.field(name, soil.target(owners))
        for subgraph in owners:
            soil.own(entity.name, name, subgraph)


def _give(soil: Soil, entity: TrueType, name: str) -> None:
    target = entity.fields[name].type.named
    for subgraph in _choose_owners(soil, entity):
        if soil.can_place(target, subgraph):
            soil.own(entity.name, name, subgraph)
    if not soil.world.owners(entity.name, name):
        soil.own(entity.name, name, soil.hubs[entity.name])


def _choose_owners(soil: Soil, entity: TrueType) -> list[str]:
    places = soil.places(entity.name)
    return [soil.chance.one(places)] if soil.chance.yes(0.7) else soil.chance.some(places, 1, 3)
