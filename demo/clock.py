"""The demo's clock: the one moment at which every synthetic record is looked at.

Time is a parameter everywhere; this is its default.
"""

from datetime import date, datetime, timedelta, timezone

__all__ = ["NOW", "TODAY", "WIB"]

WIB = timezone(timedelta(hours=7))
"""Jakarta's time zone, as a fixed offset: Indonesia has no summer time."""

NOW = datetime(2026, 7, 1, 9, 0, 0, tzinfo=WIB)
"""The moment at which the demo stands."""

TODAY: date = NOW.date()
"""The day at which the demo stands."""
