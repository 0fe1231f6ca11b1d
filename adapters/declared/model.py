"""What a declared adapter's file may say.

In: the values of the YAML. Out: a ``FileModel``. Only forms are checked here; whether names meet
is ``plan``'s, and what ``from`` of a type holds is told by its kind of source.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from adapters.kit.filtering import Compare

__all__ = [
    "ChoiceModel",
    "EnumModel",
    "FieldModel",
    "FileModel",
    "FilterModel",
    "ListModel",
    "LookupModel",
    "ReferenceModel",
    "RelationModel",
    "SummaryModel",
    "TypeModel",
    "Where",
    "names_of",
]

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9]*$")]
TypeName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")]
ValueName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True
    )


class DescriptionModel(_Model):
    """A description in both languages of the graph."""

    id: str = Field(min_length=1, description="In Indonesian.")
    en: str = Field(min_length=1, description="In English.")


class _Described(_Model):
    description: DescriptionModel = Field(description="In both languages.")


def _as_list(value: Any) -> Any:
    """One name may be written without brackets."""
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]


def names_of(key: str) -> tuple[str, ...]:
    """Give the paths of a key, which are written with blanks between them."""
    return tuple(key.split())


class FieldModel(_Described):
    """A field: a value of one column, or a reference to another type by its key."""

    type: TypeName = Field(description="A scalar, an enum, or a type that a key points at.")
    from_: str | None = Field(None, alias="from", description="Column; the field's name if absent.")
    key: dict[FieldName, str] = Field(
        default_factory=dict, description="Of a reference: key field of its type -> column."
    )
    required: bool = Field(False, description="Never null. Key fields are so anyway.")
    normalize: str | None = Field(None, description="Rule for the value; the type's, if absent.")
    kelas: Literal["UMUM", "SPESIFIK"] | None = Field(None, description="Protection class.")
    samarkan: Literal["NIK", "KK", "NAMA", "TANGGAL", "ALAMAT", "TELEPON"] | None = Field(
        None, description="How the value is masked."
    )


class TypeModel(_Described):
    """A type whose records the source holds."""

    from_: dict[str, Any] = Field(alias="from", description="Where its records are.")
    keys: Names = Field(description='Its keys, each one field or several: "nomor tahun".')
    fields: dict[FieldName, FieldModel] = Field(min_length=1)


class ReferenceModel(_Described):
    """A type that another subgraph owns."""

    key: dict[FieldName, TypeName] = Field(min_length=1, description="Key field -> scalar.")


class EnumValueModel(_Described):
    """A value of an enum."""

    from_: tuple[str | int, ...] = Field(
        (), alias="from", description="How the source writes it, beside the name itself."
    )


class EnumModel(_Described):
    """An enum."""

    values: dict[ValueName, EnumValueModel] = Field(min_length=1)


Where = dict[str, Annotated[tuple[Compare, ...], BeforeValidator(_as_list)]]


class ChoiceModel(_Model):
    """What a caller may choose of a list or relation."""

    where: Where = Field(
        default_factory=dict,
        description='Path -> how the argument "saring" may compare it.',
    )
    sort: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = Field(
        (), description='Paths that the argument "urutkan" may name.'
    )


class RelationModel(_Described, ChoiceModel):
    """A field of a type that leads back to records of ours."""

    type: TypeName = Field(description="The type of the records.")
    by: dict[FieldName, str] = Field(
        min_length=1, description="Key field of the parent -> path on the records."
    )
    one: bool = Field(False, description="At most one record instead of a list.")
    paged: bool = Field(
        False, description="Pages instead of a list, which holds at most 100 records."
    )
    kelas: Literal["UMUM", "SPESIFIK"] | None = Field(None, description="Protection class.")


class LookupModel(_Described):
    """A root field that gives one record by a key."""

    type: TypeName
    by: str | None = Field(None, description="Which of the type's keys; the first, if absent.")


class FilterModel(_Model):
    """An argument of a list."""

    path: str = Field(description="The path whose value is compared.")
    compare: Compare = Field("equal", description="How it is compared.")
    required: bool = Field(False, description="The list is not given without it.")


class ListModel(_Described, ChoiceModel):
    """A root field that lists records, page by page."""

    type: TypeName
    filters: dict[FieldName, FilterModel] = Field(default_factory=dict)
    order: tuple[str, ...] = Field((), description="Paths; the first key follows.")
    descending: bool = Field(False, description="The last first.")


class SummaryModel(_Described):
    """A root field that counts and measures records by group."""

    type: TypeName
    filters: dict[FieldName, FilterModel] = Field(default_factory=dict)
    where: Where = Field(
        default_factory=dict,
        description='Path -> how the argument "saring" may compare it.',
    )
    groups: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = Field(
        (), description='Enumerated paths that the argument "menurut" may name.'
    )
    values: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = Field(
        (), description="Numbers and dates whose least, greatest and mean value is told."
    )
    kelas: Literal["UMUM", "SPESIFIK"] | None = Field(
        None, description="Protection class; without one, counts below five are closed."
    )


class FileModel(_Model):
    """A declared adapter."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")] = Field(
        description="The adapter's name; its source is reported under it."
    )
    source: dict[str, Any] = Field(
        description='Its "kind", and settings of that kind; the configuration\'s settings win.'
    )
    types: dict[TypeName, TypeModel] = Field(min_length=1)
    references: dict[TypeName, ReferenceModel] = Field(default_factory=dict)
    enums: dict[TypeName, EnumModel] = Field(default_factory=dict)
    relations: dict[TypeName, dict[FieldName, RelationModel]] = Field(default_factory=dict)
    lookups: dict[FieldName, LookupModel] = Field(default_factory=dict)
    lists: dict[FieldName, ListModel] = Field(default_factory=dict)
    summaries: dict[FieldName, SummaryModel] = Field(default_factory=dict)
