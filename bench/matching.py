"""How well lines of old books are matched to residents: precision and recall, by threshold.

In: seeds of synthetic worlds. Out: for each threshold, how many of the links it would make are
right, and how many of the lines that could be linked it links. Every resident is asked for as
``Penduduk.barisRegister`` asks, from the registers' own files; the ground truth says whose a line
is. A line could be linked if its owner lives in the kelurahan of the book: the lines of other
registers are asked for by argument only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.kelurahan.adapter import adapter
from adapters.kit.runtime import LocalExecutor
from demo.people.spec import WorldSpec
from demo.people.truth import Letter, TruePerson, Truth
from demo.people.world import find_or_build
from tests.testkit.registers import example_settings
from tests.testkit.selections import ask_entities

__all__ = ["REPORTED", "THRESHOLDS", "TUNED", "MatchCounts", "run_matching"]

TUNED = range(1, 21)  # what the weights and the threshold were chosen on
REPORTED = range(101, 121)  # what was not looked at while choosing
THRESHOLDS = (0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 1.00)

_BATCH = 250  # people of one entity fetch
_RESIDENTS = 4_000  # of one world
_SELECTION = (
    "{ ... on Penduduk { barisRegister(minimal: 0.5)"
    " { kelurahan { kode } buku urut tingkatKecocokan } } }"
)


@dataclass(slots=True)
class MatchCounts:
    """What was found over all worlds so far; links are counted by their score."""

    right: Counter[float] = field(default_factory=Counter)
    wrong: Counter[float] = field(default_factory=Counter)
    right_of_dirty: Counter[float] = field(default_factory=Counter)
    lines: int = 0  # that could be linked
    dirty: int = 0  # of these, with a planted fault

    def precision(self, threshold: float) -> float:
        """Give the share of the links at this threshold that is right."""
        right, wrong = _from(self.right, threshold), _from(self.wrong, threshold)
        return right / (right + wrong)

    def recall(self, threshold: float) -> float:
        """Give the share of the lines that could be linked that is."""
        return _from(self.right, threshold) / self.lines

    def recall_of_dirty(self, threshold: float) -> float:
        """Give the same share of the lines with a fault alone."""
        return _from(self.right_of_dirty, threshold) / self.dirty


async def run_matching(seeds: Iterable[int], store: Path) -> MatchCounts:
    """Match every resident of every world; worlds are made under ``store``."""
    counts = MatchCounts()
    for seed in seeds:
        world = find_or_build(store, WorldSpec(_RESIDENTS, seed))
        executor = await adapter.open(example_settings(world / "registers"))
        truth = Truth(world / "truth.sqlite")
        try:
            await _match_world(truth, executor, counts)
        finally:
            truth.close()
            await executor.aclose()
    return counts


async def _match_world(truth: Truth, executor: LocalExecutor, counts: MatchCounts) -> None:
    people = {person.pid: person for person in truth.sample(2 * _RESIDENTS)}
    lines = {
        (line.kelurahan, line.tahun, line.urut): line
        for area in sorted({person.kelurahan for person in people.values()})
        for line in truth.book(area, with_nik=False)
    }
    at_home = [line for line in lines.values() if _is_at_home(line, people)]
    counts.lines += len(at_home)
    counts.dirty += sum(bool(line.cacat) for line in at_home)
    for batch in _batches([*people.values()]):
        sent = [_representation(person) for person in batch]
        response = await ask_entities(executor, _SELECTION, sent)
        assert response.errors == ()
        for person, entity in zip(batch, response.data, strict=True):
            for found in entity["barisRegister"]:
                place = (found["kelurahan"]["kode"], found["buku"], found["urut"])
                _count(lines[place], person, found["tingkatKecocokan"], counts)


def _count(line: Letter, person: TruePerson, score: float, counts: MatchCounts) -> None:
    if line.pid != person.pid:
        counts.wrong[score] += 1
        return
    counts.right[score] += 1
    counts.right_of_dirty[score] += bool(line.cacat)


def _is_at_home(line: Letter, people: Mapping[int, TruePerson]) -> bool:
    owner = people.get(line.pid)
    return owner is not None and owner.kelurahan == line.kelurahan


def _representation(person: TruePerson) -> dict[str, Any]:
    """Represent a resident as the router does: with what the civil registry says."""
    return {
        "__typename": "Penduduk",
        "nik": person.nik,
        "nama": person.nama,
        "tanggalLahir": person.lahir,
        "alamat": {
            "rt": f"{person.rt:03d}",
            "rw": f"{person.rw:03d}",
            "kelurahan": {"kode": person.kelurahan},
        },
    }


def _batches(people: Sequence[TruePerson]) -> Iterator[Sequence[TruePerson]]:
    for start in range(0, len(people), _BATCH):
        yield people[start : start + _BATCH]


def _from(links: Counter[float], threshold: float) -> int:
    return sum(count for score, count in links.items() if score >= threshold)
