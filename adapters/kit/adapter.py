"""``Adapter``: a definition with its settings and sources; what an entry point names.

In: a definition, the model of its settings, and a function that opens its sources. Out:
``open(settings, opening) -> LocalExecutor``. All errors of the settings are told at once, without
the values given, which may be secrets.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from adapters.contract import GraphClient, Purpose, PushReceiver
from adapters.errors import SourceCode
from adapters.http_client import HttpClient
from adapters.kit.definition import AdapterDefinition
from adapters.kit.runtime import LocalExecutor
from adapters.kit.scalar_rules import WIB
from adapters.resilience.guard import SourceGuard
from adapters.resilience.hours import parse_window
from adapters.resilience.places import Places
from adapters.resilience.settings import GuardSettings
from cache.hash_chain import Verdict
from cache.ledger import Ledger, MemoryLedger

__all__ = ["Adapter", "AdapterSettings", "AdapterSettingsError", "GuardOptions", "Opening"]

S = TypeVar("S", bound="AdapterSettings")


class AdapterSettings(BaseModel):
    """The base of an adapter's settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class GuardOptions(BaseModel):
    """How a source is guarded; named as ``adapters.resilience.settings.GuardSettings`` names it.

    Only what the configuration gives is passed on, so that the guard's own defaults hold.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    timeout_seconds: float | None = Field(None, gt=0)
    parallel: int | None = Field(None, gt=0)
    queue: int | None = Field(None, ge=0)
    priority_by_purpose: dict[Purpose, Literal["COUNTER", "CITIZEN", "REPORT"]] | None = None
    retries: int | None = Field(None, ge=0)
    retry_base_seconds: float | None = Field(None, ge=0)
    retry_cap_seconds: float | None = Field(None, ge=0)
    retry_budget: float | None = Field(None, ge=0)
    retry_reserve: float | None = Field(None, ge=0)
    breaker_requests: int | None = Field(None, gt=0)
    breaker_failures: float | None = Field(None, gt=0, le=1)
    breaker_window_seconds: float | None = Field(None, gt=0)
    breaker_buckets: int | None = Field(None, gt=0)
    breaker_open_seconds: float | None = Field(None, gt=0)
    breaker_probes: int | None = Field(None, gt=0)
    breaker_successes: int | None = Field(None, gt=0)
    failure_codes: tuple[SourceCode, ...] | None = None
    quota_per_day: int | None = Field(None, ge=0)
    quota_reserve: int | None = Field(None, ge=0)
    quota_by_purpose: dict[Purpose, Annotated[int, Field(ge=0)]] | None = None
    quota_key: str | None = Field(None, min_length=1)
    opening_hours: tuple[str, ...] | None = None
    maintenance: tuple[str, ...] | None = None

    @field_validator("opening_hours", "maintenance")
    @classmethod
    def _windows(cls, windows: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for window in windows or ():
            parse_window(window)
        return windows

    def given(self, **defaults: Any) -> dict[str, Any]:
        """The options given, over an agency's own defaults."""
        return {**defaults, **self.model_dump(exclude_none=True)}


class AdapterSettingsError(Exception):
    """An adapter's settings are wrong; ``findings`` holds (place, what is wrong), all of them."""

    def __init__(
        self, adapter: str, findings: tuple[tuple[tuple[str | int, ...], str], ...]
    ) -> None:
        self.adapter = adapter
        self.findings = findings
        lines = [f'- "{".".join(str(p) for p in place)}": {what}' for place, what in findings]
        super().__init__("\n".join([f'The settings of adapter "{adapter}" are wrong:', *lines]))


def _now() -> datetime:
    return datetime.now(WIB)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the gateway lends to an adapter when it opens."""

    name: str  # the subgraph's name
    base: Path = field(default_factory=Path)  # where relative paths of the settings begin
    ledger: Ledger = field(default_factory=MemoryLedger)  # by default forgotten with the process
    places: Places | None = None  # None: no other process asks the same sources
    clock: Callable[[], datetime] = _now
    client: HttpClient | None = None  # None: the adapter makes one of its own
    graph: GraphClient | None = None  # None: the adapter is served alone, without the graph
    observed: dict[str, Callable[[], Mapping[str, Any]]] = field(default_factory=dict)
    """How each source fares, by name; filled by what the adapter opens."""
    state: Path = field(default_factory=lambda: Path("var"))  # what must outlive the process
    inboxes: dict[str, PushReceiver] = field(default_factory=dict)
    """What takes pushes, by the subgraph's name; filled by what the adapter opens."""

    def new_guard(self, name: str, options: GuardOptions, **defaults: Any) -> SourceGuard:
        """Make a source's guard, whose state the gateway can then show."""
        settings = self.guard_settings(options, **defaults)
        guard = SourceGuard(
            name,
            settings,
            ledger=self.ledger,
            places=self.places,
            wall=lambda: self.clock().timestamp(),
        )
        self.observed[name] = guard.status
        return guard

    def guard_settings(self, options: GuardOptions, **defaults: Any) -> GuardSettings:
        """Give how a source is guarded; raises ``AdapterSettingsError``."""
        try:
            return GuardSettings(**options.given(**defaults))
        except ValueError as error:
            raise AdapterSettingsError(self.name, ((("guard",), str(error)),)) from None


@dataclass(frozen=True, slots=True)
class Adapter(Generic[S]):
    """One agency's adapter, ready to be opened."""

    definition: AdapterDefinition
    settings: type[S]
    open_sources: Callable[[S, Opening], Awaitable[Any]]  # what it gives becomes context.sources
    defaults: Mapping[str, Any] = field(default_factory=dict)  # where the configuration is silent
    documents: Path | None = None  # a folder of what it asks of the graph, ``NAME.graphql``

    def check_settings(self, settings: Mapping[str, Any]) -> S:
        """Read ``settings``; raises ``AdapterSettingsError`` with all findings."""
        try:
            return self.settings.model_validate({**self.defaults, **settings})
        except ValidationError as error:
            findings = tuple((e["loc"], e["msg"]) for e in error.errors(include_input=False))
            raise AdapterSettingsError(self.name, findings) from None

    verify: Callable[[Any], Awaitable[Verdict]] | None = None
    """Verifies the chain of evidence that it keeps in its own store; None: it keeps none."""

    @property
    def name(self) -> str:
        """The adapter's name."""
        return self.definition.name

    @property
    def sdl(self) -> str:
        """The subgraph's SDL."""
        return self.definition.sdl

    def read_documents(self) -> dict[str, str]:
        """Give the text of each document that it asks of the graph, by name."""
        if self.documents is None:
            return {}
        files = sorted(self.documents.glob("*.graphql"))
        return {file.stem: file.read_text(encoding="utf-8") for file in files}

    async def open(
        self, settings: Mapping[str, Any] | None = None, opening: Opening | None = None
    ) -> LocalExecutor:
        """Open the sources; the executor's ``aclose`` closes them."""
        checked = self.check_settings(settings or {})
        sources = await self.open_sources(checked, opening or Opening(self.name))
        return LocalExecutor(self.definition, sources, getattr(sources, "aclose", None))
