"""Classes: where they are read, how they spread, and that the stricter wins."""

import pytest

from gateway.policy.classes import DataClass, DataClasses, build_classes, stricter
from schema.errors import SupergraphError
from schema.supergraph.load import load_supergraph

DATA = '@link(url: "https://specs.simpul.example/data/v1.0", import: ["@kelas"])'

GRAPH = """
enum join__Graph {
  DUKCAPIL @join__graph(name: "dukcapil", url: "")
  LOKET @join__graph(name: "loket", url: "")
}
type Query @join__type(graph: DUKCAPIL) {
  penduduk(nik: NIK!): Penduduk @join__field(graph: DUKCAPIL)
  kode: String
  bernama: Bernama
}
scalar NIK @join__type(graph: DUKCAPIL)
scalar Agama @join__type(graph: DUKCAPIL) @kelas(tingkat: SPESIFIK)
interface Bernama @join__type(graph: DUKCAPIL) { nama: String umum: String }
type Penduduk implements Bernama @join__type(graph: DUKCAPIL, key: "nik")
  @join__type(graph: LOKET, key: "nik") @join__implements(graph: DUKCAPIL, interface: "Bernama")
{
  nik: NIK!
  nama: String @join__field(graph: DUKCAPIL) @join__field(graph: LOKET, external: true)
    @kelas(tingkat: UMUM)
  umum: String
  agama: Agama @join__field(graph: DUKCAPIL)
  keluarga: Keluarga
  sapaan: String @join__field(graph: LOKET, requires: "nama")
  salam: String @join__field(graph: LOKET, requires: "keluarga { miskin } sapaan")
  surat: String
}
type Kantor implements Bernama @join__type(graph: LOKET)
  @join__implements(graph: LOKET, interface: "Bernama") { nama: String umum: String }
type Keluarga @join__type(graph: DUKCAPIL) @kelas(tingkat: UMUM) {
  kode: String
  miskin: Boolean @kelas(tingkat: SPESIFIK)
}
input Saring @join__type(graph: DUKCAPIL) { kk: NomorKK nama: String @kelas(tingkat: UMUM) }
scalar NomorKK @join__type(graph: DUKCAPIL)
"""


def build(graph: str = GRAPH, link: str = DATA) -> DataClasses:
    """Compile the classes of a supergraph."""
    return build_classes(
        load_supergraph(
            'schema @link(url: "https://specs.apollo.dev/link/v1.0")'
            f' @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) {link}'
            f" {{ query: Query }} {graph}"
        )
    )


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("Query.penduduk", None),
        ("Query.kode", None),
        ("Penduduk.surat", None),
        ("Penduduk.nik", None),
        ("Penduduk.umum", None),
        ("Penduduk.nama", DataClass.UMUM),
        ("Penduduk.agama", DataClass.SPESIFIK),
        ("Keluarga.kode", DataClass.UMUM),
        ("Keluarga.miskin", DataClass.SPESIFIK),
        ("Penduduk.sapaan", DataClass.UMUM),
        ("Penduduk.salam", DataClass.SPESIFIK),
        ("Bernama.nama", DataClass.UMUM),
        ("Bernama.umum", None),
        ("Kantor.nama", DataClass.UMUM),
    ],
)
def test_gives_every_field_its_class(where: str, expected: DataClass | None) -> None:
    """Own, parent's, leaf type's, inputs' and relatives' classes; the strictest wins."""
    type_name, _, field_name = where.partition(".")
    assert build().of(type_name, field_name) is expected


def test_knows_who_answers_a_classed_field() -> None:
    """The subgraph that resolves it, never one that only declares it external."""
    sources = build().sources
    assert sources["Penduduk.nama"] == "dukcapil"
    assert sources["Penduduk.sapaan"] == "loket"


def test_knows_which_inputs_are_personal() -> None:
    """NIK, NomorKK and representations are, with or without a class; so is what carries one."""
    named = {"NIK", "NomorKK", "_Any"}
    assert build().personal_inputs == named | {"Agama", "Keluarga", "Saring.nama"}


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (DATA, "kelas"),
        ("", "kelas"),
        ('@link(url: "https://specs.simpul.example/data/v1.0")', "data__kelas"),
        ('@link(url: "https://specs.simpul.example/data/v1.2", as: "d")', "d__kelas"),
        (
            '@link(url: "https://specs.simpul.example/data/v1.0",'
            ' import: [{name: "@kelas", as: "@tingkat"}])',
            "tingkat",
        ),
    ],
)
def test_reads_the_directive_under_its_local_name(link: str, name: str) -> None:
    """The link decides what the directive is called."""
    classes = build(GRAPH.replace("@kelas", f"@{name}"), link)
    assert classes.of("Keluarga", "miskin") is DataClass.SPESIFIK


def test_another_directive_of_that_name_means_nothing_beside_a_link() -> None:
    """Where the specification is linked under another name, the plain name is foreign."""
    classes = build(link='@link(url: "https://specs.simpul.example/data/v1.0", as: "d")')
    assert classes.fields == {}


@pytest.mark.parametrize("directive", ["@kelas", "@kelas(tingkat: RAHASIA)", "@kelas(tingkat: 1)"])
def test_refuses_a_class_that_it_does_not_know(directive: str) -> None:
    """A field whose protection cannot be read is never served as public."""
    graph = GRAPH.replace("@kelas(tingkat: UMUM)", directive)
    with pytest.raises(SupergraphError) as caught:
        build(graph)
    assert '"Penduduk.nama"' in str(caught.value)


def test_the_stricter_of_two_wins() -> None:
    """Specific is stricter than general, general than public."""
    assert stricter(None, None) is None
    assert stricter(DataClass.UMUM, None) is DataClass.UMUM
    assert stricter(DataClass.UMUM, DataClass.SPESIFIK) is DataClass.SPESIFIK
    assert stricter(DataClass.SPESIFIK, DataClass.UMUM) is DataClass.SPESIFIK
