"""The adapter under check: opened anew for every check, with hooks on its wire.

In: an adapter, its recording, perhaps the settings of a live source, and the subgraphs beside it.
Out: ``Opened``, which asks the samples. Every opening gets its own copy of the recorded files and
its own replay, so that what one check breaks no other sees.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import structs

from adapters.check.recording import RECORDING_FILES, Recording, Sample
from adapters.check.replay import Fault, Replay, serve_replay
from adapters.check.selecting import select
from adapters.check.wire import CALLER, CheckOpening, Wire
from adapters.contract import CallContext, Representation, SubgraphRequest, SubgraphResponse
from adapters.kit.adapter import Adapter
from adapters.kit.runtime import LocalExecutor
from adapters.kit.shapes import Shapes, read_shapes
from schema.selection import SelectionSet
from schema.subgraph.model import SubgraphSource

__all__ = ["Opened", "Subject"]


@dataclass(slots=True)
class Opened:
    """The adapter, open."""

    executor: LocalExecutor
    wire: Wire
    shapes: Shapes
    replay: Replay | None  # None: no HTTP source was recorded, or a live one is asked
    folder: Path  # the copy of the recorded files
    roles: tuple[str, ...] = ()  # of whoever asks
    _selections: dict[str, SelectionSet] = field(default_factory=dict)
    """By sample: a plan, too, asks one and the same selection again and again."""

    async def ask(
        self,
        sample: Sample,
        representations: Sequence[Representation] | None = None,
        call: CallContext | None = None,
        **variables: Any,
    ) -> SubgraphResponse:
        """Ask a sample, perhaps for other keys than its own."""
        return await self.executor.execute(self.request(sample, representations, call, **variables))

    def request(
        self,
        sample: Sample,
        representations: Sequence[Representation] | None = None,
        call: CallContext | None = None,
        **variables: Any,
    ) -> SubgraphRequest:
        """Build the fetch that asks a sample."""
        keys = sample.representations if representations is None else representations
        return SubgraphRequest(
            self.executor.definition.name,
            b"",
            self.selection(sample),
            structs.replace(call or CallContext(caller=CALLER), roles=self.roles),
            {**sample.variables, **variables},
            representations=keys,
        )

    def selection(self, sample: Sample) -> SelectionSet:
        """Give what a sample selects."""
        known = self._selections.get(sample.title)
        if known is None:
            root = self.shapes.query if sample.representations is None else "_Entity"
            known = self._selections[sample.title] = select(sample.ask, root, self.shapes)
        return known

    async def ask_together(self, *samples: Sample) -> list[SubgraphResponse]:
        """Ask several samples at the same time."""
        return await asyncio.gather(*(self.ask(sample) for sample in samples))

    @property
    def sources(self) -> int:
        """How many guarded sources the adapter has opened."""
        return len(self.wire.guards)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files and databases of the recorded source, which a check may break.

        Not what SQLite keeps beside an open database: it is mapped into memory, and cutting it
        short kills the process that has it open.
        """
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        beside = ("-wal", "-shm", "-journal")
        return tuple(
            path
            for path in found
            if path.name not in RECORDING_FILES and not path.name.endswith(beside)
        )

    async def ask_only(self, sample: Sample, selection: SelectionSet) -> SubgraphResponse:
        """Ask another selection of the sample's keys."""
        return await self.executor.execute(
            structs.replace(self.request(sample), selection=selection)
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """What the checks are tried on."""

    adapter: Adapter[Any]
    recording: Recording
    live: Mapping[str, Any] | None = None  # settings of a live source; None: the recorded one
    base: Path = field(default_factory=Path)  # where relative paths of live settings begin
    neighbours: tuple[SubgraphSource, ...] = ()  # the subgraphs that it must compose with
    unrecorded: list[str] = field(default_factory=list)  # questions that the replay cannot answer

    @property
    def entity_samples(self) -> tuple[Sample, ...]:
        """The samples that ask for entities by key."""
        return tuple(s for s in self.recording.samples if s.representations is not None)

    @asynccontextmanager
    async def open(
        self, wire: Wire | None = None, *, fault: Fault | None = None
    ) -> AsyncIterator[Opened]:
        """Open the adapter; its sources are closed at the end."""
        wire = wire or Wire()
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="simpul-check-")))
            replay = await self._serve(folder, fault, stack)
            opening = CheckOpening(self.adapter.name, self._base(folder), wire=wire)
            executor = await self.adapter.open(self._settings(folder), opening)
            stack.push_async_callback(executor.aclose)
            shapes, roles = _shapes_of(self.adapter.sdl), self.recording.roles
            yield Opened(executor, wire, shapes, replay, folder / "recorded", roles)

    async def _serve(
        self, folder: Path, fault: Fault | None, stack: AsyncExitStack
    ) -> Replay | None:
        if self.live is not None:
            return None
        shutil.copytree(self.recording.folder, folder / "recorded")
        for script in (folder / "recorded").rglob("*.sql"):
            _build_database(script)
        if not self.recording.exchanges:
            return None
        replay = Replay(self.recording.exchanges, fault, missing=self.unrecorded)
        return await stack.enter_async_context(serve_replay(replay, folder / "replay.sock"))

    def _base(self, folder: Path) -> Path:
        return folder / "recorded" if self.live is None else self.base

    def _settings(self, folder: Path) -> Mapping[str, Any]:
        if self.live is not None:
            return self.live
        places = {
            "${RECORDED}": str(folder / "recorded"),
            "${REPLAY}": f"unix:{folder / 'replay.sock'}:",
        }
        filled: Mapping[str, Any] = _fill(self.recording.settings, places)
        return filled


_shapes_of = cache(read_shapes)  # an adapter is opened a hundred times


def _build_database(script: Path) -> None:
    """Put a SQLite database in the place of the script that makes it."""
    with closing(sqlite3.connect(script.with_suffix(".sqlite"))) as database:
        database.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")
        database.executescript(script.read_text("utf-8"))
    script.unlink()


def _fill(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _fill(item, places) for name, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, places) for item in value]
    if isinstance(value, str):
        for mark, text in places.items():
            value = value.replace(mark, text)
    return value
