"""Third stage: what makes federation hard: @requires, @provides, @override, hidden inputs.

In: a world whose plain fields are placed. Out: the same with fields that depend on others, fields
answered on one path only, and fields taken over from another subgraph.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.blueprint import LEAVES, Declared, TrueField, TrueType
from tests.oracle.chance import number_of
from tests.oracle.soil import Soil, top_names

__all__ = ["grow_overrides", "grow_provisions", "grow_requirements"]

_VALUES = {"n": "4", "s": '"y"', "c": "GREEN", "filter": "{ least: 1 }", "l": "[1, 2]", "m": "5"}


# --- @requires ------------------------------------------------------------------------------------


def grow_requirements(soil: Soil) -> None:
    """Add fields that depend on fields of other subgraphs, chains of them included."""
    chance = soil.chance
    for number in range(chance.one((0, 0, 1, 1, 2, 3, 4))):
        entity = chance.one(soil.entities())
        subgraph = chance.one(soil.places(entity.name))
        _require(soil, entity, subgraph, f"req{number}")
    for subgraph in soil.stand_ins.get("F", ()):
        if chance.yes(0.4):
            _require_of_family(soil, subgraph)


def _require(soil: Soil, entity: TrueType, subgraph: str, name: str) -> None:
    declared = soil.world.subgraphs[subgraph][entity.name].fields
    possible = [
        field
        for field in entity.fields.values()
        if (field.name not in declared or declared[field.name].is_external)
        and not field.is_key
        and soil.can_place(field.type.named, subgraph)
    ]
    inputs = [_input(soil, field, subgraph, 2) for field in soil.chance.some(possible, 1, 2)]
    if not inputs:
        return
    for text in inputs:
        for top in top_names(text.split("(")[0]):
            _make_external(soil, entity.name, top, subgraph)
    type_name = soil.leaf() if soil.chance.yes(0.8) else "E0"
    field = soil.field(name, type_name)
    field.requires = " ".join(inputs)
    entity.fields[name] = field
    soil.own(entity.name, name, subgraph).requires = field.requires
    if soil.chance.yes(0.3):
        _hide(soil, entity, top_names(inputs[0].split("(")[0])[0])


def _hide(soil: Soil, entity: TrueType, name: str) -> None:
    """Make an input @inaccessible, unless an interface shows it."""
    shown = {
        name
        for true in soil.world.types.values()
        if true.kind == "interface"
        for name in true.fields
    }
    if name not in shown and not name.startswith("req"):
        entity.fields[name].is_hidden = True


def _make_external(soil: Soil, type_name: str, name: str, subgraph: str) -> None:
    declaration = soil.world.subgraphs[subgraph][type_name]
    if name not in declaration.fields:
        soil.declare(type_name, name, subgraph).is_external = True


def _input(soil: Soil, field: TrueField, subgraph: str, depth: int) -> str:
    """Write one input: the field with its arguments and, for objects, what is taken of it."""
    text = field.name
    given = [
        f"{each.name}: {_VALUES[each.name]}"
        for each in field.arguments
        if (each.type.endswith("!") and not each.default) or soil.chance.yes(0.5)
    ]
    if given:
        text += f"({', '.join(given)})"
    if field.type.named in LEAVES:
        return text
    soil.place(field.type.named, subgraph)
    return f"{text} {{ {_inputs_below(soil, field.type.named, subgraph, depth)} }}"


def _inputs_below(soil: Soil, type_name: str, subgraph: str, depth: int) -> str:
    true = soil.world.types[type_name]
    if true.kind == "object":
        return _object_inputs(soil, true, subgraph, depth)
    here = [
        name
        for name in true.members
        if soil.is_placed(name, subgraph)
        and (true.kind != "union" or name in soil.world.subgraphs[subgraph][type_name].members)
    ]
    if true.kind == "interface" and not true.keys:
        here = []  # who implements it here is decided last
    chosen = soil.chance.some(here, 1, 2)
    parts = [
        f"... on {name} {{ {_object_inputs(soil, soil.world.types[name], subgraph, depth)} }}"
        for name in chosen
    ]
    if not parts or soil.chance.yes(0.3):
        parts.insert(0, "__typename")
    return " ".join(parts)


def _object_inputs(soil: Soil, true: TrueType, subgraph: str, depth: int) -> str:
    """Take one or two fields of an object: those the subgraph has, or externals."""
    leaves = [
        field
        for field in true.fields.values()
        if field.type.named in LEAVES
        and field.requires is None
        and (true.keys or field.name in soil.world.subgraphs[subgraph][true.name].fields)
    ]
    composite = [
        field
        for field in true.fields.values()
        if field.type.named not in LEAVES
        and depth > 0
        and field.name in soil.world.subgraphs[subgraph][true.name].fields
        and field.requires is None
    ]
    chosen = soil.chance.some(leaves, 1, 2)
    if composite and soil.chance.yes(0.3):
        chosen.append(soil.chance.one(composite))
    for field in chosen:
        _make_external(soil, true.name, field.name, subgraph)
    inputs = [_input(soil, field, subgraph, depth - 1) for field in chosen]
    return " ".join(inputs) if inputs else "__typename"


def _require_of_family(soil: Soil, subgraph: str) -> None:
    family = soil.world.types["F"]
    possible = [name for name in family.fields if name.startswith("fam")]
    possible = [name for name in possible if family.fields[name].type.named in LEAVES]
    if not possible:
        return
    text = _input(soil, family.fields[soil.chance.one(possible)], subgraph, 0)
    _make_external(soil, "F", top_names(text.split("(")[0])[0], subgraph)
    name = f"farreq{subgraph[1:]}"
    field = soil.field(name, soil.leaf())
    for owner in ("F", *family.members):
        soil.world.types[owner].fields[name] = TrueField(
            name, field.type, field.arguments, requires=text
        )
    soil.declare("F", name, subgraph).requires = text


# --- @provides ------------------------------------------------------------------------------------


def grow_provisions(soil: Soil) -> None:
    """Let some fields bring, on their path only, what their subgraph does not answer elsewhere."""
    for subgraph, declarations in soil.world.subgraphs.items():
        for declaration in tuple(declarations.values()):
            if declaration.kind != "object":
                continue
            for declared in tuple(declaration.fields.values()):
                if not declared.is_external and soil.chance.yes(0.25):
                    _provide(soil, subgraph, declaration.name, declared)


def _provide(soil: Soil, subgraph: str, type_name: str, declared: Declared) -> None:
    true = soil.world.types.get(soil.world.types[type_name].fields[declared.name].type.named)
    if true is None or declared.provides is not None:
        return
    if true.kind == "object":
        names = list(_provided(soil, true, subgraph))
        declared.provides = " ".join(names) or None
        return
    parts = []
    for name in soil.world.subgraphs[subgraph][true.name].members:
        names = list(_provided(soil, soil.world.types[name], subgraph))
        if names:
            parts.append(f"... on {name} {{ {' '.join(names)} }}")
    declared.provides = " ".join(parts) or None


def _provided(soil: Soil, true: TrueType, subgraph: str) -> Iterator[str]:
    """Choose leaves of an entity that the subgraph does not have, and make them external there."""
    if not true.keys:
        return
    declared = soil.world.subgraphs[subgraph][true.name].fields
    possible = [
        field
        for field in true.fields.values()
        if field.type.named in LEAVES
        and not field.arguments
        and field.requires is None
        and not field.is_key
        and not field.is_hidden
        and not field.name.startswith("far")
        and (field.name not in declared or declared[field.name].is_external)
    ]
    for field in soil.chance.some(possible, 1, 2):
        _make_external(soil, true.name, field.name, subgraph)
        for owner in soil.world.owners(true.name, field.name):
            soil.world.subgraphs[owner][true.name].fields[field.name].is_shareable = True
        yield field.name


# --- @override ------------------------------------------------------------------------------------


def grow_overrides(soil: Soil) -> None:
    """Let some fields be declared by a subgraph that may not be asked for them any more."""
    for entity in soil.entities():
        for field in entity.fields.values():
            if soil.chance.yes(0.12):
                _override(soil, entity, field)


def _override(soil: Soil, entity: TrueType, field: TrueField) -> None:
    if field.is_key or field.requires is not None or field.name.startswith("far"):
        return
    owners = soil.world.owners(entity.name, field.name)
    declaring = [
        subgraph
        for subgraph, declaration in soil.world.declared(entity.name)
        if field.name in declaration.fields
    ]
    others = [name for name in soil.places(entity.name) if name not in declaring]
    others = [name for name in others if soil.can_place(field.type.named, name)]
    if len(owners) != 1 or not others:
        return
    former = soil.chance.one(others)
    owner = soil.world.subgraphs[owners[0]][entity.name].fields[field.name]
    if owner.provides is not None:
        return
    owner.override = former
    taken = soil.declare(entity.name, field.name, former)
    taken.is_taken = True
    if number_of(f"label {soil.world.seed} {entity.name}.{field.name}") % 2:
        owner.label = taken.label = f"{entity.name}-{field.name}"
