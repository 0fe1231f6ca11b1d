"""The collector rests while a schema is built, and works again afterwards."""

from __future__ import annotations

import gc

import pytest

from gateway.collector import paused_collector


def test_paused_inside_and_on_again_outside() -> None:
    """Blocks nest: the outermost one turns the collector on again."""
    with paused_collector():
        with paused_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_on_again_after_an_error() -> None:
    """A schema that cannot be built leaves the collector as it was."""
    with pytest.raises(KeyError), paused_collector():
        raise KeyError
    assert gc.isenabled()


def test_what_was_off_stays_off() -> None:
    """Who runs without a collector is not given one."""
    gc.disable()
    try:
        with paused_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
