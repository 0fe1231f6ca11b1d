"""A declared file read: every mistake at its line and column, and the schema that comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import parse

from adapters.dpmptsp.adapter import adapter as dpmptsp
from adapters.registry import RegistryError, load_adapter
from tests.testkit.composing import compose_sdl
from tests.testkit.declared import EXAMPLES

TEXT = """\
name: klinik
source: {kind: sql, url: "sqlite+aiosqlite:///k.sqlite"}
types:
  Pasien:
    description: {id: Pasien., en: A patient.}
    from: {table: pasien}
    keys: nomor
    fields:
      nomor: {type: String, description: {id: Nomor., en: Number.}}
      tinggal: {type: Kelurahan, key: {kode: kel}, description: {id: Tempat., en: Place.}}
references:
  Kelurahan: {key: {kode: KodeWilayah}, description: {id: Kelurahan., en: A village.}}
relations:
  Kelurahan:
    pasien: {type: Pasien, by: {kode: tinggal.kode}, description: {id: Pasien., en: Patients.}}
lookups:
  pasien: {type: Pasien, description: {id: Pasien., en: A patient.}}
lists:
  daftar: {type: Pasien, filters: {di: {path: tinggal.kode}}, description: {id: A., en: All.}}
"""


def load(folder: Path, text: str) -> Any:
    """Load a file of this text."""
    path = folder / "klinik.yaml"
    path.write_text(text, encoding="utf-8")
    return load_adapter(str(path))


def refusals(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """Load the clinic with changes, which must be refused; give each line behind the path."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(RegistryError) as refusal:
        load(folder, text)
    return [line.partition("klinik.yaml:")[2] for line in str(refusal.value).splitlines()]


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_examples_load_and_compose(example: Path) -> None:
    """Each example of the documentation is a subgraph of the real graph."""
    sdl = load_adapter(str(example)).sdl
    names = ("wilayah", "dukcapil")
    composed = compose_sdl(**{name: load_adapter(name).sdl for name in names}, declared=sdl)
    assert composed.errors == ()


def test_what_every_subgraph_shares_is_declared_alike(tmp_path: Path) -> None:
    """Directives, masks and pages are those of the Python front-end, down to their texts."""

    def shared(sdl: str) -> dict[str, Any]:
        wanted = ("kelas", "samarkan", "TingkatKelas", "PolaSamaran", "PageInfo", "KodeWilayah")
        definitions: list[Any] = [*parse(sdl, no_location=True).definitions]
        named = {d.name.value: d for d in definitions if getattr(d, "name", None)}
        return {name: named[name].to_dict() for name in wanted}

    assert shared(load(tmp_path, TEXT).sdl) == shared(dpmptsp.sdl)


def test_every_mistake_is_told_at_its_place(tmp_path: Path) -> None:
    """All of a phase at once, in the order of the file."""
    told = refusals(
        tmp_path,
        ("type: String,", "type: Teks,"),
        ("keys: nomor", "keys: nomor tahun"),
        ("{type: Pasien, by: {kode: tinggal.kode}", "{type: Pasien, by: {kode: nomor}"),
        ("path: tinggal.kode", "path: tinggal.nama"),
    )
    assert told == [
        '7:5: types.Pasien.keys: there is no value "tahun"; there are nomor, tinggal.kode',
        '9:15: types.Pasien.fields.nomor.type: there is no type "Teks" in this file',
        '15:33: relations.Kelurahan.pasien.by.kode: "nomor" is Teks and "kode" is KodeWilayah',
        "19:41: lists.daftar.filters.di.path: "
        'there is no value "tinggal.nama"; there are nomor, tinggal.kode',
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: klinik", "nama: klinik", "there is no such setting"),
        ("kind: sql", "kind: ftp", '2:10: source.kind: There is no kind of source "ftp"'),
        ("url:", "ulr:", "2:21: source.ulr: there is no such setting"),
        ("{table: pasien}", "{tabel: pasien}", "6:12: types.Pasien.from.tabel: there is no"),
        ("{table: pasien}", "{table: 'a; DROP \"x'}", "is no name of a table"),
        ("from: {table: pasien}", "dari: {table: pasien}", "types.Pasien.from: is required"),
        ("key: {kode: kel}", "key: {nama: kel}", 'the key of "Kelurahan" has the fields "kode"'),
        ("key: {kode: kel}", "from: kel", 'the key of "Kelurahan" has the fields "kode"'),
        ("type: String,", "type: String, normalize: huruf,", "there is no such rule"),
        ("{type: String,", "{type: String, normalize: rt,", "cannot be asked for a value"),
        ("KodeWilayah", "Kode", "there is no such scalar"),
        ("  Kelurahan:\n    pasien", "  Kota:\n    pasien", 'there is no type "Kota" with a key'),
        ("lists:\n  daftar", "lists:\n  pasien", "a lookup has this name"),
        ("references:\n  Kel", "references:\n  Pasien: {key: {a: ID}, description: "
         "{id: a, en: b}}\n  Kel", "the name is taken"),
        ("{di:", "{first:", "the page has an argument of this name"),
        ("description: {id: Pasien., en: A patient.}\n    from", "from", "description: is req"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, old: str, new: str, told: str) -> None:
    """What is wrong is said with what to do."""
    assert any(told in line for line in refusals(tmp_path, (old, new)))


def test_settings_that_the_configuration_gives_may_be_missing(tmp_path: Path) -> None:
    """A file without an address loads; opening it without one is refused by name."""
    adapter = load(tmp_path, TEXT.replace(', url: "sqlite+aiosqlite:///k.sqlite"', ""))
    with pytest.raises(Exception, match='"url": Field required'):
        adapter.check_settings({})
    assert adapter.check_settings({"url": "sqlite+aiosqlite:///x"}).url.endswith("x")


def test_paths_of_the_file_begin_at_its_folder(tmp_path: Path) -> None:
    """Whatever folder the process runs in."""
    settings = load(tmp_path, TEXT).check_settings({})
    assert settings.url == f"sqlite+aiosqlite:///{tmp_path}/k.sqlite"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The error names the path."""
    with pytest.raises(RegistryError, match="there is no such file"):
        load_adapter(str(tmp_path / "no.yaml"))


HTTP = (
    ('source: {kind: sql, url: "sqlite+aiosqlite:///k.sqlite"}', "source: {kind: http}"),
    ("from: {table: pasien}", "from: {path: /p, find: {nomor: {path: '/p/{nomor}'}}}"),
)


def test_a_service_must_say_how_it_is_asked(tmp_path: Path) -> None:
    """Every key, relation and filter needs its way."""
    told = refusals(tmp_path, *HTTP, ("filters: {di:", "order: [nomor], filters: {di:"))
    assert [line.split(": ", 1)[0] for line in told] == ["6:5", "6:5", "6:22"]
    assert "\n".join(told).count("tinggal.kode") == 2
    assert 'leave out "order" and "sort"' in "\n".join(told)


def test_a_key_needs_its_place(tmp_path: Path) -> None:
    """A path without the key would ask the same of all."""
    assert any("needs its place" in line for line in refusals(tmp_path, *HTTP, ("/{nomor}", "")))


SOAP = (
    ('source: {kind: sql, url: "sqlite+aiosqlite:///k.sqlite"}', "source: {kind: soap}"),
    ("{table: pasien}", "{find: {nomor: {operation: A, request: {n: ['{nomor}']}}, "
     "tinggal.kode: {operation: A, request: {k: x}}}}"),
)  # fmt: skip


def test_an_operation_is_asked_by_key(tmp_path: Path) -> None:
    """Each key has its place in the request, and nothing is listed."""
    told = "\n".join(refusals(tmp_path, *SOAP))
    assert "tinggal.kode: each of tinggal.kode needs its place in braces" in told
    assert "a SOAP operation is asked by key and cannot be listed" in told
