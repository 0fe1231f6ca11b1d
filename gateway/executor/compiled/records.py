"""Makes the record classes of places, and the decoders that fill them from a subgraph's bytes.

In: places. Out: one ``msgspec.Struct`` class per place, its fields in response order, so that
encoding a record is projecting it; per fetch a ``FetchShape``. Leaf kinds, nullability and type
names are checked while decoding: what does not fit is for the reference to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Optional, Union

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    get_named_type,
)

from adapters.contract import RecordShape
from gateway.executor.compiled.places import Place, PlaceField
from gateway.executor.compiled.source import Deviation

__all__ = ["FetchShape", "Loader", "Records", "has_records", "is_decoded", "is_plain"]

# A type as msgspec reads it: a class, or a form of ``typing``.
MsgspecType = Any

_LEAVES: dict[str, MsgspecType] = {
    "Int": Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)],
    "Float": float,
    "String": str,
    "Boolean": bool,
    "ID": str,
}
_WHOLE = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_WIDE: dict[str, MsgspecType] = {"ID": str | _WHOLE, "Float": float | _WHOLE}
_ENTITIES = {"entities": "_entities"}
_DECODED = (msgspec.Struct, msgspec.Raw)
_NO_NULL = str | int | float | bool | list[Any] | dict[str, Any]  # a custom scalar may be anything


class Records:
    """The record classes of one operation, each made once."""

    def __init__(self) -> None:
        self._classes: dict[int, type[msgspec.Struct]] = {}
        self._came: dict[int, type[msgspec.Struct]] = {}
        self._added: dict[tuple[int, int], type[msgspec.Struct]] = {}
        self._parts = 0  # classes of what one fetch gives to its places, and decoders

    @property
    def count(self) -> int:
        """How many classes and decoders were made."""
        return len(self._classes) + len(self._came) + len(self._added) + self._parts

    def of(self, place: Place) -> type[msgspec.Struct]:
        """Give the class of a place's objects."""
        found = self._classes.get(place.number)
        if found is None:
            found = self._classes[place.number] = _define(
                place.type_name,
                [self._field(place, each) for each in place.fields.values()],
                {each.attribute: each.response_name for each in place.fields.values()},
            )
        return found

    def given(self, place: Place, fetch_id: int) -> type[msgspec.Struct]:
        """Give the class of what one fetch adds to a place's objects."""
        fields = place.given_by(fetch_id)
        specs = [(each.attribute, self._type(place, each, fetch_id)) for each in fields]
        self._parts += 1
        return _define(f"{place.type_name}Part", specs, _names(fields, fetch_id))

    def added(self, place: Place, fetch_id: int) -> type[msgspec.Struct]:
        """Give the class of what a fetch says of objects that another one makes."""
        found = self._added.get((place.number, fetch_id))
        if found is None:
            fields = [
                each for each in place.given_by(fetch_id) if not place.is_tag(each.response_name)
            ]
            specs = [(each.attribute, self._type(place, each, fetch_id)) for each in fields]
            tag = place.type_name if place.is_tagged else None
            names = _names(fields, fetch_id)
            found = _define(f"{place.type_name}Added", specs, names, tag=tag)
            self._added[place.number, fetch_id] = found
        return found

    def shape(
        self, place: Place, fetch_id: int, record: type[msgspec.Struct]
    ) -> RecordShape | None:
        """Tell how to fill ``record``, which a fetch gives to a place; None: by decoding only."""
        fields = place.given_by(fetch_id)
        below: dict[str, RecordShape] = {}
        for each in fields:
            if each.is_abstract or each.is_opaque:
                return None
            for child in each.children:
                inner = self.added(child, fetch_id)
                if each.is_made_by(fetch_id):
                    inner = self.came(child) if child.is_made_again else self.of(child)
                shape = self.shape(child, fetch_id, inner)
                if shape is None:
                    return None
                below[each.name_from(fetch_id)] = shape
        held = tuple(each.attribute for each in fields)
        return RecordShape(
            place.type_name,
            record,
            {each.name_from(fetch_id): each.attribute for each in fields},
            below,
            {
                each.name_from(fetch_id): frozenset(of.values)
                for each in fields
                if (of := _enum(each))
            },
            record.__struct_fields__ == held and not record.__struct_defaults__,
        )

    def came(self, place: Place) -> type[msgspec.Struct]:
        """Give the class that an object is decoded into, to be made ``of(place)`` again."""
        found = self._came.get(place.number)
        if found is None:
            fields = place.made_of()
            specs = [(each.attribute, self._type(place, each, place.origin)) for each in fields]
            tag = place.type_name if place.is_tagged else None
            names = _names(fields, place.origin)
            found = _define(f"{place.type_name}Came", specs, names, tag=tag)
            self._came[place.number] = found
        return found

    def loader(self, place: Place, *, is_nullable: bool) -> Loader:
        """Give what decodes the objects of a place whose field is packed."""
        kind: MsgspecType = self.of(place)
        has_packed = place.holds_packed(place.origin)
        self._parts += 1
        return Loader(kind | None if is_nullable else kind, has_packed=has_packed)

    def _field(self, place: Place, each: PlaceField) -> tuple[Any, ...]:
        """Define one field: required if the record comes with it, else with what it starts as."""
        maker = each.children[0].origin if each.children else place.origin
        kind = self._type(place, each, maker)
        if place.origin in each.givers and not place.is_tag(each.response_name):
            return (each.attribute, kind)
        if each.type is None:
            default: Any = place.type_name if each.is_visible else msgspec.UNSET
            return (each.attribute, kind | msgspec.UnsetType, default)
        if isinstance(each.type, GraphQLNonNull):
            return (each.attribute, kind | msgspec.UnsetType, msgspec.UNSET)
        return (each.attribute, kind, None)

    def _type(self, place: Place, each: PlaceField, fetch_id: int) -> MsgspecType:
        if each.type is None:
            return Literal[place.type_name]
        if not each.children:
            return _output(
                each.type, _WIDE[get_named_type(each.type).name] if each.is_wide else None
            )
        if each.is_packed:
            return _packed(each.type)
        if not each.is_made_by(fetch_id):
            kinds = tuple(self.added(child, fetch_id) for child in each.children)
        else:
            kinds = tuple(
                self.came(child) if child.is_made_again else self.of(child)
                for child in each.children
            )
        return _output(each.type, Union[kinds])  # noqa: UP007


def is_plain(field: PlaceField) -> bool:
    """Tell whether equal values of a leaf are the same JSON: in Python ``1 == True == 1.0``."""
    assert field.type is not None
    named = get_named_type(field.type)
    if field.is_wide and named.name == "Float":
        return False
    return isinstance(named, GraphQLEnumType) or named.name in _LEAVES


def _wider_for(error: Exception) -> str | None:
    """Tell whether a wider shape might hold what did not fit: a number where a text stands."""
    text = str(error)
    return "ID" if text.startswith("Expected `str") and ", got `int`" in text else None


class Loader:
    """Makes records of one class: from bytes, or from the objects of a local adapter."""

    def __init__(self, kind: MsgspecType, *, has_packed: bool) -> None:
        self.kind = kind
        self._has_packed = has_packed  # bytes are made of bytes only
        self._decode = msgspec.json.Decoder(kind).decode

    def load(self, value: Any) -> Any:
        """Give the record; raises ``Deviation`` if the value does not fit."""
        try:
            if type(value) is msgspec.Raw or type(value) is bytes:
                return self._decode(value)
            if self._has_packed:
                return self._decode(msgspec.json.encode(value))
            return msgspec.convert(value, self.kind)
        except (TypeError, ValueError, RecursionError) as error:
            raise Deviation(_wider_for(error)) from None


class FetchShape:
    """How one fetch's answer lies in memory; a ``ResponseShape``."""

    def __init__(
        self,
        kind: MsgspecType,
        filled: RecordShape | None,
        *,
        is_entity_fetch: bool,
        has_packed: bool,
    ) -> None:
        self.filled = filled
        self._is_entity_fetch = is_entity_fetch
        self._loader = Loader(kind, has_packed=has_packed)
        inside = kind
        if is_entity_fetch:
            inside = msgspec.defstruct("Data", [("entities", kind)], rename=_ENTITIES, gc=False)
        body = msgspec.defstruct("Body", [("data", inside), ("errors", None, None)], gc=False)
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(body).decode

    def decode(self, body: bytes) -> object:
        """Decode a whole answer; raises ``ValueError`` for errors and for what does not fit."""
        try:
            data = self._decode(body).data
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        return data.entities if self._is_entity_fetch else data

    def accept(self, data: Any) -> Any:
        """Give what ``decode`` would, of data that came another way; raises ``Deviation``."""
        return data if is_decoded(data) else self._loader.load(data)


def is_decoded(data: Any) -> bool:
    """Tell whether data is what a ``FetchShape`` decoded, or what an adapter filled."""
    if type(data) is list:  # all of one kind
        for each in data:
            if each is not None:
                return isinstance(each, _DECODED)
        return False
    return isinstance(data, _DECODED)


def has_records(entities: Sequence[Any]) -> bool:
    """Tell whether entities are records, and not what records are to be made of."""
    for each in entities:
        if each is not None:
            return isinstance(each, msgspec.Struct)
    return False


def _define(
    name: str,
    specs: Sequence[tuple[Any, ...]],
    names: Mapping[str, str],  # in JSON, by attribute
    tag: str | None = None,
) -> type[msgspec.Struct]:
    return msgspec.defstruct(
        name,
        specs,
        rename=names,
        gc=False,
        kw_only=any(len(spec) == 3 for spec in specs),  # by position is a tenth of the time
        tag=tag,
        tag_field=None if tag is None else "__typename",
    )


def _names(fields: Sequence[PlaceField], fetch_id: int) -> dict[str, str]:
    return {each.attribute: each.name_from(fetch_id) for each in fields}


def _enum(field: PlaceField) -> GraphQLEnumType | None:
    named = None if field.type is None else get_named_type(field.type)
    return named if isinstance(named, GraphQLEnumType) else None


def _output(of: GraphQLOutputType, record: MsgspecType | None) -> MsgspecType:
    if isinstance(of, GraphQLNonNull):
        return _nullable(of.of_type, record, is_nullable=False)
    return _nullable(of, record, is_nullable=True)


def _packed(of: GraphQLOutputType) -> MsgspecType:
    """Type a field whose objects stay bytes; a null is bytes too."""
    nullable = of.of_type if isinstance(of, GraphQLNonNull) else of
    if not isinstance(nullable, GraphQLList):
        return msgspec.Raw
    kind: Any = list[_packed(nullable.of_type)]  # type: ignore[misc]  # at run time
    return kind if isinstance(of, GraphQLNonNull) else kind | None


def _nullable(of: Any, record: MsgspecType | None, *, is_nullable: bool) -> MsgspecType:
    if isinstance(of, GraphQLList):
        kind: MsgspecType = list[_output(of.of_type, record)]  # type: ignore[misc]  # at run time
    elif record is not None:
        kind = record
    elif isinstance(of, GraphQLEnumType):
        kind = Literal[tuple(of.values)]
    else:
        kind = _LEAVES.get(of.name, Any if is_nullable else _NO_NULL)
    return Optional[kind] if is_nullable else kind  # noqa: UP045  # ``Any | None`` is no type
