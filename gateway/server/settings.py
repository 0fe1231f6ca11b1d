"""What the edge takes from one client and from all of them, as one frozen value.

In: the configuration's ``limits``. Out: ``EdgeSettings``. The numbers that no operator needs to
change (how a head may look) live here with their reason and have no key in the configuration.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.config.model import LimitSettings

__all__ = ["EdgeSettings", "build_edge_settings"]


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Limits of the edge; seconds and bytes."""

    body_bytes: int = 1_000_000
    # The head: what the common servers take; a bearer token of 8 kB still fits.
    headers_bytes: int = 16_384  # all header lines together; beyond it 431
    headers_count: int = 100
    target_bytes: int = 8_192  # the request target; beyond it 414
    chunk_line_bytes: int = 256  # one chunk-size line with its extensions
    # Chunk lines, their extensions and trailers of one body. At seven bytes a chunk, bodies sent in
    # pieces of 100 bytes and more always fit; doubling it lets a client cost twice the CPU.
    chunk_overhead_bytes: int = 65_536
    json_depth: int = 100  # nesting of variables and extensions
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    body_stall_seconds: float = 10.0  # the longest silence inside a body
    idle_seconds: float = 75.0
    # A client must take so many bytes of its answer in so much time, or all that is left of it.
    # 4 kbit/s: slower than any line that a person would wait for.
    write_bytes: int = 16_384
    write_seconds: float = 30.0
    # After a refusal the rest of the request is read and dropped, so that the client can read why:
    # closing at once would reset the connection and lose the answer.
    linger_seconds: float = 2.0
    linger_bytes: int = 16_777_216
    sweep_seconds: float = 0.5  # how often all deadlines are looked at; their precision
    connections: int = 10_000
    # Unfinished heads and bodies of all connections together. 64 bodies of full size, or 10,000
    # connections with 6 kB each.
    held_bytes: int = 67_108_864
    requests_in_flight: int = 1_000
    retry_after_seconds: int = 1
    shedding_seconds: float = 2.0  # readiness stays off so long after the last refusal
    graceful_seconds: float = 20.0


def build_edge_settings(limits: LimitSettings) -> EdgeSettings:
    """Take from the configuration what it says about the edge."""
    return EdgeSettings(
        body_bytes=limits.body_bytes,
        head_seconds=limits.head_seconds,
        body_seconds=limits.body_seconds,
        idle_seconds=limits.idle_seconds,
        connections=limits.connections,
        requests_in_flight=limits.requests_in_flight,
        graceful_seconds=limits.graceful_seconds,
    )
