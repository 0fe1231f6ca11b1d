"""Invented names: unlike any area, code or word, so that logs can be searched for them.

In: a seeded random source. Out: words, full names and street names built from syllables that no
language of this project has. Some carry an apostrophe or a latin1 letter, as real registers do.
"""

from random import Random

__all__ = ["TITLES", "WORD", "build_name", "build_word", "misspell", "reorder", "with_title"]

_ONSETS = (
    *("Vr", "Zh", "Kh", "Qw", "Xy", "Thr", "Dz", "Bj", "Gv", "Hz"),
    *("Mv", "Nj", "Pf", "Rz", "Sv", "Tz", "Wr", "Zv", "Kv", "Lh"),
)
_VOWELS = ("a", "e", "i", "o", "u")
_MIDDLES = ("rq", "lz", "mv", "nx", "qh", "vz", "dj", "kz", "tv", "bz", "zr", "hv")
_CODAS = ("n", "x", "rd", "z", "q", "lv", "m", "th", "kh", "sz")

TITLES = (("H. ", ""), ("Hj. ", ""), ("Drs. ", ""), ("", ", S.H."), ("", ", S.E."), ("Ir. ", ""))
"""Titles as clerks write them: before the name, after it."""

WORD = "".join(f"(?:{'|'.join(x)})" for x in (_ONSETS, _VOWELS, _MIDDLES, _VOWELS, _CODAS))
"""A regular expression for `build_word`'s words, as far as nobody misspelled or accented them."""

_ACCENTS = {"e": "é", "o": "ö", "u": "ü", "a": "à", "i": "ï"}
_SOUNDS = (("zh", "z"), ("kh", "k"), ("v", "f"), ("q", "k"), ("dj", "j"), ("x", "ks"), ("z", "s"))


def build_word(rng: Random) -> str:
    """Build one invented word of two closed syllables, such as "Zhalzuq"."""
    draw = rng.random
    return (
        _ONSETS[int(draw() * 20)]
        + _VOWELS[int(draw() * 5)]
        + _MIDDLES[int(draw() * 12)]
        + _VOWELS[int(draw() * 5)]
        + _CODAS[int(draw() * 10)]
    )


def build_name(rng: Random, family: str = "") -> str:
    """Build a full name of two or three words; `family` is the last word when it is given."""
    words = [build_word(rng), family or build_word(rng)]
    if rng.random() < 0.25:
        words.insert(1, build_word(rng))
    chance = rng.random()
    if chance < 0.03:
        words[0] = _accent(words[0])
    elif chance < 0.05:
        words[0] = words[0][:2] + "'" + words[0][2:]
    return " ".join(words)


def with_title(rng: Random, name: str) -> str:
    """Write a title before or after the name."""
    before, after = TITLES[int(rng.random() * len(TITLES))]
    return f"{before}{name}{after}"


def misspell(rng: Random, name: str) -> str:
    """Write the name as it sounds, or with one letter dropped or doubled."""
    lower = name.lower()
    sounds = [pair for pair in _SOUNDS if pair[0] in lower]
    if sounds and rng.random() < 0.6:
        old, new = sounds[int(rng.random() * len(sounds))]
        at = lower.index(old)
        written = new.upper() if name.isupper() else new
        return name[:at] + written + name[at + len(old) :]
    at = 1 + int(rng.random() * (len(name) - 2))
    while name[at] == " ":
        at -= 1
    return name[:at] + (name[at] if rng.random() < 0.5 else "") * 2 + name[at + 1 :]


def reorder(name: str) -> str:
    """Write the last word first."""
    first, *rest = name.split(" ")
    return " ".join([*rest, first])


def _accent(word: str) -> str:
    for at, letter in enumerate(word):
        if letter in _ACCENTS:
            return word[:at] + _ACCENTS[letter] + word[at + 1 :]
    return word
