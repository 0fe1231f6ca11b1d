"""@override: who resolves a field that moves from one subgraph to another.

In: every subgraph's form of one field. Out: ``Overrides``: which subgraphs no longer resolve it,
which took it from whom, and under which label it moves step by step. Errors where an @override
contradicts itself or another directive; an unknown ``from`` has no effect and earns a hint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from schema.composition.context import CompositionContext, Source
from schema.composition.overrides import Overrides
from schema.coordinates import coordinate
from schema.selection import Directive
from schema.subgraph.model import SubgraphField, TypeKind, text_argument

__all__ = ["read_overrides"]

_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*")
_PERCENT = re.compile(r"percent\((\d{1,2}(\.\d{1,8})?|100(\.0{1,8})?)\)")
_COLLIDING = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"


def read_overrides(
    context: CompositionContext, type_name: str, sources: Sequence[Source[SubgraphField]]
) -> Overrides:
    """Read and check the overrides of one field."""
    taken: dict[str, str] = {}
    labels: dict[str, str] = {}
    overridden: set[str] = set()
    moving: set[str] = set()
    for source in sources:
        directive = source.element.notes.find("override")
        if directive is None:
            continue
        giver = text_argument(directive, "from") or ""
        label = _label(directive)
        taken[source.graph] = giver
        if not _check(context, type_name, source, sources):
            continue
        _hint_giver(context, coordinate(type_name, source.element.name), giver, label)
        if label is None:
            overridden.add(giver)
        else:
            moving.add(giver)
            labels[source.graph] = labels[giver] = label
    return Overrides(taken, labels, frozenset(overridden), frozenset(moving))


def _check(
    context: CompositionContext,
    type_name: str,
    source: Source[SubgraphField],
    sources: Sequence[Source[SubgraphField]],
) -> bool:
    """Tell whether an override takes the field from anyone; report what is wrong with it."""
    directive = source.element.notes.find("override")
    place = coordinate(type_name, source.element.name)
    giver = text_argument(directive, "from") if directive else None
    fault = _own_fault(source, type_name, giver or "", place)
    if fault is not None:
        context.report(fault[0], fault[1], [place], [source.graph])
        return False
    _check_label(context, source, place)
    if context.subgraph(giver or "") is None:
        context.hint(
            "FROM_SUBGRAPH_DOES_NOT_EXIST",
            f'"{place}" overrides subgraph "{giver}", which does not exist.',
            [place],
            [source.graph],
        )
        return False
    other = next((s for s in sources if s.graph == giver), None)
    return _check_giver(context, source, other, place)


def _own_fault(
    source: Source[SubgraphField], type_name: str, giver: str, place: str
) -> tuple[str, str] | None:
    definition = source.subgraph.types[type_name]
    if definition.is_interface_object:
        return (
            _COLLIDING,
            f'"{place}" is a field of an @interfaceObject and cannot be overridden in '
            f'"{source.graph}"; override the fields of the implementations.',
        )
    if definition.kind is TypeKind.INTERFACE:
        return (
            "OVERRIDE_ON_INTERFACE",
            f'"{place}" is a field of an interface and cannot be overridden in "{source.graph}"; '
            "override the fields of its implementations.",
        )
    if giver == source.graph:
        return (
            "OVERRIDE_FROM_SELF_ERROR",
            f'"{place}" overrides its own subgraph "{giver}"; name the one it is taken from.',
        )
    return None


def _label(directive: Directive) -> str | None:
    """Give the label; an empty one is none."""
    return text_argument(directive, "label") or None


def _check_label(context: CompositionContext, source: Source[SubgraphField], place: str) -> None:
    directive = source.element.notes.find("override")
    label = None if directive is None else _label(directive)
    if label is None or _LABEL.fullmatch(label) or _PERCENT.fullmatch(label):
        return
    context.report(
        "OVERRIDE_LABEL_INVALID",
        f'The label "{label}" of "{place}" is malformed; write a name or "percent(0-100)".',
        [place],
        [source.graph],
    )


def _check_giver(
    context: CompositionContext,
    source: Source[SubgraphField],
    other: Source[SubgraphField] | None,
    place: str,
) -> bool:
    if other is None:
        _hint_no_effect(context, source, place)
        return False
    if other.element.notes.has("override"):
        context.report(
            "OVERRIDE_SOURCE_HAS_OVERRIDE",
            f'"{place}" is overridden in "{source.graph}" and in "{other.graph}", which it is '
            "taken from; keep one of the two.",
            [place],
            [source.graph, other.graph],
        )
        return False
    return _check_collision(context, source, other, place)


def _hint_no_effect(context: CompositionContext, source: Source[SubgraphField], place: str) -> None:
    context.hint(
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        f'"{place}" is no longer resolved where "{source.graph}" took it from.',
        [place],
        [source.graph],
    )


def _hint_giver(context: CompositionContext, place: str, giver: str, label: str | None) -> None:
    if label is None:
        text = f'"{place}" was taken over from "{giver}" and can be removed there.'
        context.hint("OVERRIDDEN_FIELD_CAN_BE_REMOVED", text, [place], [giver])
    else:
        text = f'"{place}" is being taken over from "{giver}" under the label "{label}".'
        context.hint("OVERRIDE_MIGRATION_IN_PROGRESS", text, [place], [giver])


def _check_collision(
    context: CompositionContext,
    source: Source[SubgraphField],
    other: Source[SubgraphField],
    place: str,
) -> bool:
    for one, names in ((source, ("external",)), (other, ("requires", "provides", "external"))):
        for name in names:
            if not one.element.notes.has(name):
                continue
            if name == "external" and one is other:
                _hint_no_effect(context, source, place)
                return False  # never resolved there: nothing to take over
            context.report(
                _COLLIDING,
                f'"{place}" is overridden in "{source.graph}" and is @{name} in "{one.graph}"; '
                "remove one of the two.",
                [place],
                [one.graph],
            )
            return False
    return True
