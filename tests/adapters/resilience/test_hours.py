"""Opening hours and maintenance windows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.resilience.hours import Hours, parse_window
from adapters.resilience.refusal import CallRefused
from cache.ledger import JAKARTA

WEDNESDAY = datetime(2026, 7, 1, tzinfo=JAKARTA)


def at(text: str, day: int = 0) -> datetime:
    """Give a moment, Wednesday being day 0."""
    hour, minute = text.split(":")
    return WEDNESDAY + timedelta(days=day, hours=int(hour), minutes=int(minute))


def hours(
    opening: tuple[str, ...] = (), maintenance: tuple[str, ...] = (), now: datetime = WEDNESDAY
) -> Hours:
    """Make the hours of a source whose clock stands."""
    return Hours("dukcapil", opening, maintenance, now.timestamp)


CASES = [
    (("Mon-Fri 07:00-20:00",), (), at("07:00"), True),
    (("Mon-Fri 07:00-20:00",), (), at("06:59"), False),
    (("Mon-Fri 07:00-20:00",), (), at("20:00"), False),
    (("Mon-Fri 07:00-20:00",), (), at("12:00", 3), False),  # Saturday
    (("Mon-Fri 07:00-20:00", "Sat 08:00-12:00"), (), at("11:00", 3), True),
    (("Fri-Mon 07:00-20:00",), (), at("12:00", 4), True),  # over the end of the week
    (("Fri-Mon 07:00-20:00",), (), at("12:00"), False),
    (("Wed 22:00-03:00",), (), at("02:59", 1), True),  # past midnight
    (("Wed 22:00-03:00",), (), at("02:59"), False),
    (("06:00-00:00",), (), at("23:59"), True),
    ((), ("02:00-04:00",), at("03:00"), False),
    ((), ("02:00-04:00",), at("04:00"), True),
    (("00:00-12:00",), ("02:00-04:00",), at("03:00"), False),
    ((), (), at("03:00"), True),
]


@pytest.mark.parametrize(("opening", "maintenance", "moment", "is_open"), CASES)
def test_a_moment_is_open_or_not(
    opening: tuple[str, ...], maintenance: tuple[str, ...], moment: datetime, is_open: bool
) -> None:
    """Maintenance outweighs opening hours; without any the source is always open."""
    assert hours(opening, maintenance).is_open(moment) is is_open


NEXT = [
    (("Mon-Fri 07:00-20:00",), (), at("20:30"), at("07:00", 1)),
    (("Mon-Fri 07:00-20:00",), (), at("20:30", 2), at("07:00", 5)),  # Friday to Monday
    ((), ("02:00-04:00",), at("02:30"), at("04:00")),
    (("03:00-12:00",), ("02:00-04:00",), at("02:30"), at("04:00")),
    (("02:00-03:00",), ("01:00-04:00",), at("02:30"), None),  # never
]


@pytest.mark.parametrize(("opening", "maintenance", "moment", "opens"), NEXT)
def test_it_is_told_when_the_source_opens(
    opening: tuple[str, ...], maintenance: tuple[str, ...], moment: datetime, opens: datetime | None
) -> None:
    """So that a client knows when to come again."""
    assert hours(opening, maintenance).opens_after(moment) == opens


@given(
    st.sampled_from([case[:2] for case in CASES]),
    st.integers(0, 7 * 24 * 60),
)
def test_it_is_open_when_it_is_said_to_open(
    windows: tuple[tuple[str, ...], tuple[str, ...]], minutes: int
) -> None:
    """And closed at every minute before."""
    made, moment = hours(*windows), WEDNESDAY + timedelta(minutes=minutes)
    opens = made.opens_after(moment)
    if made.is_open(moment) or opens is None:
        return
    assert made.is_open(opens)
    steps = range(1, int((opens - moment) / timedelta(minutes=1)))
    assert not any(made.is_open(moment + timedelta(minutes=step)) for step in steps)


def test_a_closed_source_is_not_asked() -> None:
    """It says until when, and that nothing was sent."""
    closed = hours(("Mon-Fri 07:00-20:00",), now=at("06:00"))
    with pytest.raises(
        CallRefused, match=r"outside its hours until 2026-07-01T07:00\+07:00"
    ) as told:
        closed.require_open()
    assert told.value.retry_after == 3600
    hours(("Mon-Fri 07:00-20:00",), now=at("08:00")).require_open()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("7-20", "is no window such as"),
        ("Mon-Fri", "is no window such as"),
        ("Sen 07:00-20:00", '"Sen" is no day'),
        ("07:00-25:00", '"25:00" is no time of day'),
        ("07:00-07:00", "begins when it ends"),
    ],
)
def test_a_wrong_window_is_told(text: str, message: str) -> None:
    """With what is expected."""
    with pytest.raises(ValueError, match=message):
        parse_window(text)
