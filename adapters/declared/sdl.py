"""The subgraph's SDL of a declared file.

In: a ``FileModel`` that was checked. Out: SDL text of Federation 2, of the same form as the Python
front-end's, without needing it.
"""

from __future__ import annotations

from collections.abc import Iterator

from adapters.declared.model import (
    FieldModel,
    FileModel,
    ListModel,
    LookupModel,
    RelationModel,
    TypeModel,
    names_of,
)
from adapters.declared.plan import TypePlan, argument_of
from adapters.declared.sdl_choices import choice_arguments, render_choices
from adapters.declared.sdl_summaries import render_summary_fields, render_summary_types
from adapters.declared.sdl_text import quote_description, quote_text
from adapters.kit.comparison_inputs import filter_type
from adapters.kit.scalar_texts import SCALAR_TEXTS

__all__ = ["render_sdl"]

_HEAD = """extend schema
  @composeDirective(name: "@kelas")
  @composeDirective(name: "@samarkan")
  @link(
    url: "https://specs.apollo.dev/federation/v2.9"
    import: ["@composeDirective", "@key", "@shareable"]
  )
  @link(url: "https://specs.simpul.example/data/v1.0", import: ["@kelas", "@samarkan"])

\"\"\"
Kelas data pribadi.

Class of personal data.
\"\"\"
directive @kelas(tingkat: TingkatKelas!) on FIELD_DEFINITION | OBJECT

\"\"\"
Cara nilai disamarkan.

How the value is masked.
\"\"\"
directive @samarkan(pola: PolaSamaran!) on FIELD_DEFINITION | OBJECT

\"\"\"
Kelas perlindungan data pribadi (UU 27/2022).

Protection class of personal data (Law 27/2022).
\"\"\"
enum TingkatKelas {
  UMUM
  SPESIFIK
}

\"\"\"
Pola penyamaran nilai.

Pattern by which a value is masked.
\"\"\"
enum PolaSamaran {
  NIK
  KK
  NAMA
  TANGGAL
  ALAMAT
  TELEPON
}
"""

_PEOPLE = {"NIK": ("UMUM", "NIK"), "NomorKK": ("UMUM", "KK")}
"""Scalar that names people -> class and mask of each field of it, where the file says nothing: no
class means public, and nobody publishes these by forgetting a line."""

_PAGE_INFO = """\"\"\"
Letak halaman dalam daftar panjang.

Where a page stands in a long list.
\"\"\"
type PageInfo @shareable {
  \"\"\"
  Masih ada halaman berikutnya.

  There is a next page.
  \"\"\"
  hasNextPage: Boolean!
  \"\"\"
  Penanda untuk `after` halaman berikutnya.

  The next page's `after`.
  \"\"\"
  endCursor: String
}
"""


_PAGE_ARGUMENTS = ("first: Int", "after: String")


def render_sdl(file: FileModel, plans: dict[str, TypePlan]) -> str:
    """Write the SDL."""
    parts = [_HEAD, *_render_scalars(file, plans), *_render_enums(file)]
    parts += [_render_type(file, name, model) for name, model in file.types.items()]
    parts += [_render_reference(file, name) for name in file.references]
    listed = _listed(file)
    if listed or file.summaries:
        parts.append(_PAGE_INFO)
        parts += [_render_connection(file, name) for name in listed]
    parts += render_choices(file, plans)
    parts += render_summary_types(file, plans)
    if file.lookups or file.lists or file.summaries:
        parts.append(_render_query(file, plans))
    return "\n".join(parts)


def _render_scalars(file: FileModel, plans: dict[str, TypePlan]) -> Iterator[str]:
    used = {leaf.scalar for plan in plans.values() for leaf in plan.leaves.values()}
    used |= {scalar for each in file.references.values() for scalar in each.key.values()}
    for name in sorted(used & SCALAR_TEXTS.keys()):
        yield f"{quote_text(SCALAR_TEXTS[name], '')}scalar {name}\n"


def _render_enums(file: FileModel) -> Iterator[str]:
    for name, enum in file.enums.items():
        values = "".join(
            f"{quote_description(value.description, '  ')}  {each}\n"
            for each, value in enum.values.items()
        )
        yield f"{quote_description(enum.description, '')}enum {name} {{\n{values}}}\n"


def _render_type(file: FileModel, name: str, model: TypeModel) -> str:
    keys = "".join(f' @key(fields: "{_selection(key)}")' for key in model.keys)
    in_key = {path.split(".")[0] for key in model.keys for path in names_of(key)}
    fields = [
        _render_field(field_name, field, required=field.required or field_name in in_key)
        for field_name, field in model.fields.items()
    ]
    fields += _render_relations(file, name)
    return f"{quote_description(model.description, '')}type {name}{keys} {{\n{''.join(fields)}}}\n"


def _render_field(name: str, field: FieldModel, *, required: bool) -> str:
    own_class, own_mask = _PEOPLE.get(field.type, (None, None))
    marks = _marks(field.kelas or own_class, field.samarkan or own_mask)
    kind = f"{field.type}!" if required else field.type
    return f"{quote_description(field.description, '  ')}  {name}: {kind}{marks}\n"


def _render_relations(file: FileModel, parent: str) -> list[str]:
    relations = file.relations.get(parent, {})
    return [_render_relation(parent, name, relation) for name, relation in relations.items()]


def _render_relation(parent: str, name: str, relation: RelationModel) -> str:
    kind = relation.type if relation.one else f"[{relation.type}]"
    given = choice_arguments(f"{parent}{_upper(name)}", relation.where, relation.sort)
    if relation.paged:
        kind, given = f"Koneksi{relation.type}", [*_PAGE_ARGUMENTS, *given]
    head = f"{name}({', '.join(given)})" if given else name
    marks = _marks(relation.kelas, None)
    return f"{quote_description(relation.description, '  ')}  {head}: {kind}{marks}\n"


def _render_reference(file: FileModel, name: str) -> str:
    """Write a type of another subgraph: only its key, and what leads back to us."""
    reference = file.references[name]
    relations = _render_relations(file, name)
    resolvable = "" if relations else ", resolvable: false"
    head = f'type {name} @key(fields: "{" ".join(reference.key)}"{resolvable})'
    key = [_render_key_field(part, scalar) for part, scalar in reference.key.items()]
    body = "".join((*key, *relations))
    return f"{quote_description(reference.description, '')}{head} {{\n{body}}}\n"


def _render_key_field(name: str, scalar: str) -> str:
    """Write a reference's key field, which is described by what its scalar is."""
    text = quote_text(SCALAR_TEXTS.get(scalar, "Kuncinya.\n\nIts key."), "  ")
    return f"{text}  {name}: {scalar}!{_marks(*_PEOPLE.get(scalar, (None, None)))}\n"


def _marks(kelas: str | None, samarkan: str | None) -> str:
    marks = f" @kelas(tingkat: {kelas})" if kelas else ""
    return marks + (f" @samarkan(pola: {samarkan})" if samarkan else "")


def _listed(file: FileModel) -> dict[str, None]:
    """Name the types of which there are pages."""
    relations = (each for named in file.relations.values() for each in named.values())
    paged = [each.type for each in relations if each.paged]
    return dict.fromkeys((*(each.type for each in file.lists.values()), *paged))


def _render_connection(file: FileModel, name: str) -> str:
    head = quote_text(f"Sehalaman {name}.\n\nA page of {name}.", "")
    nodes = quote_text("Isi halaman.\n\nWhat the page holds.", "  ")
    info = quote_text("Letak halaman.\n\nThe page's place.", "  ")
    fields = f"{nodes}  nodes: [{name}]!\n{info}  pageInfo: PageInfo!\n"
    return f"{head}type Koneksi{name} {{\n{fields}}}\n"


def _render_query(file: FileModel, plans: dict[str, TypePlan]) -> str:
    fields = [_render_lookup(name, each, plans) for name, each in file.lookups.items()]
    fields += [_render_list(name, each, plans[each.type]) for name, each in file.lists.items()]
    fields += render_summary_fields(file, plans)
    return f"type Query {{\n{''.join(fields)}}}\n"


def _render_lookup(name: str, lookup: LookupModel, plans: dict[str, TypePlan]) -> str:
    plan = plans[lookup.type]
    key = plan.keys[0] if lookup.by is None else names_of(lookup.by)
    given = ", ".join(f"{argument_of(path)}: {plan.leaves[path].scalar}!" for path in key)
    return f"{quote_description(lookup.description, '  ')}  {name}({given}): {lookup.type}\n"


def _render_list(name: str, listed: ListModel, plan: TypePlan) -> str:
    given = [*_PAGE_ARGUMENTS]
    given += [
        f"{argument}: {filter_type(plan.leaves[each.path].scalar, each.compare)}"
        f"{'!' if each.required else ''}"
        for argument, each in listed.filters.items()
    ]
    given += choice_arguments(_upper(name), listed.where, listed.sort)
    head = f"{name}({', '.join(given)}): Koneksi{listed.type}"
    return f"{quote_description(listed.description, '  ')}  {head}\n"


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]


def _selection(key: str) -> str:
    """Write a key's paths as a field set."""
    groups: dict[str, list[str]] = {}
    for path in names_of(key):
        head, _, rest = path.partition(".")
        groups.setdefault(head, []).extend([rest] if rest else [])
    return " ".join(
        f"{head} {{ {' '.join(below)} }}" if below else head for head, below in groups.items()
    )
