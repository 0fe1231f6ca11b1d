"""Bringing Federation 1 schemas, and what is left of them in Federation 2, to one form.

In: all subgraphs, because what a Federation 1 schema shares is seen only beside the others. Out:
subgraphs in which @external stands only on fields that something uses, and in which a Federation 1
schema says @shareable wherever others resolve the same field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from schema.selection import Directive
from schema.subgraph.field_sets import read_usage
from schema.subgraph.model import (
    KEY_EXTERNAL,
    Notes,
    Subgraph,
    SubgraphField,
    SubgraphType,
    TypeKind,
)

__all__ = ["upgrade_subgraphs"]


def upgrade_subgraphs(subgraphs: Sequence[Subgraph]) -> tuple[Subgraph, ...]:
    """Upgrade every subgraph."""
    return tuple(_upgrade(_without_key_externals(subgraph)) for subgraph in subgraphs)


def _without_key_externals(subgraph: Subgraph) -> Subgraph:
    """Read @external on the key fields of extensions as a mark only: Federation 1 wanted it there.

    An extension's key is always known to its subgraph, whatever it says.
    """
    keys = read_usage(subgraph).keys

    def mark(definition: SubgraphType, field: SubgraphField) -> SubgraphField:
        if not definition.is_extension or (definition.name, field.name) not in keys:
            return field
        known = tuple(
            Directive(KEY_EXTERNAL) if d.name == "external" else d for d in field.notes.known
        )
        return replace(field, notes=replace(field.notes, known=known))

    return _map_fields(subgraph, mark)


def _upgrade(subgraph: Subgraph) -> Subgraph:
    if subgraph.version is not None:
        return subgraph
    return _share(_without_unused_externals(_without_interface_directives(subgraph)))


def _without_interface_directives(subgraph: Subgraph) -> Subgraph:
    def drop(definition: SubgraphType, field: SubgraphField) -> SubgraphField:
        if definition.kind is TypeKind.INTERFACE:
            return _without(field, ("external", "provides", "requires"))
        kind = subgraph.kind_of(field.type.named)
        if kind not in (TypeKind.OBJECT, TypeKind.INTERFACE, TypeKind.UNION):
            return _without(field, ("provides",))
        return field

    without = _map_fields(subgraph, drop)
    types = {
        name: replace(t, notes=_drop_notes(t.notes, ("key",)))
        if t.kind is TypeKind.INTERFACE
        else t
        for name, t in without.types.items()
    }
    return replace(without, types=types)


def _without_unused_externals(subgraph: Subgraph) -> Subgraph:
    usage = read_usage(subgraph)
    types = {
        name: replace(
            t,
            fields={
                f.name: f
                for f in t.fields.values()
                if not f.is_external or usage.is_used(name, f.name)
            },
        )
        for name, t in subgraph.types.items()
    }
    emptied = {name for name, t in types.items() if subgraph.types[name].fields and not t.fields}
    return replace(subgraph, types={n: t for n, t in types.items() if n not in emptied})


def _share(subgraph: Subgraph) -> Subgraph:
    def share(definition: SubgraphType, field: SubgraphField) -> SubgraphField:
        if definition.kind is not TypeKind.OBJECT or definition.name == "Subscription":
            return field
        if field.is_external or field.notes.has("shareable"):
            return field
        known = (*field.notes.known, Directive("shareable"))
        return replace(field, notes=replace(field.notes, known=known))

    return _map_fields(subgraph, share)


def _map_fields(
    subgraph: Subgraph, change: Callable[[SubgraphType, SubgraphField], SubgraphField]
) -> Subgraph:
    types: Mapping[str, SubgraphType] = {
        name: replace(t, fields={n: change(t, f) for n, f in t.fields.items()}) if t.fields else t
        for name, t in subgraph.types.items()
    }
    return replace(subgraph, types=types)


def _without(field: SubgraphField, names: Iterable[str]) -> SubgraphField:
    return replace(field, notes=_drop_notes(field.notes, names))


def _drop_notes(notes: Notes, names: Iterable[str]) -> Notes:
    return replace(notes, known=tuple(d for d in notes.known if d.name not in names))
