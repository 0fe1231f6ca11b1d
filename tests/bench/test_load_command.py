"""The arguments of ``make load``: what is meant, and what a mistake is told."""

from __future__ import annotations

import pytest

from bench.load_command import read_arguments


def test_an_outage_is_measured_unless_a_season_is_asked_for() -> None:
    """The defaults are those that the page of the figures names."""
    told = read_arguments([])
    assert (told.season, told.seconds, told.rate) == (False, 60.0, 200.0)
    told = read_arguments(["--season", "--seconds", "5", "--seed", "7"])
    assert (told.season, told.seconds, told.rate, told.seed) == (True, 5.0, 200.0, 7)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--seconds", "0"], "--seconds"),
        (["--seconds", "inf"], "--seconds"),
        (["--rate", "many"], "--rate"),
        (["--seed", "3"], "add --season"),
        (["--sesaon"], "unrecognized arguments"),
        (["60"], "unrecognized arguments"),
    ],
    ids=["none", "endless", "word", "seed", "mistyped", "bare"],
)
def test_a_mistake_is_told(
    given: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with status 2, and names the argument."""
    with pytest.raises(SystemExit) as ended:
        read_arguments(given)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
