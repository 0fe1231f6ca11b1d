"""Every setting with its default; docs/configuration.md lists them, and a test compares.

In: a plain mapping from ``load``. Out: frozen pydantic models. Unknown keys are refused.
A usual ``supergraph.yaml`` (``federation_version``, ``subgraphs`` with ``routing_url`` and
``schema``) is a valid configuration as it stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from adapters.contract import Purpose

__all__ = [
    "AuditSettings",
    "CallerSettings",
    "Config",
    "ConsoleSettings",
    "DedupeSettings",
    "ErrorSettings",
    "GrantSettings",
    "HeaderSettings",
    "LimitSettings",
    "SchemaSettings",
    "SubgraphSettings",
    "SupergraphSettings",
    "TlsSettings",
]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SupergraphSettings(_Settings):
    """Where a composed supergraph comes from."""

    file: Path = Field(description="Supergraph SDL, as any Federation 2 composer writes it.")


class SchemaSettings(_Settings):
    """Where a subgraph's SDL comes from; one of the two."""

    file: Path | None = Field(None, description="SDL file of the subgraph.")
    subgraph_url: str | None = Field(
        None, description="A running subgraph, asked for its SDL by `_service`."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> SchemaSettings:
        if (self.file is None) == (self.subgraph_url is None):
            raise ValueError('give either "file" or "subgraph_url"')
        return self


class TlsSettings(_Settings):
    """How a remote subgraph is trusted, and who we are to it; all files are PEM."""

    ca: Path | None = Field(
        None, description="Authorities that may sign its certificate; default: the system's."
    )
    certificate: Path | None = Field(
        None, description="Our certificate, where the subgraph asks for one (mTLS)."
    )
    key: Path | None = Field(
        None, description="Its key, without a password; default: in the certificate's file."
    )

    @model_validator(mode="after")
    def _key_with_certificate(self) -> TlsSettings:
        if self.key is not None and self.certificate is None:
            raise ValueError('"key" goes with "certificate"')
        return self


class SubgraphSettings(_Settings):
    """One subgraph: remote (`routing_url`) or a local adapter (`adapter`)."""

    routing_url: str | None = Field(
        None,
        description="Where a remote subgraph answers: `http(s)://HOST[:PORT]/PATH`, or "
        "`unix:/SOCKET:/PATH`.",
    )
    tls: TlsSettings | None = Field(None, description="TLS of a remote subgraph (`https`).")
    schema_: SchemaSettings | None = Field(
        None, alias="schema", description="Where its SDL comes from; an adapter brings its own."
    )
    adapter: str | None = Field(
        None,
        description="Entry-point name of a local adapter, or the YAML file of a declared one.",
    )
    settings: dict[str, Any] = Field(
        default_factory=dict, description="The adapter's own settings; the adapter checks them."
    )
    public_url: str | None = Field(
        None, description="The URL written into the supergraph for a local adapter."
    )

    @model_validator(mode="after")
    def _remote_or_local(self) -> SubgraphSettings:
        if self.adapter is not None and (self.routing_url or self.schema_):
            raise ValueError('"adapter" goes with neither "routing_url" nor "schema"')
        if self.adapter is not None and self.tls is not None:
            raise ValueError('"tls" goes with "routing_url"; an adapter has settings of its own')
        if self.settings and self.adapter is None:
            raise ValueError('"settings" goes with "adapter"')
        return self


class HeaderSettings(_Settings):
    """Which request headers travel on."""

    propagate: tuple[str, ...] = Field(
        (), description="Names of request headers sent on to remote subgraphs."
    )


class LimitSettings(_Settings):
    """What one request, one operation and this process may use."""

    body_bytes: int = Field(1_000_000, gt=0, description="Request body; beyond it 413.")
    tokens: int = Field(15_000, gt=0, description="Tokens of the document.")
    depth: int = Field(30, gt=0, description="Nesting of fields.")
    fields: int = Field(2_048, gt=0, description="Fields after fragments are expanded.")
    directives: int = Field(4, gt=0, description="Directives at one location.")
    fragment_visits: int = Field(1_000, gt=0, description="Fragment spreads after expansion.")
    root_aliases: int = Field(30, gt=0, description="Selections of one root field.")
    variables: int = Field(200, gt=0, description="Variables that an operation declares.")
    list_items: int = Field(1_000, gt=0, description="Items of one list written in a document.")
    operations: int = Field(50, gt=0, description="Operations of one document.")
    fetches: int = Field(50, gt=0, description="Subgraph fetches of one operation.")
    source_calls: int = Field(250, gt=0, description="Calls to sources of one operation.")
    response_bytes: int = Field(30_000_000, gt=0, description="Answer of one upstream.")
    connections_per_host: int = Field(
        100, gt=0, description="Open connections to one host, of all workers together."
    )
    fetch_seconds: float = Field(30.0, gt=0, description="One subgraph request.")
    operation_seconds: float = Field(60.0, gt=0, description="One operation, all in all.")
    plan_seconds: float = Field(2.0, gt=0, description="Planning of one operation.")
    plan_nodes: int = Field(200_000, gt=0, description="Steps of planning one operation.")
    requests_in_flight: int = Field(1_000, gt=0, description="Beyond it 503 OVERLOADED.")
    connections: int = Field(10_000, gt=0, description="Open client connections.")
    head_seconds: float = Field(10.0, gt=0, description="To send a request's head.")
    body_seconds: float = Field(30.0, gt=0, description="To send a request's body.")
    idle_seconds: float = Field(75.0, gt=0, description="An idle kept-alive connection.")
    graceful_seconds: float = Field(20.0, gt=0, description="To finish what is in flight at stop.")
    prepared_operations: int = Field(1_024, gt=0, description="Prepared operations kept.")
    compiled_bytes: int = Field(
        64_000_000, gt=0, description="Memory for the compiled paths of prepared operations."
    )


class CallerSettings(_Settings):
    """Who may ask: one bearer key, or the one caller without a key."""

    agency: str = Field(description="The agency that the caller belongs to.")
    key_sha256: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the bearer key, in hexadecimal.",
    )
    anonymous: bool = Field(False, description="True for the caller of requests without a key.")
    roles: tuple[str, ...] = Field((), description="Roles, for adapters that ask for them.")
    names_person: bool = Field(
        False,
        description="True for an app that people log in to: it says by `Simpul-Person` who asks.",
    )
    purposes: tuple[Purpose, ...] = Field((), description="Purposes the caller may name.")
    default_purpose: Purpose | None = Field(
        None, description="The purpose of requests that name none."
    )
    priority: Literal["COUNTER", "CITIZEN", "REPORT"] = Field(
        "CITIZEN", description="Who goes first where a source is scarce."
    )

    @model_validator(mode="after")
    def _key_or_anonymous(self) -> CallerSettings:
        if self.anonymous == (self.key_sha256 is not None):
            raise ValueError('give either "key_sha256" or "anonymous: true"')
        if self.default_purpose is not None and self.default_purpose not in self.purposes:
            raise ValueError('"default_purpose" must be one of "purposes"')
        return self


class GrantSettings(_Settings):
    """Agency x purpose x (coordinates, types or classes): what may be read. Deny by default."""

    agency: str = Field(description="The agency that is granted.")
    purposes: tuple[Purpose, ...] = Field(description="For these purposes.")
    coordinates: tuple[str, ...] = Field((), description="`Type.field` coordinates.")
    types: tuple[str, ...] = Field((), description="All fields of these types.")
    classes: tuple[Literal["UMUM", "SPESIFIK"], ...] = Field(
        (), description="All fields of these classes."
    )


class DedupeSettings(_Settings):
    """What equal work in flight is done once."""

    requests: bool = Field(
        False, description="Equal queries of the same caller, purpose, case and forwarded headers."
    )
    subgraphs: bool = Field(
        True,
        description="Equal reads of one remote subgraph by the same agency, purpose and grants.",
    )


class ErrorSettings(_Settings):
    """How much of an upstream's error a client sees."""

    upstream: Literal["show", "mask"] = Field(
        "mask", description="`show` passes on the text of an upstream's error."
    )


class AuditSettings(_Settings):
    """The evidence log: one sealed record per operation, in `state_dir`/audit."""

    enabled: bool | None = Field(None, description="Default: on where `grants` are given.")
    key: Path | None = Field(
        None,
        description="Key of the seals and of the hashes that stand for persons; default: "
        "`state_dir`/audit/key, made where there is none.",
    )


class ConsoleSettings(_Settings):
    """The bundled GraphiQL at `/console`."""

    enabled: bool | None = Field(None, description="Default: as `introspection`.")
    examples: Path | None = Field(
        None, description="A folder of `NAME.graphql` and `NAME.variables.json`, shown as tabs."
    )


class Config(_Settings):
    """One gateway. `supergraph` or `subgraphs`; everything else has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    federation_version: str | int | float | None = Field(
        None, description="Accepted for compatibility; subgraphs name their own version."
    )
    supergraph: SupergraphSettings | None = Field(None, description="A composed supergraph.")
    subgraphs: dict[str, SubgraphSettings] = Field(
        default_factory=dict, description="Subgraphs to compose at start."
    )
    headers: HeaderSettings = Field(default=HeaderSettings(), description="Header propagation.")
    limits: LimitSettings = Field(default=LimitSettings(), description="Limits, all on.")
    callers: dict[str, CallerSettings] = Field(
        default_factory=dict, description="Who may ask; none: everyone, public fields only."
    )
    grants: tuple[GrantSettings, ...] = Field((), description="What may be read, and why.")
    dedupe: DedupeSettings = Field(
        default=DedupeSettings(), description="In-flight de-duplication."
    )
    metrics: bool = Field(True, description="Count and time operations, for `/metrics`.")
    introspection: bool | None = Field(
        None, description="Default: on, but off where `environment` is `production`."
    )
    console: ConsoleSettings = Field(default=ConsoleSettings(), description="The console.")
    environment: Literal["development", "production"] = Field(
        "development", description="Sets the defaults of `introspection` and `console.enabled`."
    )
    errors: ErrorSettings = Field(default=ErrorSettings(), description="Error texts.")
    audit: AuditSettings = Field(default=AuditSettings(), description="The evidence log.")
    state_dir: Path = Field(
        Path("var"), description="Where ledgers keep their counts, and inboxes what is pushed."
    )
    ledger: str | None = Field(
        None,
        pattern=r"^(rediss?|unix)://",
        description="Where quotas are counted for several machines: `redis://`, `rediss://` or "
        "`unix://`; default: a file in `state_dir`, for this machine.",
    )
    clock: AwareDatetime | None = Field(
        None, description="RFC 3339 instant at which a demonstration's day stands still."
    )
    admin: str | None = Field(
        None,
        pattern=r"^[^:\s]+:\d+$",
        description="`HOST:PORT` of the second port, with `/metrics` and adapter status.",
    )

    _base: Path = PrivateAttr(default=Path())

    @property
    def base(self) -> Path:
        """The file's folder: where relative paths begin, also those of adapters' settings."""
        return self._base

    def with_base(self, base: Path) -> Config:
        """Give a copy whose relative paths begin at ``base``."""
        copied = self.model_copy()
        copied._base = base
        return copied

    @model_validator(mode="after")
    def _one_graph(self) -> Config:
        if (self.supergraph is None) == (not self.subgraphs):
            raise ValueError('give either "supergraph" or "subgraphs"')
        anonymous = [name for name, caller in self.callers.items() if caller.anonymous]
        if len(anonymous) > 1:
            raise ValueError(f"only one caller may be anonymous, not {', '.join(anonymous)}")
        return self

    @property
    def introspection_on(self) -> bool:
        """Whether introspection is answered."""
        if self.introspection is None:
            return self.environment != "production"
        return self.introspection

    @property
    def audit_on(self) -> bool:
        """Whether operations are recorded as evidence."""
        return bool(self.grants) if self.audit.enabled is None else self.audit.enabled

    @property
    def ledger_place(self) -> str | Path:
        """Where quotas are counted: a URL, or a file."""
        return self.ledger or self.state_dir / "ledger.sqlite"

    @property
    def audit_folder(self) -> Path:
        """Where the evidence log is."""
        return self.state_dir / "audit"

    @property
    def audit_key(self) -> Path:
        """Where its key is."""
        return self.audit.key or self.audit_folder / "key"

    @property
    def console_on(self) -> bool:
        """Whether the console is served."""
        return self.introspection_on if self.console.enabled is None else self.console.enabled
