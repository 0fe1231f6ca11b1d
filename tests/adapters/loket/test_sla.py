"""The clock of a service against a count day by day, over weekends, leave, repair and years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.loket.sla import Clock, Light, Pause, Run, day_of, read_clock
from adapters.loket.working_days import CalendarMissing, WorkingDays, load_working_days
from tests.testkit.imports import ROOT

CALENDAR_2026 = ROOT / "adapters" / "loket" / "data" / "hari_libur_2026.csv"
NEXT_YEAR = "tanggal,nama,jenis\n2027-01-01,Tahun Baru,LIBUR_NASIONAL\n2027-02-08,Sintetis,CUTI\n"


@pytest.fixture(scope="module")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> WorkingDays:
    """Load 2026 as it is, and a synthetic 2027."""
    return load_two_years(tmp_path_factory.mktemp("calendar"))


def load_two_years(folder: Path) -> WorkingDays:
    """Load 2026 as it is, and a synthetic 2027."""
    synthetic = folder / "hari_libur_2027.csv"
    synthetic.write_text(NEXT_YEAR, encoding="utf-8")
    return load_working_days([CALENDAR_2026, synthetic])


@pytest.mark.parametrize(
    ("complete", "promised", "due"),
    [
        ("2026-07-01", 1, "2026-07-02"),  # Wednesday, then Thursday
        ("2026-07-03", 1, "2026-07-06"),  # Friday, then Monday
        ("2026-03-17", 1, "2026-03-25"),  # Nyepi and Idul Fitri with joint leave
        ("2026-12-23", 3, "2026-12-30"),  # Christmas and its joint leave
        ("2026-12-30", 3, "2027-01-05"),  # over the year's end
        ("2026-08-15", 1, "2026-08-18"),  # a Saturday before a holiday on Monday
    ],
    ids=["weekday", "weekend", "lebaran", "christmas", "year-end", "saturday"],
)
def test_the_due_day(calendar: WorkingDays, complete: str, promised: int, due: str) -> None:
    """The day of the complete file does not count, and neither does a day without offices."""
    run = Run(date.fromisoformat(complete))
    clock = read_clock(run, promised, run.complete or date.max, calendar)
    assert clock == Clock(0, date.fromisoformat(due), Light.HIJAU)


@pytest.mark.parametrize(
    ("today", "light"),
    [("2026-07-03", Light.HIJAU), ("2026-07-05", Light.HIJAU), ("2026-07-06", Light.KUNING),
     ("2026-07-07", Light.MERAH)],
)  # fmt: skip
def test_the_traffic_light(calendar: WorkingDays, today: str, light: Light) -> None:
    """Green until the last promised day, yellow on it, red from the next working day on."""
    run = Run(date(2026, 7, 3))
    assert read_clock(run, 1, date.fromisoformat(today), calendar).light is light


def test_repair_stops_the_clock(calendar: WorkingDays) -> None:
    """The days after repair was asked, up to the new submission, belong to the applicant."""
    run = Run(date(2026, 7, 1), [Pause(date(2026, 7, 1), None)])
    waiting = read_clock(run, 1, date(2026, 7, 20), calendar)
    assert waiting == Clock(0, None, Light.DITANGGUHKAN)
    again = Run(date(2026, 7, 1), [Pause(date(2026, 7, 1), date(2026, 7, 17))])
    assert read_clock(again, 1, date(2026, 7, 18), calendar) == Clock(
        0, date(2026, 7, 20), Light.HIJAU
    )


def test_what_is_late_stays_late(calendar: WorkingDays) -> None:
    """Asking for repair after the due day makes nothing good; an end stops the clock."""
    late = Run(date(2026, 7, 1), [Pause(date(2026, 7, 6), None)])
    assert read_clock(late, 1, date(2026, 7, 20), calendar) == Clock(
        3, date(2026, 7, 2), Light.MERAH
    )
    ended = Run(date(2026, 7, 1), ended=date(2026, 7, 2))
    assert read_clock(ended, 1, date(2026, 9, 1), calendar).used == 1


def test_a_file_that_is_not_complete_has_no_clock(calendar: WorkingDays) -> None:
    """Nothing is promised before the file is complete."""
    assert read_clock(Run(None), 1, date(2026, 7, 1), calendar).light is Light.BELUM_MULAI


def test_an_unloaded_year_is_an_error() -> None:
    """Where the calendar ends, no day is guessed."""
    alone = load_working_days([CALENDAR_2026])
    with pytest.raises(CalendarMissing) as missing:
        read_clock(Run(date(2026, 12, 31)), 1, date(2026, 12, 31), alone)
    assert missing.value.year == 2027


@pytest.mark.parametrize(
    ("wedding", "needed"), [("2026-07-14", True), ("2026-07-15", False), ("2026-07-01", True)]
)
def test_a_wedding_within_ten_working_days_needs_a_dispensation(
    calendar: WorkingDays, wedding: str, needed: bool
) -> None:
    """From 1 July 2026, the tenth working day is the 15th."""
    assert calendar.needs_dispensation(date(2026, 7, 1), date.fromisoformat(wedding)) is needed


def test_a_day_is_jakartas() -> None:
    """Late in the evening of London it is tomorrow in Jakarta."""
    assert day_of(datetime(2026, 7, 1, 17, 0, tzinfo=UTC)) == date(2026, 7, 2)
    assert day_of(datetime(2026, 7, 1, 16, 59, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_broken_calendar_names_its_line(tmp_path: Path) -> None:
    """A typing error is found at start."""
    file = tmp_path / "libur.csv"
    file.write_text("tanggal,nama,jenis\n2026-01-01,x,y\n2026-13-01,x,y\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"libur\.csv, line 3"):
        load_working_days([file])


FIRST, LAST = date(2026, 1, 1), date(2027, 6, 30)
DAYS = st.dates(FIRST, LAST)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Draw a run: complete, repaired some times, perhaps being repaired, perhaps ended."""
    days = sorted(draw(st.lists(DAYS, min_size=1, max_size=7)))
    complete, *rest = days
    ended = rest.pop() if rest and draw(st.booleans()) else None
    pauses = [
        Pause(rest[place], rest[place + 1] if place + 1 < len(rest) else None)
        for place in range(0, len(rest), 2)
    ]
    return Run(complete, pauses, ended)


@pytest.mark.property
@given(run=runs(), promised=st.integers(1, 5), today=DAYS)
def test_the_clock_agrees_with_a_count_day_by_day(run: Run, promised: int, today: date) -> None:
    """Each day is looked at alone: is it worked, is it after the file, is it under repair."""
    calendar = load_two_years_once()
    assert run.complete is not None
    clock = read_clock(run, promised, today, calendar)
    until = min(today, run.ended) if run.ended else today
    counted = [day for day in _days(run.complete, LAST + timedelta(60)) if _counts(day, run)]
    assert clock.used == sum(day <= until for day in counted)
    due = counted[promised - 1] if len(counted) >= promised else None
    assert clock.due == due
    assert (clock.light is Light.MERAH) == (clock.used > promised)


_KEPT: list[WorkingDays] = []


def load_two_years_once() -> WorkingDays:
    """Make the two years without a file, as a property cannot take a fixture per example."""
    if not _KEPT:
        own = load_working_days([CALENDAR_2026])
        more = {date(2027, 1, 1), date(2027, 2, 8)}
        _KEPT.append(WorkingDays(own.years | {2027}, own.holidays | more))
    return _KEPT[0]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def _counts(day: date, run: Run) -> bool:
    holidays = load_two_years_once().holidays
    assert run.complete is not None
    if day.isoweekday() > 5 or day in holidays or day <= run.complete:
        return False
    return not any(
        pause.asked < day and (pause.delivered is None or day <= pause.delivered)
        for pause in run.pauses
    )
