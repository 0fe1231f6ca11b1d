"""How clerks write: the dirt of register rows.

In: a true value, a random source. Out: what the clerk wrote, and the name of the fault if any.
Name variants 8 % (title 3, spelling 4, order 1), wrong birth dates 1 % (half of them day and month
swapped), RT/RW missing 2 % and malformed 5 %.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.people.names import misspell, reorder, with_title
from demo.people.rates import RATES, Rate

__all__ = ["Scribbler", "Written"]


@dataclass(slots=True)
class Written:
    """The identifying values of a row as the clerk wrote them."""

    name: str
    born: date
    rt: str
    rw: str
    faults: str  # comma-separated names of `RATES`, empty for a clean row


class Scribbler:
    """Writes rows; keeps one meter per kind of fault."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._rates = {name: Rate(RATES[name]) for name in _KINDS}

    def write(self, name: str, born: date, rt: int, rw: int) -> Written:
        """Write one row; a row has at most one fault of the name."""
        rng = self._rng
        swappable = born.day <= 12 and born.day != born.month
        hits = {
            kind: rate.hit(rng, eligible=swappable or kind != "birth_swapped")
            for kind, rate in self._rates.items()
        }
        written = Written(name, born, f"{rt:03d}", f"{rw:03d}", "")
        if hits["title"]:
            written.name = with_title(rng, name)
        elif hits["spelling"]:
            written.name = misspell(rng, name)
        elif hits["order"]:
            written.name = reorder(name)
        if hits["birth_swapped"]:
            written.born = date(born.year, born.day, born.month)
        elif hits["birth_wrong"]:
            written.born = born + timedelta(days=int(rng.random() * 300) - 320)
        if hits["rt_rw_missing"]:
            written.rt = written.rw = ""
        elif hits["rt_rw_malformed"]:
            written.rt, written.rw = self._malformed(rt, rw)
        written.faults = ",".join(kind for kind, hit in hits.items() if hit)
        return written

    def _malformed(self, rt: int, rw: int) -> tuple[str, str]:
        forms = (
            (f"{rt:03d}/{rw:03d}", ""),
            (str(rt), str(rw)),
            (f"RT {rt}", f"RW {rw}"),
            (f"{rt}/{rw}", "-"),
            (f" {rt:02d} ", f"{rw:02d}"),
        )
        return forms[int(self._rng.random() * len(forms))]


_KINDS = (
    *("title", "spelling", "order"),
    *("birth_swapped", "birth_wrong"),
    *("rt_rw_missing", "rt_rw_malformed"),
)
