"""Making a world: people, their papers, the systems' stores and the ground truth.

In: a seed, a number of residents, an area, a day. Out: a folder with `truth.sqlite` (the oracle),
`people.sqlite` (civil registry), `dpmptsp.sqlite` (licences), `oss.sqlite` (pushes about
businesses), `pbb.sqlite` (land tax), `siak.sqlite` (the registry's own tables), `drops/carik/`
(family survey) and `registers/` (kelurahan).
Same parameters, same bytes of content. People stream clan by clan into SQLite, so memory does not
grow with the population. A folder is built beside its place and renamed when it is whole.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from random import Random

from demo.carik.write import write_drops
from demo.people.clans import ClanBuilder
from demo.people.fates import Fates
from demo.people.numbers import Numbers
from demo.people.papers import Papers
from demo.people.places import Places
from demo.people.rows import PERSON_COLUMNS, Row, letter_row, licence_row, person_row
from demo.people.scribble import Scribbler
from demo.people.spec import WorldSpec, world_folder
from demo.registers.write import write_registers
from demo.siak.tables import write as write_people
from demo.tables import load_kelurahan

__all__ = ["Progress", "find_or_build"]

_CHUNK = 2_000
_SQL = Path(__file__).parent
_DEMO = _SQL.parent

# File, the name under which its script fills it, folder of the script.
_AGENCIES = (
    ("people.sqlite", "registry", "dukcapil"),
    ("dpmptsp.sqlite", "agency", "dpmptsp"),
    ("oss.sqlite", "oss", "oss"),
    ("pbb.sqlite", "pbb", "pbb"),
)

Progress = Callable[[str, int, int], None]
"""Told the stage, what is done and what there is to do."""


def find_or_build(store: Path, spec: WorldSpec, progress: Progress | None = None) -> Path:
    """Return the folder of a world, building it first when it does not exist."""
    folder = world_folder(store, spec)
    if folder.is_dir():
        return folder
    store.mkdir(parents=True, exist_ok=True)
    _sweep(store)
    building = store / f".building-{os.getpid()}-{folder.name}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        _build(building, spec, progress or _silent)
        _publish(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _sweep(store: Path) -> None:
    """Remove what builders left that were killed."""
    for folder in store.glob(".building-*"):
        pid = int(folder.name.split("-")[1])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue


def _build(folder: Path, spec: WorldSpec, progress: Progress) -> None:
    with _connect(folder / "truth.sqlite") as truth:
        truth.executescript((_SQL / "tables.sql").read_text(encoding="utf-8"))
        _populate(truth, spec, progress)
        progress("books", 0, 1)
        _run_script(truth, _SQL / "finish.sql", spec.today)
        _write_meta(truth, spec)
        progress("books", 1, 1)
        for done, (store, schema, agency) in enumerate(_AGENCIES):
            progress("agencies", done, len(_AGENCIES))
            _fill(truth, folder / store, schema, _DEMO / agency / "store.sql")
        progress("agencies", len(_AGENCIES), len(_AGENCIES))
        write_drops(truth, folder / "drops" / "carik")
        write_people(truth, folder / "siak.sqlite")
        write_registers(truth, folder / "registers", load_kelurahan(spec.prefix), progress)
    truth.close()


def _populate(truth: sqlite3.Connection, spec: WorldSpec, progress: Progress) -> None:
    rng = Random(spec.seed)
    numbers = Numbers()
    places = Places(rng, load_kelurahan(spec.prefix))
    clans = ClanBuilder(rng, places, numbers, spec.today)
    fates = Fates(rng, places, numbers, spec.today)
    papers = Papers(rng, spec.today)
    writer = _Writer(truth, Scribbler(rng))
    done = 0
    while done < spec.residents:
        clan = clans.build(spec.residents - done)
        fates.plant(clan)
        writer.people += [person_row(person) for person in clan.people]
        writer.letters += [letter_row(letter, writer.scribbler) for letter in papers.letters(clan)]
        writer.licences += [licence_row(licence) for licence in papers.licences(clan)]
        done += len(clan.people)
        if len(writer.people) >= _CHUNK:
            writer.flush()
            progress("people", done, spec.residents)
    writer.flush()
    progress("people", done, spec.residents)


class _Writer:
    """Collects rows of one chunk and writes them in one transaction."""

    def __init__(self, truth: sqlite3.Connection, scribbler: Scribbler) -> None:
        self._truth = truth
        self._letter_ids = count(1)
        self._licence_ids = count(1)
        self.scribbler = scribbler
        self.people: list[Row] = []
        self.letters: list[Row] = []
        self.licences: list[Row] = []

    def flush(self) -> None:
        """Write what was collected."""
        self._insert("person", self.people, PERSON_COLUMNS)
        self._insert(
            "letter_draft",
            [(number, *row) for number, row in zip(self._letter_ids, self.letters, strict=False)],
            20,
        )
        self._insert(
            "licence_draft",
            [(number, *row) for number, row in zip(self._licence_ids, self.licences, strict=False)],
            14,
        )
        self._truth.commit()
        for rows in (self.people, self.letters, self.licences):
            rows.clear()

    def _insert(self, table: str, rows: list[Row], columns: int) -> None:
        marks = ", ".join("?" * columns)
        self._truth.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    # A half-built folder is thrown away, so durability would buy nothing.
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    return connection


def _run_script(truth: sqlite3.Connection, script: Path, today: date) -> None:
    """Run a script whose statements may name the parameter `:today`."""
    text = script.read_text(encoding="utf-8").replace(":today", f"'{today.isoformat()}'")
    truth.executescript(text)


def _fill(truth: sqlite3.Connection, path: Path, schema: str, script: Path) -> None:
    _connect(path).close()
    truth.execute(f"ATTACH DATABASE ? AS {schema}", (str(path),))
    truth.executescript(f"PRAGMA {schema}.synchronous = OFF; PRAGMA {schema}.journal_mode = OFF;")
    truth.executescript("BEGIN;" + script.read_text(encoding="utf-8") + "COMMIT;")
    truth.execute(f"DETACH DATABASE {schema}")


def _write_meta(truth: sqlite3.Connection, spec: WorldSpec) -> None:
    rows = {
        "seed": str(spec.seed),
        "residents": str(spec.residents),
        "area": spec.prefix,
        "today": spec.today.isoformat(),
    }
    truth.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())
    truth.commit()


def _publish(building: Path, folder: Path) -> None:
    try:
        building.rename(folder)
    except OSError:
        # Another start built the same world meanwhile; equal parameters, equal content.
        if not folder.is_dir():
            raise


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""
