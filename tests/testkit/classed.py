"""A subgraph whose fields carry classes, as SDL, and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["CLASSED", "now_fixed"]

CLASSED = """
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://specs.simpul.example/data/v1.0", import: ["@kelas"])
  @composeDirective(name: "@kelas")
directive @kelas(tingkat: TingkatKelas!) on FIELD_DEFINITION | OBJECT
enum TingkatKelas { UMUM SPESIFIK }
scalar NIK
type Query { orang(nik: NIK!): Orang }
type Orang @kelas(tingkat: UMUM) { nik: NIK! nama: String ibu: Orang }
"""


def now_fixed() -> datetime:
    """Give an instant."""
    return datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
