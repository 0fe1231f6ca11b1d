"""Which world: its parameters, and where it lies.

In: a seed, a number of residents, an area, a day. Out: the folder's name, which also carries a hash
of the sources that make worlds: a start finds what an earlier one made, and never an outdated one.
"""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from demo.clock import TODAY

__all__ = ["DEFAULT_RESIDENTS", "WorldBuildError", "WorldSpec", "require_world", "world_folder"]

DEFAULT_RESIDENTS = 20_000
_CITY_FROM = 200_000
_LAST_BOOK = 2026
_DEMO = Path(__file__).parent.parent


class WorldBuildError(Exception):
    """The process that makes worlds failed; its error output says why."""


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """The parameters that decide every byte of a world."""

    residents: int = DEFAULT_RESIDENTS
    seed: int = 1
    today: date = TODAY
    area: str = ""  # "31.71.02"; empty: Sawah Besar, or Jakarta Pusat for a large population

    def __post_init__(self) -> None:
        if self.residents < 50:
            raise ValueError(f'"residents" is {self.residents}; a world needs at least 50')
        if self.today.year != _LAST_BOOK:
            raise ValueError(f'"today" is {self.today}; the books end in {_LAST_BOOK}')

    @property
    def prefix(self) -> str:
        """The code of the area that is populated."""
        return self.area or ("31.71" if self.residents >= _CITY_FROM else "31.71.02")


def world_folder(store: Path, spec: WorldSpec) -> Path:
    """Tell where a world lies under the store folder."""
    key = f"{spec.prefix}-{spec.residents}-{spec.seed}-{spec.today:%Y%m%d}"
    return store / f"world-{key}-{_source_hash()}"


def require_world(store: Path, spec: WorldSpec) -> Path:
    """Return the folder of a world; when it does not exist, a process of its own makes it.

    The servers thereby never import what makes worlds, and start within a second.
    """
    folder = world_folder(store, spec).absolute()
    if folder.is_dir():
        return folder
    command = [sys.executable, "-m", "demo", "world", f"--store={store.absolute()}"]
    command += [f"--residents={spec.residents}", f"--seed={spec.seed}", f"--area={spec.area}"]
    command += [f"--today={spec.today.isoformat()}"]
    done = subprocess.run(command, cwd=_DEMO.parent, stdout=subprocess.DEVNULL, check=False)
    if done.returncode or not folder.is_dir():
        raise WorldBuildError(f'no world could be made under "{store}"')
    return folder


def _source_hash() -> str:
    digest = sha256()
    for name in (
        "people",
        "registers",
        "dukcapil",
        "dpmptsp",
        "oss",
        "pbb",
        "carik",
        "siak",
        "data",
    ):
        for path in sorted((_DEMO / name).iterdir()):
            if path.suffix in {".py", ".sql", ".csv"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
