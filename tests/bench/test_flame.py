"""A flame graph shows the stacks that were sampled, by their shares."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import pytest

from bench.flame import draw_flame, read_folded
from bench.sampler import fold

SEEN = Counter({"a.main;gateway.plan.<lambda>": 60, "a.main;b.rest": 39, "a.main;c.tiny": 0})


def test_stacks_are_read_as_they_were_folded() -> None:
    """Folding and reading are each other's reverse."""
    assert [(";".join(stack), count) for stack, count in read_folded(fold(SEEN))] == sorted(
        SEEN.items()
    )


def test_frames_are_as_wide_as_their_share() -> None:
    """Each frame that can be seen is a box; its title tells its share."""
    svg = draw_flame(fold(SEEN), "heavy & light")
    titles = [
        each.text for each in ElementTree.fromstring(svg).iter() if each.tag.endswith("title")
    ]
    assert titles == ["all 100.0%", "a.main 100.0%", "b.rest 39.4%", "gateway.plan.<lambda> 60.6%"]
    assert svg == draw_flame(fold(SEEN), "heavy & light")


def test_no_samples_are_no_picture() -> None:
    """A profile that took no sample is told, not drawn."""
    with pytest.raises(ValueError, match="no samples"):
        draw_flame("", "nothing")
