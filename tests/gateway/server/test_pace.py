"""Whether a client takes its answers fast enough."""

import pytest

from gateway.server.pace import Pace
from gateway.server.settings import EdgeSettings

SETTINGS = EdgeSettings(write_bytes=1_000, write_seconds=10.0)


@pytest.mark.parametrize(
    ("unsent_at", "too_slow_at"),
    [
        ({0: 5_000, 5: 5_000, 10: 5_000, 11: 5_000}, 11),  # takes nothing
        ({0: 5_000, 5: 4_500, 11: 4_001}, 11),  # takes too little
        ({0: 5_000, 9: 4_000, 18: 3_000, 27: 2_000, 36: 1_000, 45: 0}, None),  # keeps the pace
        ({0: 10, 10: 10, 11: 0, 30: 0, 31: 10, 41: 10}, None),  # takes all that there is
        ({0: 10, 10: 10, 11: 10}, 11),  # a little, and does not take it
    ],
)
def test_pace(unsent_at, too_slow_at):
    """The client must take enough, or everything, within each stretch of time."""
    pace = Pace(SETTINGS)
    pace.written = 5_000
    slow = [now for now, unsent in unsent_at.items() if pace.is_too_slow(now, unsent)]
    assert slow == ([] if too_slow_at is None else [too_slow_at])
