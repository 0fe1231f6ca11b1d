"""What an answer would have cost if every field had asked for itself.

In: the API schema, an operation and its answer. Out: questions and records by
agency: one question for each field of each resident and family card, at every place of the answer,
put to whoever knows it, nothing remembered and nothing asked together. Only what lies in the row
that a list has read (a letter's own fields) is free. A relation to the registers is put to each of
them, since nobody knows beforehand which of them names the resident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    parse,
)

__all__ = ["NaiveCost", "count_naive"]

_KEYS = {"Penduduk": "nik", "KartuKeluarga": "noKk"}
_RELATIONS = {"izin": "dpmptsp", "surat": "kelurahan", "suratPengantar": "kelurahan"}
_RELATIONS |= {"barisRegister": "kelurahan", "usaha": "oss", "objekPajak": "pbb"}
_RELATIONS |= {"suratKematian": "kelurahan", "permohonan": "loket"}
_ROOTS = {"penduduk": None, "kartuKeluarga": None}  # a key is at hand: nothing is asked for it
_ROOTS |= {"suratKelurahan": "kelurahan", "izinBerakhir": "dpmptsp"}
_ROOTS |= {"verifikasi": "dukcapil", "objekPajak": "pbb", "wilayah": "wilayah"}


@dataclass(frozen=True, slots=True)
class NaiveCost:
    """Questions and records by agency."""

    calls: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)


def count_naive(
    schema: GraphQLSchema,
    text: str,
    data: Mapping[str, Any],
    registers: int,
) -> NaiveCost:
    """Count what the fields of an answer would have asked one by one."""
    document = parse(text)
    fragments = {d.name.value: d for d in document.definitions if _is_fragment(d)}
    (operation,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    counter = _Naive(schema, fragments, registers)
    assert schema.query_type is not None
    counter.walk(operation.selection_set, schema.query_type, data)
    return counter.cost


@dataclass(slots=True)
class _Naive:
    schema: GraphQLSchema
    fragments: Mapping[str, Any]
    registers: int
    cost: NaiveCost = field(default_factory=NaiveCost)

    def walk(
        self, selections: SelectionSetNode, parent: GraphQLObjectType, value: Mapping[str, Any]
    ) -> None:
        """Count the fields of one object, and what lies below."""
        for node in self._fields(selections):
            name = (node.alias or node.name).value
            if name not in value:
                continue  # its condition left it out
            below = value[name]
            self._count(parent.name, node.name.value, below)
            if node.selection_set is None:
                continue
            kind = get_named_type(parent.fields[node.name.value].type)
            if not isinstance(kind, GraphQLObjectType):
                continue  # areas alone are of several types, and nobody is asked about them
            for each in below if isinstance(below, list) else [below]:
                if each is not None:
                    self.walk(node.selection_set, kind, each)

    def _count(self, parent: str, name: str, value: Any) -> None:
        if parent == "Query":
            agency = _ROOTS[name]
        elif parent in _KEYS and name not in (_KEYS[parent], "__typename"):
            agency = _RELATIONS.get(name, "dukcapil")
        else:
            return
        if agency is not None:
            is_relation = agency == "kelurahan" and parent != "Query"
            self.cost.calls[agency] += self.registers if is_relation else 1
            self.cost.rows[agency] += _records(value)

    def _fields(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._fields(self.fragments[node.name.value].selection_set)


def _is_fragment(definition: Any) -> bool:
    return isinstance(definition, FragmentDefinitionNode)


def _records(value: Any) -> int:
    """Count the records that an answer to one field holds; a scalar came in one."""
    if isinstance(value, dict) and "nodes" in value:
        return len(value["nodes"])
    return len(value) if isinstance(value, list) else 1
