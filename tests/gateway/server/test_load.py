"""The gauge of requests in flight."""

from gateway.server.load import Load


def test_shedding_ends_a_while_after_the_last_refusal():
    """Readiness does not flicker: it stays off for the time set."""
    now = [100.0]
    load = Load(1, shedding_seconds=5.0, clock=lambda: now[0])
    assert not load.is_shedding
    load.note_refusal()
    now[0] = 104.9
    assert load.is_shedding
    now[0] = 105.0
    assert not load.is_shedding
