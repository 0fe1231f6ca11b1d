"""The rooms of the house: who may import whom. The tables are data; the tests read imports."""

from __future__ import annotations

import pytest

from tests.testkit.imports import Module, first_party, load_modules

# Highest first. A name may import those in later entries, and never those beside it or above.
LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "": (("gateway",), ("adapters",), ("cache", "schema")),
    "schema": (
        ("composition",),
        ("query_graph", "changes"),
        ("supergraph", "subgraph"),
        ("spec",),
        ("field_set",),
        ("ast_value",),
        ("selection",),
        ("errors",),
        ("coordinates", "type_ref"),
    ),
    "schema.composition": (
        ("composer",),
        ("satisfiability", "rules"),
        ("merge",),
        ("context",),
        ("carried", "graphs", "overrides"),
    ),
    "schema.changes": (
        ("compare",),
        ("types", "guards", "graphs", "side"),
        ("inputs",),
        ("notes",),
        ("change",),
    ),
    "cache": (
        ("registry",),
        ("tiered_store", "ledger_socket", "ledger_redis", "ledger_sqlite", "channel_redis"),
        (
            "memory_store",
            "redis_store",
            "null_store",
            "single_flight",
            "ledger",
            "channel",
        ),
        ("store", "lru", "keys", "codec", "policy", "hash_chain", "key_file", "peer"),
        ("errors",),
    ),
    "adapters": (
        ("registry",),
        (
            "wilayah",
            "dukcapil",
            "dpmptsp",
            "kelurahan",
            "siak",
            "loket",
            "oss",
            "pbb",
            "carik",
            "bsre",
            "declared",
            "check",
        ),
        ("kit",),
        ("sources", "remote"),
        ("resilience",),
        ("http_client",),
        ("contract",),
        ("errors", "yaml_document"),
    ),
    "gateway": (
        ("cli",),
        ("workers",),
        ("app", "standalone"),
        ("server", "graph_client"),
        ("pipeline",),
        ("trace", "refuse", "shared_requests"),
        ("snapshot",),
        ("upstreams",),
        ("supergraph_source",),
        ("upstream_tls",),
        ("prepare", "audit"),
        ("policy",),
        ("planner", "executor"),
        ("plan",),
        ("operation",),
        ("context", "telemetry", "request", "collector"),
        ("graph_choice",),
        ("config",),
        ("errors",),
    ),
    "gateway.workers": (
        ("parent", "worker"),
        ("crew",),
        ("child",),
        ("order", "places", "counts"),
    ),
    "gateway.planner": (
        ("inspect",),
        ("planner",),
        ("best",),
        ("walk", "optimize", "assemble", "build_plan"),
        ("fetch_graph", "shapes"),
        ("selection_tree", "path_tree"),
        ("moves",),
        ("contexts", "gather"),
        ("graph_path",),
        ("slot",),
        ("cost", "errors"),
    ),
    "gateway.executor": (
        ("executor",),
        ("compiled", "reference"),
        ("fetch", "introspection"),
        ("representations", "merge"),
        ("contexts",),
        ("lost_inputs",),
        ("project",),
        ("response_path",),
        ("rewrites",),
        ("state",),
    ),
}


def _room(module: str, house: str) -> str | None:
    """Name the direct child of ``house`` in which ``module`` lives."""
    prefix = f"{house}." if house else ""
    if not module.startswith(prefix):
        return None
    rest = module.removeprefix(prefix)
    return rest.split(".")[0] if rest else None


def _floors(house: str) -> dict[str, int]:
    return {room: floor for floor, rooms in enumerate(LAYERS[house]) for room in rooms}


def _violations(house: str, modules: tuple[Module, ...]) -> list[str]:
    floors = _floors(house)
    found = []
    for module in modules:
        here = _room(module.name, house)
        if here is None or here not in floors:
            continue
        for each in first_party(module):
            there = _room(each.target, house)
            if there in floors and there != here and floors[there] <= floors[here]:
                found.append(f"{module.name}:{each.line} imports {each.target}")
    return found


@pytest.mark.parametrize("house", LAYERS, ids=lambda house: house or "repository")
def test_imports_run_downward(house: str) -> None:
    """No module imports one of its own floor or of a floor above."""
    assert _violations(house, load_modules()) == []


@pytest.mark.parametrize("house", LAYERS, ids=lambda house: house or "repository")
def test_every_room_has_a_floor(house: str) -> None:
    """A new module must be given its place in the table."""
    floors = _floors(house)
    unplaced = {
        room
        for module in load_modules()
        if (room := _room(module.name, house)) is not None and module.name != house
    } - set(floors)
    assert unplaced - ({"demo"} if house == "" else set()) == set()


def test_demo_imports_none_of_the_four() -> None:
    """The legacy fleet knows nothing of the gateway."""
    found = [
        f"{module.name}:{each.line} imports {each.target}"
        for module in load_modules()
        if module.name.split(".")[0] == "demo"
        for each in first_party(module)
        if not each.target.startswith("demo")
    ]
    assert found == []


def test_a_wrong_import_is_found() -> None:
    """The check can fail: an upward import is reported."""
    lines = _violations("gateway", (_module("gateway.plan.nodes", "gateway.planner.walk"),))
    assert lines == ["gateway.plan.nodes:1 imports gateway.planner.walk"]


def _module(name: str, target: str) -> Module:
    from_file = load_modules()[0]
    imported = type(next(each for m in load_modules() for each in m.imports))(
        target, 1, in_function=False, type_checking=False
    )
    return Module(name, from_file.path, False, (imported,))
