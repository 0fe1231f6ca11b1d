"""Where people live: invented streets in the real kelurahan, and three crowded addresses.

In: the kelurahan of the world, a random source. Out: addresses. The first households of a world
fill three addresses with 13 to 15 family cards each.
"""

from random import Random

from demo.people.model import Address
from demo.people.names import build_word
from demo.tables import Area, load_areas

__all__ = ["CROWDED", "Places"]

CROWDED = (13, 14, 15)
"""Family cards at the three crowded addresses."""

_STREETS = 30
_NUMERALS = ("", " I", " II", " III", " IV", " V")


class Places:
    """Hands out addresses."""

    def __init__(self, rng: Random, kelurahan: list[Area]) -> None:
        if not kelurahan:
            raise ValueError("there is no kelurahan to live in: see the codes of wilayah_dki.csv")
        self.kelurahan = kelurahan
        self._streets = {
            area.kode: [f"JL. {build_word(rng).upper()}" for _ in range(_STREETS)]
            for area in kelurahan
        }
        self._crowded = [
            address
            for at, count in enumerate(CROWDED)
            for address in [self._address(rng, kelurahan[at % len(kelurahan)])] * count
        ]
        inside = {area.kode for area in kelurahan}
        self._elsewhere = [
            area
            for kode, area in sorted(load_areas().items())
            if area.tingkat == "KELURAHAN" and kode not in inside
        ]

    def settle(self, rng: Random, near: Area | None = None) -> Address:
        """Find a home, seven times in ten in the kelurahan `near`."""
        if self._crowded:
            return self._crowded.pop()
        if near is None or rng.random() < 0.3:
            near = self.kelurahan[int(rng.random() * len(self.kelurahan))]
        return self._address(rng, near)

    def move_within(self, rng: Random, origin: Address) -> Address:
        """Find another home inside the world."""
        others = [area for area in self.kelurahan if area is not origin.area] or self.kelurahan
        return self._address(rng, others[int(rng.random() * len(others))])

    def move_away(self, rng: Random) -> Address:
        """Find a home outside the world."""
        area = self._elsewhere[int(rng.random() * len(self._elsewhere))]
        street = f"JL. {build_word(rng).upper()}"
        return Address(area, f"{street} NO. {1 + int(rng.random() * 90)}", 1, 2)

    def _address(self, rng: Random, area: Area) -> Address:
        streets = self._streets[area.kode]
        street = streets[int(rng.random() * _STREETS)] + _NUMERALS[int(rng.random() * 6)]
        number = 1 + int(rng.random() * 180)
        rt, rw = 1 + int(rng.random() * 12), 1 + int(rng.random() * 9)
        return Address(area, f"{street} NO. {number}", rt, rw)
