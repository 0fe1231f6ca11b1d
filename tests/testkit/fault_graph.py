"""The joined graph with an agency that fails: a small fleet, a gateway with short time-outs.

In: the table of docs/faults.md, and which fault is switched on. Out: the answer to one operation
that asks every agency about one person, how long it took, and what it must hold by the ground
truth. Breakers stay closed and retry budgets full, so that cases can follow each other; who needs
guards that begin anew, or files that were never read, reloads.
"""

from __future__ import annotations

import signal
import socket
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from demo.fleet import start_fleet
from demo.people.spec import WorldSpec
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import JoinedGraph, demo_config, gateway_over, write_config
from tests.testkit.product import ask
from tests.testkit.sinks import open_sink

__all__ = [
    "RESIDENTS",
    "TIMEOUT",
    "Answered",
    "FaultGraph",
    "Row",
    "Subject",
    "rows_of",
    "running_fault_graph",
    "without_source",
]

RESIDENTS = 2000
TIMEOUT = 1.0  # seconds of every guard over HTTP; a busy machine answers well within it
STORE_TIMEOUT = 5.0  # of the registers' guards: a locked SQLite is waited for a second an attempt
SLACK = 1.0  # for a machine that does other things too; no part of the product's promise
LOADED = 20  # times what a healthy answer takes: the slack on a machine that is very busy

_NEVER = 10_000  # failures that all cases do not make: breakers and budgets have tests of their own

OPERATION = """query Semua(
  $nik: NIK!, $kelurahan: KodeWilayah!, $nomor: String!, $tahun: Int!,
  $pengakuan: VerifikasiInput!, $verifikasi: Boolean!
) {
  penduduk(nik: $nik) {
    nik nama
    izin { nomorSk }
    surat { kelurahan { kode } nomor tahun }
  }
  surat(kelurahan: $kelurahan, nomor: $nomor, tahun: $tahun) {
    kelurahan { kode nama } nomor tahun
    pemohon { nik nama izin { nomorSk } surat { kelurahan { kode } nomor tahun } }
  }
  verifikasi(input: $pengakuan) @include(if: $verifikasi) { elemen { elemen sesuai } }
}"""


class Row(NamedTuple):
    """One row of the table."""

    source: str
    fault: str
    value: str
    code: str
    status: str
    within: str
    received: str


def rows_of(*sources: str) -> list[Row]:
    """Read the rows of these sources, or all, from docs/faults.md."""
    lines = (ROOT / "docs" / "faults.md").read_text("utf-8").splitlines()
    cells = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| `")
    ]
    rows = [Row(*each) for each in cells]
    return [row for row in rows if not sources or row.source in sources]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the operation asks about, and the letter where it begins a second time."""

    nik: str
    name: str
    letter: tuple[str, str, int]  # kelurahan, number, year
    letters: frozenset[tuple[str, str, int]]
    licences: frozenset[str]

    def variables(self, *, verify: bool) -> dict[str, Any]:
        """Give the operation's variables."""
        area, number, year = self.letter
        claims = {"nik": self.nik, "nama": self.name}
        return {
            **{"nik": self.nik, "kelurahan": area, "nomor": number, "tahun": year},
            **{"pengakuan": claims, "verifikasi": verify},
        }


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and how long it took."""

    body: Any
    seconds: float

    def came_within(self, seconds: float, healthy: Answered) -> bool:
        """Tell whether it came in time, on a machine that takes so long for a healthy answer."""
        return self.seconds < seconds + LOADED * healthy.seconds

    @property
    def errors(self) -> set[tuple[str, str]]:
        """The errors as (path, code)."""
        return {
            (".".join(map(str, each["path"])), each["extensions"]["code"])
            for each in self.body.get("errors", ())
        }

    @property
    def values(self) -> dict[str, Any]:
        """What was answered, by place; lists as sets."""
        data = self.body["data"]
        person, letter = data["penduduk"], data["surat"]
        applicant = letter and letter["pemohon"]
        verdict = data.get("verifikasi")
        return {
            "penduduk": person and person["nik"],
            "penduduk.nama": person and person["nama"],
            "penduduk.izin": person and _licences(person["izin"]),
            "penduduk.surat": person and _letters(person["surat"]),
            "surat": letter and (letter["kelurahan"]["kode"], letter["nomor"], letter["tahun"]),
            "surat.pemohon": applicant and applicant["nik"],
            "surat.pemohon.nama": applicant and applicant["nama"],
            "surat.pemohon.izin": applicant and _licences(applicant["izin"]),
            "surat.pemohon.surat": applicant and _letters(applicant["surat"]),
            "verifikasi": verdict
            and {each["elemen"]: each["sesuai"] for each in verdict["elemen"]},
        }

    def source(self, name: str) -> Mapping[str, Any]:
        """Give a source's entry in the completeness statement."""
        sources = self.body["extensions"]["completeness"]["sources"]
        found: Mapping[str, Any] = next(each for each in sources if each["source"] == name)
        return found

    def incomplete(self) -> set[str]:
        """Name the sources that did not answer."""
        sources = self.body["extensions"]["completeness"]["sources"]
        return {each["source"] for each in sources if each["status"] != "ANSWERED"}

    def attempts(self, name: str) -> int:
        """Tell how often a source was tried, as the gateway counts it."""
        calls = self.body["extensions"]["sourceCalls"]
        return sum(each["calls"] for each in calls if each["source"] == name)


@dataclass(slots=True)
class FaultGraph:
    """The running graph, whose configuration can be changed by a reload."""

    graph: JoinedGraph
    folder: Path
    base: dict[str, Any] = field(default_factory=dict)
    is_changed: bool = False  # whether it now runs with other settings

    @property
    def registers(self) -> Path:
        """The folder of the registers."""
        return Path(self.graph.fleet.addresses["registers"])

    def heal(self) -> None:
        """Heal everything under the settings of the base; open no source again if they hold."""
        if self.is_changed:
            self.fresh()
        else:
            self.graph.fleet.reset()

    def fresh(self, **subgraphs: Mapping[str, Any]) -> None:
        """Heal everything and open every source again; settings given replace those of a subgraph.

        All guards begin anew: closed breakers, full retry budgets, no file read yet.
        """
        self.graph.fleet.reset()
        self.is_changed = bool(subgraphs)
        config = {**self.base, "subgraphs": {**self.base["subgraphs"], **subgraphs}}
        write_config(self.folder, config)
        self.graph.product.lines.clear()
        self.graph.product.signal(signal.SIGHUP)
        self.graph.product.wait_for("schema reloaded")

    def settings(self, subgraph: str, **changed: Any) -> dict[str, Any]:
        """Give a subgraph's entry with some settings changed."""
        entry = self.base["subgraphs"][subgraph]
        return {**entry, "settings": {**entry["settings"], **changed}}

    def ask(self, subject: Subject, *, verify: bool = True) -> Answered:
        """Ask every agency about one person."""
        begun = time.monotonic()
        body = self.graph.product.graphql(
            OPERATION, subject.variables(verify=verify), extensions={"sourceCalls": True}
        )
        return Answered(body, time.monotonic() - begun)

    def sources(self) -> dict[str, Any]:
        """Read how every source fares, from the second port."""
        told: dict[str, Any] = ask(f"{self.graph.admin_url}/sources").json
        return told

    def subject(self, area: str) -> Subject:
        """Choose who has a flawless letter here and a licence, most letters elsewhere first."""
        with sqlite3.connect(f"file:{self.graph.truth.path}?mode=ro", uri=True) as rows:
            found = rows.execute(
                "SELECT p.nik, l.nomor, l.tahun FROM letter l JOIN person p ON p.nik = l.nik"
                " WHERE l.kelurahan = ? AND p.status = 'AKTIF' AND l.jenis <> 'KEMATIAN'"
                " AND p.nik IN (SELECT nik FROM licence)"
                " ORDER BY (SELECT count(DISTINCT o.kelurahan) FROM letter o WHERE o.nik = p.nik)"
                " DESC, l.id LIMIT 1",
                (area,),
            ).fetchone()
        rows.close()
        nik = f"{found[0]:016d}"
        person = self.graph.truth.person(nik)
        assert person is not None
        return Subject(
            nik,
            person.nama,
            (area, found[1], found[2]),
            frozenset((x.kelurahan, x.nomor, x.tahun) for x in self.graph.truth.letters(nik)),
            frozenset(x.decree_number for x in self.graph.truth.licences(nik)),
        )


def without_source(source: str, subject: Subject, *, verify: bool) -> dict[str, Any]:
    """Tell what must be answered by place when ``source`` gives nothing ("" if all answer)."""
    area = subject.letter[0]
    true: dict[str, Any] = {
        "penduduk": subject.nik,
        "penduduk.nama": subject.name,
        "penduduk.izin": subject.licences,
        "penduduk.surat": subject.letters,
        "surat": subject.letter,
        "surat.pemohon": subject.nik,
        "surat.pemohon.nama": subject.name,
        "surat.pemohon.izin": subject.licences,
        "surat.pemohon.surat": subject.letters,
        "verifikasi": {"NIK": True, "NAMA": True} if verify else None,
    }
    match source:
        case "dukcapil":
            lost = [place for place in true if place.startswith("penduduk")]
            lost.append("surat.pemohon.nama")
        case "dukcapil/verifikasi":
            lost = ["verifikasi"]
        case "dpmptsp":
            lost = ["penduduk.izin", "surat.pemohon.izin"]
        case "":
            lost = []
        case _:
            lost = [place for place in true if place.startswith("surat")]
            others = frozenset(each for each in subject.letters if each[0] != area)
            true["penduduk.surat"] = others
    return {**true, **dict.fromkeys(lost)}


@contextmanager
def running_fault_graph(folder: Path) -> Iterator[FaultGraph]:
    """Start a fleet over a world of its own, and the gateway over it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = _config(folder) | {"admin": f"127.0.0.1:{port}"}
    spec = WorldSpec(residents=RESIDENTS)
    with (
        open_sink("log of the fleet") as log,
        start_fleet(folder / "store", spec=spec, log=log) as fleet,
        gateway_over(fleet, folder, "--log-format", "json", config=base) as graph,
    ):
        yield FaultGraph(graph, folder, base)


def _config(folder: Path) -> dict[str, Any]:
    config = demo_config() | {"state_dir": str(folder / "var")}
    guard = {"timeout_seconds": TIMEOUT, "breaker_requests": _NEVER, "retry_reserve": _NEVER}
    subgraphs = config["subgraphs"]
    subgraphs["dukcapil"]["settings"] |= {"guard": guard, "verify_guard": guard}
    subgraphs["dpmptsp"]["settings"]["guard"] = guard
    # These are not opened again between cases, so their retries must last for all of them.
    lasting = {**guard, "retry_reserve": 1000}
    for agency in ("pbb", "bsre"):
        subgraphs[agency]["settings"]["guard"] = lasting
    subgraphs["carik"]["settings"] |= {"pattern": "CARIK_2026-06-15.csv", "refresh_seconds": 0.001}
    for register in subgraphs["kelurahan"]["settings"]["registers"]:
        register["guard"] = {**guard, "timeout_seconds": STORE_TIMEOUT}
        if register["store"] == "files":
            register["refresh_seconds"] = 0.001  # every question looks for a newer version
    return config


def _letters(letters: list[Any]) -> frozenset[tuple[str, str, int]]:
    return frozenset((each["kelurahan"]["kode"], each["nomor"], each["tahun"]) for each in letters)


def _licences(licences: list[Any] | None) -> frozenset[str] | None:
    return None if licences is None else frozenset(each["nomorSk"] for each in licences)
