"""Invented names can be searched for: they are no area, code or word."""

from pathlib import Path
from random import Random

from demo.people.names import build_name, build_word, misspell, reorder, with_title
from demo.tables import load_areas

ROOT = Path(__file__).parents[3]


def test_words_are_no_part_of_an_area_name() -> None:
    """No invented word occurs in any of the 318 areas."""
    areas = " ".join(area.nama for area in load_areas().values()).upper()
    rng = Random(5)
    assert not [word for word in (build_word(rng) for _ in range(3_000)) if word.upper() in areas]


def test_names_do_not_occur_in_the_sources() -> None:
    """No full name of a population occurs in the repository's Python files."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "demo").rglob("*.py"))
    rng = Random(6)
    names = [build_name(rng).upper() for _ in range(500)]
    assert not [name for name in names if name in text.upper()]


def test_names_have_at_least_two_words() -> None:
    """A full name is two or three words, in latin1."""
    rng = Random(7)
    for _ in range(500):
        name = build_name(rng)
        assert len(name.split(" ")) in (2, 3)
        assert name.upper().encode("latin1")


def test_misspelling_changes_a_name_and_keeps_its_words() -> None:
    """A misspelt name differs from the right one but has as many words."""
    rng = Random(8)
    for _ in range(300):
        name = build_name(rng).upper()
        wrong = misspell(rng, name)
        assert wrong != name
        assert wrong == wrong.upper()
        assert len(wrong.split(" ")) == len(name.split(" "))


def test_order_and_titles_keep_the_words() -> None:
    """Reordering and titles lose no word of the name."""
    assert reorder("ZHALQU VRENX") == "VRENX ZHALQU"
    assert "ZHALQU VRENX" in with_title(Random(1), "ZHALQU VRENX")
