"""The managers' reports against a count one by one, over random applications; and who sees them."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import example, given, settings

from adapters.errors import AccessDenied
from adapters.kit.context import Context
from adapters.kit.outcome import InvalidArgument, Page, PageRequest
from adapters.loket.reports import LetterBasis, list_frequent, list_refusals, list_times
from adapters.loket.sla import day_of
from adapters.loket.store.engine import own_call
from tests.testkit.counter_desk import Desk, call, open_desk
from tests.testkit.random_applications import DECREES, Filed, file_all, filed_applications

AREA = "31.71.02"
SPAN = (date(2026, 3, 1), date(2026, 6, 1))
MONTHS = ("2026-03", "2026-04", "2026-05", "2026-06")
DECIDED = ("TERBIT", "DIAMBIL", "DICABUT", "DITOLAK")
LATE = Filed(
    "31.71.02.1003", "PM1-UMUM", "3171990101019000", None, None, 16, 100, [(60, 8), (8, 50)], 90,
    "DITOLAK", 2, frozenset(), frozenset(), None,
)  # fmt: skip


class Office:
    """A counter, and a loop to ask it from tests that are not asynchronous themselves."""

    def __init__(self, desk: Desk, runner: asyncio.Runner) -> None:
        self.desk = desk
        self._runner = runner

    def file(self, filed: Sequence[Filed]) -> list[dict[str, Any]]:
        """File these applications alone; gives them as the counter tells each."""

        async def write() -> list[dict[str, Any]]:
            counter = self.desk.counter
            key = counter.desk.key
            numbers = await counter.store.write(own_call(), lambda tx: file_all(tx, key, filed))
            found = await counter.records(numbers, call("camat"))
            return [found[number] for number in numbers]

        return self._runner.run(write())

    def pages(self, function: Any, *asked: Any, caller: str = "camat") -> list[dict[str, Any]]:
        """Ask for a report in pages of two; gives all its lines."""
        lines: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            page = self.ask(function, *asked, caller=caller, page=PageRequest(2, after))
            lines += page.nodes
            after = page.end_cursor
            if not page.has_next:
                return lines

    def ask(
        self,
        function: Any,
        *asked: Any,
        caller: str = "camat",
        page: PageRequest = PageRequest(),  # noqa: B008  # a value
    ) -> Page:
        """Ask for one page of a report."""
        context = Context(call(caller), self.desk.counter)
        return cast("Page", self._runner.run(function(context, page, *asked)))


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    """Open a counter in which one kelurahan has two decrees of its own."""
    standards = tmp_path / "keputusan.yaml"
    standards.write_text(DECREES, encoding="utf-8")
    with asyncio.Runner() as runner:
        opened = open_desk(store_url, tmp_path, standards=standards)
        desk = runner.run(opened.__aenter__())
        yield Office(desk, runner)
        runner.run(opened.__aexit__(None, None, None))


def test_the_reports_are_those_of_a_count_one_by_one(office: Office) -> None:
    """Over random applications, each report equals a count over what the counter tells of each."""

    @settings(max_examples=12)
    @example([LATE])
    @given(filed_applications())
    def compare(filed: list[Filed]) -> None:
        told = office.file(filed)
        decided = [each for each in told if each["status"] in DECIDED and _month(each) in MONTHS]
        _compare_times(office, decided)
        _compare_refusals(office, decided)
        for basis in LetterBasis:
            _compare_frequent(office, told, basis)

    compare()


def test_the_public_is_told_no_small_cell(office: Office) -> None:
    """Fewer than five are left out, and so is a part by which fewer than five could be found."""
    few = [_filed(end="DITOLAK")] * 4
    office.file([*few, *[_filed("AHLI-WARIS")] * 20, *[_filed("AHLI-WARIS", end="DITOLAK")] * 4])
    heirs, general = office.pages(list_refusals, AREA, SPAN, caller="warga")
    assert (general["jumlah"], general["ditolak"], general["kurang"]) == (None, None, [])
    assert (heirs["jumlah"], heirs["ditolak"], heirs["bagianDitolak"]) == (24, None, None)
    heirs, general = office.pages(list_times, AREA, SPAN, caller="petugas")
    assert (general["median"], general["p90"], general["terlambat"]) == (None, None, None)
    assert (heirs["median"], heirs["jumlah"]) == (6, None)
    office.file([*[_filed()] * 5, *[_filed(end="DITOLAK", papers=frozenset({"KK"}))] * 5])
    (line,) = office.pages(list_refusals, AREA, SPAN, caller="warga")
    assert (line["jumlah"], line["ditolak"], line["bagianDitolak"]) == (10, 5, 0.5)
    told = {each["kode"]: each["jumlah"] for each in line["kurang"]}
    assert told == {"KTP": 5, "PENGANTAR": 5}


def test_the_public_is_told_of_months_that_are_over(office: Office) -> None:
    """The counter's clock stands in July 2026: two looks at July would tell of one application."""
    office.file([_filed(submitted=125 * 24 + hour) for hour in range(6)])
    july = (date(2026, 7, 1), date(2026, 7, 1))
    assert office.pages(list_refusals, AREA, july, caller="warga") == []
    assert office.pages(list_times, AREA, july, caller="warga") == []
    (line,) = office.pages(list_refusals, AREA, july)
    assert line["jumlah"] == 6


def test_only_who_heads_the_area_is_told_persons(office: Office) -> None:
    """A lurah is told of his kelurahan and not of the kecamatan; an officer is told of nobody."""
    asked = {"basis": LetterBasis.PEMOHON, "more": 0, "days": 30}
    until = date(2026, 4, 1)
    office.file([_filed()])
    for caller, area in (("petugas", AREA), ("warga", AREA), ("lurah", AREA)):
        with pytest.raises(AccessDenied):
            office.ask(list_frequent, area, until, asked, caller=caller)
    assert office.ask(list_frequent, "31.71.02.1003", until, asked, caller="lurah").nodes


def test_what_cannot_be_counted_is_refused(office: Office) -> None:
    """A year without a calendar, months that end before they begin, too many days."""
    with pytest.raises(InvalidArgument) as caught:
        office.ask(list_times, AREA, (date(2025, 1, 1), date(2025, 2, 1)))
    assert caught.value.code == "KALENDER_TIDAK_ADA"
    office.file([_filed(submitted=-24 * 60)])
    with pytest.raises(InvalidArgument) as caught:
        office.ask(list_times, AREA, (date(2026, 1, 1), date(2026, 2, 1)))
    assert caught.value.code == "KALENDER_TIDAK_ADA"
    for days in ((date(2026, 2, 1), date(2026, 1, 31)), (date(2020, 1, 1), date(2026, 1, 1))):
        with pytest.raises(InvalidArgument, match="months"):
            office.ask(list_refusals, AREA, days)
    asked = {"basis": LetterBasis.RT, "more": 1, "days": 1000}
    with pytest.raises(InvalidArgument, match="hari"):
        office.ask(list_frequent, AREA, date(2026, 4, 1), asked)


def _compare_times(office: Office, decided: Sequence[dict[str, Any]]) -> None:
    groups = defaultdict(list)
    for each in decided:
        if each["lengkapPada"]:
            groups[(*_place(each), each["sla"]["janji"])].append(each["sla"]["terpakai"])
    expected = [
        (*key, len(used), _rank(used, 0.5), _rank(used, 0.9), sum(u > key[3] for u in used))
        for key, used in sorted(groups.items())
    ]
    names = ("janji", "jumlah", "median", "p90", "terlambat")
    lines = office.pages(list_times, AREA, SPAN)
    assert [(*_key(line), *(line[name] for name in names)) for line in lines] == expected


def _compare_refusals(office: Office, decided: Sequence[dict[str, Any]]) -> None:
    whole: Counter[tuple[str, ...]] = Counter(map(_place, decided))
    refused: Counter[tuple[str, ...]] = Counter()
    lacking: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for each in decided:
        if each["status"] == "DITOLAK":
            refused[_place(each)] += 1
            unmet = {need["kode"] for need in each["persyaratan"] if not need["terpenuhi"]}
            lacking[_place(each)].update(unmet)
    lines = office.pages(list_refusals, AREA, SPAN)
    assert [(_key(line), line["jumlah"], line["ditolak"]) for line in lines] == [
        (key, count, refused[key]) for key, count in sorted(whole.items())
    ]
    for line in lines:
        assert line["bagianDitolak"] == line["ditolak"] / line["jumlah"]
        told = {each["kode"]: each["jumlah"] for each in line["kurang"]}
        assert told == lacking[_key(line)]


def _compare_frequent(office: Office, told: Sequence[dict[str, Any]], basis: LetterBasis) -> None:
    until = date(2026, 4, 5)
    people: dict[Any, list[str]] = defaultdict(list)
    for each in told:
        letter, proxy = each["surat"], each["kuasa"]
        key = {
            LetterBasis.PEMOHON: each["pemohon"]["nik"],
            LetterBasis.KUASA: proxy and proxy["nik"],
            LetterBasis.RT: each["rt"] and (each["kelurahan"]["kode"], each["rw"], each["rt"]),
        }[basis]
        if letter and key and until - timedelta(29) <= letter["tanggal"] <= until:
            people[key].append(each["pemohon"]["nik"])
    expected = {key: (len(found), len({*found})) for key, found in people.items() if len(found) > 1}
    asked = {"basis": basis, "more": 1, "days": 30}
    lines = office.pages(list_frequent, AREA, until, asked)
    assert {_who(line): (line["surat"], line["pemohon"]) for line in lines} == expected
    counts = [line["surat"] for line in lines]
    assert counts == sorted(counts, reverse=True)


def _filed(service: str = "PM1-UMUM", **changes: Any) -> Filed:
    values: dict[str, Any] = {
        "kelurahan": "31.71.02.1003", "service": service, "applicant": "3171990101019000",
        "proxy": None, "rt": "001", "submitted": 100, "complete": 1, "repairs": [], "ended": 200,
        "end": "TERBIT", "promised": 3, "papers": frozenset(), "passed": frozenset(),
        "permit": None, **changes,
    }  # fmt: skip
    return Filed(**values)


def _place(each: dict[str, Any]) -> tuple[str, ...]:
    return each["kelurahan"]["kode"], each["layanan"]["kode"], _month(each)


def _month(each: dict[str, Any]) -> str:
    return f"{day_of(each['berakhirPada']):%Y-%m}"


def _key(line: dict[str, Any]) -> tuple[str, ...]:
    return line["kelurahan"]["kode"], line["layanan"]["kode"], line["bulan"]


def _who(line: dict[str, Any]) -> Any:
    if line["penduduk"]:
        return line["penduduk"]["nik"]
    return line["kelurahan"]["kode"], line["rw"], line["rt"]


def _rank(values: list[int], share: float) -> int:
    """Give the least value that this share of the values does not exceed."""
    return next(v for v in sorted(values) if sum(u <= v for u in values) >= share * len(values))
