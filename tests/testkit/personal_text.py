"""Finds a synthetic person in a text: by the form of the numbers and words that only they have.

In: any text. Out: what kinds of personal value it holds, never the values. Identity numbers of the
demonstration and of the tests begin with the area 31.71, or are a NIK by form with the serials that
nobody bears; names and streets are built from syllables that no code, log line or language of this
project has (demo/people/names.py). So no list of people is needed, and those of every world are
found.
"""

from __future__ import annotations

import re

from demo.people.names import WORD

__all__ = ["PersonalText"]

_DIGITS = re.compile(r"\d(?:[ .-]?\d){15,}")
_DECIMAL = re.compile(r"(?<![\d.])\d{1,6}\.\d{11,}(?![\d.])")
"""A float in full: identity numbers are not written so, and its digits may be any."""
_IDENTIFIER = re.compile(r"(?<![0-9A-Za-z])(?=\d*[a-f])[0-9a-f]{32}(?![0-9A-Za-z])")
"""A random identifier of 128 bits, such as an operation's: its digits may be any, too."""

_DAY = r"(?:0[1-9]|[1256]\d|3[01]|4[1-9]|7[01])(?:0[1-9]|1[0-2])\d\d"  # women: forty days on
_NUMBER = re.compile(rf"(?=3171\d{{12}}|[1-9]\d{{5}}{_DAY}9\d{{3}})")  # also inside a longer run
_WORDS = re.compile(r"[A-Za-z]{6,9}")
_INVENTED = re.compile(WORD, re.IGNORECASE)


class PersonalText:
    """A search that remembers which words are nobody's: logs repeat themselves."""

    def __init__(self) -> None:
        self._harmless: set[str] = set()

    def kinds_in(self, text: str) -> set[str]:
        """Name the kinds of personal value that ``text`` holds."""
        kinds = set()
        told = _IDENTIFIER.sub("", _DECIMAL.sub("", text))
        runs = (re.sub(r"\D", "", run) for run in _DIGITS.findall(told))
        if any(_NUMBER.search(run) for run in runs):
            kinds.add("a NIK or KK number")
        for word in {*_WORDS.findall(text)} - self._harmless:
            if _is_written(word) and _INVENTED.fullmatch(word):
                kinds.add("a name")
            else:
                self._harmless.add(word)
        return kinds


def _is_written(word: str) -> bool:
    """Tell whether the word is in a case that people write; random text seldom is."""
    return word.islower() or word.isupper() or word.istitle()
