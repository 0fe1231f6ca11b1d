"""Last stage: what depends on everything that was placed before.

In: a world with all its fields. Out: the same, valid: interfaces with the fields that their
members have in that subgraph, @shareable, nullability, non-resolvable keys, failures.
"""

from __future__ import annotations

from schema.type_ref import TypeRef
from tests.oracle.blueprint import LEAVES, ROOTS, Blueprint, Declaration, TrueType
from tests.oracle.soil import Soil, Unlucky

__all__ = ["finish"]


def finish(soil: Soil) -> None:
    """Finish a world, or raise ``Unlucky``."""
    _finish_interfaces(soil)
    _share(soil.world)
    _weaken(soil)
    _close_keys(soil)
    _check_runtime_types(soil.world)
    if soil.with_failures:
        _let_fail(soil)


# --- interfaces -----------------------------------------------------------------------------------


def _finish_interfaces(soil: Soil) -> None:
    waiting = True
    while waiting:
        waiting = False
        for subgraph, declarations in soil.world.subgraphs.items():
            for declaration in tuple(declarations.values()):
                if declaration.kind == "interface" and not declaration.fields:
                    _give_interface_fields(soil, declaration, subgraph)
                    waiting = True
    for subgraph, declarations in soil.world.subgraphs.items():
        for declaration in declarations.values():
            if declaration.kind == "interface":
                _implement(soil, declaration, subgraph)


def _give_interface_fields(soil: Soil, declaration: Declaration, subgraph: str) -> None:
    true = soil.world.types[declaration.name]
    here = [name for name in true.members if soil.is_placed(name, subgraph)]
    best = max(true.fields, key=lambda name: len(_having(soil, here, [name], subgraph)))
    if not _having(soil, here, [best], subgraph):
        member = soil.chance.one(here)
        if soil.world.types[member].fields[best].is_hidden:
            raise Unlucky(best)
        soil.own(member, best, subgraph)
    having = _having(soil, here, [best], subgraph)
    names = [n for n in true.fields if _having(soil, having, [n], subgraph) == having]
    for name in names:
        if name == best or soil.chance.yes(0.8):
            soil.declare(declaration.name, name, subgraph)


def _having(soil: Soil, members: list[str], names: list[str], subgraph: str) -> list[str]:
    """List the members that declare these fields in the subgraph."""
    declarations = soil.world.subgraphs[subgraph]
    return [
        member for member in members if all(name in declarations[member].fields for name in names)
    ]


def _implement(soil: Soil, declaration: Declaration, subgraph: str) -> None:
    true = soil.world.types[declaration.name]
    here = [name for name in true.members if soil.is_placed(name, subgraph)]
    for name in _having(soil, here, list(declaration.fields), subgraph):
        soil.world.subgraphs[subgraph][name].implements.append(declaration.name)
    if not soil.world.returned_here(subgraph, declaration.name):
        raise Unlucky(declaration.name)


# --- sharing --------------------------------------------------------------------------------------


def _share(world: Blueprint) -> None:
    """Mark what several subgraphs answer; a key's fields need no mark where they are one."""
    for true in world.types.values():
        for name in true.fields:
            owners = world.owners(true.name, name)
            for subgraph in owners if len(owners) > 1 else ():
                declaration = world.subgraphs[subgraph][true.name]
                if declaration.kind == "interface":
                    continue
                if not any(name in key.fields.split() for key in declaration.keys):
                    declaration.fields[name].is_shareable = True
    for declarations in world.subgraphs.values():
        for declaration in declarations.values():
            for declared in declaration.fields.values():
                if declaration.kind == "interface":
                    declared.is_external = declared.is_shareable = False


# --- nullability ----------------------------------------------------------------------------------


def _weaken(soil: Soil) -> None:
    """Let some subgraphs promise less than is true; externals repeat the merged type."""
    world = soil.world
    shown = {
        name for true in world.types.values() if true.kind == "interface" for name in true.fields
    }
    for true in world.types.values():
        for field in true.fields.values():
            places = [each for _, each in world.declared(true.name) if field.name in each.fields]
            if field.is_key or soil.with_failures or field.name in shown or len(places) < 2:
                continue
            weak = _weaker(soil, field.type)
            chosen = [
                each for each in places
                if not each.fields[field.name].is_external and soil.chance.yes(0.3)
            ]  # fmt: skip
            if not chosen:
                continue
            for each in places:
                if each in chosen or each.fields[field.name].is_external:
                    each.fields[field.name].type = weak


def _weaker(soil: Soil, type_ref: TypeRef) -> TypeRef:
    of = None if type_ref.of is None else _weaker(soil, type_ref.of)
    return TypeRef(type_ref.name, of, type_ref.non_null and soil.chance.yes(0.5))


# --- keys -----------------------------------------------------------------------------------------


def _close_keys(soil: Soil) -> None:
    """Make keys of stubs non-resolvable: places with nothing but key fields."""
    for entity in soil.entities():
        for subgraph, declaration in soil.world.declared(entity.name):
            own = [
                each
                for each in declaration.fields.values()
                if not entity.fields[each.name].is_key and not each.is_external
            ]
            is_stub = not own and soil.hubs[entity.name] != subgraph
            if is_stub and entity.family is None and soil.chance.yes(0.5):
                for key in declaration.keys:
                    key.is_resolvable = False


# --- checks ---------------------------------------------------------------------------------------


def _check_runtime_types(world: Blueprint) -> None:
    for true in world.types.values():
        for field in true.fields.values():
            target = world.types.get(field.type.named)
            if target is not None and target.kind != "object" and true.kind == "object":
                places = world.resolvers(true.name, field.name)
                if places and not runtime_types(world, places, target):
                    raise Unlucky(f"{true.name}.{field.name}")


def runtime_types(world: Blueprint, places: list[str], target: TrueType) -> list[str]:
    """List the types that all these subgraphs can return for ``target``."""
    found = list(world.possible_types(target.name))
    for subgraph in places:
        here = world.returned_here(subgraph, target.name)
        found = [name for name in found if name in here]
    return found


# --- failures -------------------------------------------------------------------------------------


def _let_fail(soil: Soil) -> None:
    """Let some non-null fields be null: those that nothing else depends on."""
    world = soil.world
    inputs = " ".join(
        field.requires or "" for true in world.types.values() for field in true.fields.values()
    ).replace("(", " ")
    used = set(inputs.split())
    possible = [
        (true, field)
        for true in world.types.values()
        for field in true.fields.values()
        if true.kind == "object"
        and true.name not in ROOTS
        and field.type.non_null
        and not soil.stand_ins.get(true.family or "")  # a null entity leaves its type unknown
        and not field.is_key
        and field.name not in used
        and not (field.type.named in LEAVES and field.requires)
    ]
    for _, field in soil.chance.some(possible, 1, 3):
        field.fails = True
