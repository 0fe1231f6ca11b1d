"""The tables of all inboxes of a gateway; SQLite and PostgreSQL have the same.

A push is kept as it came, for good: its keys are an index over it that can be built again.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

__all__ = ["inbox", "metadata", "push", "push_key"]

metadata = MetaData()

inbox = Table(
    "inbox",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("last_number", BigInteger, nullable=False),
    Column("last_at", Float(53), nullable=False),  # seconds since 1970; 0: nothing came yet
    Column("keys_version", String(100), nullable=False),  # of the function that read the keys
)

push = Table(
    "push",
    metadata,
    Column("inbox", String(100), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", String(200), nullable=False),
    Column("digest", String(64), nullable=False),  # SHA-256 of the body
    Column("received_at", Float(53), nullable=False),  # seconds since 1970
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("inbox", "message_id", name="push_message"),
)

push_key = Table(
    "push_key",
    metadata,
    Column("inbox", String(100), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Index("push_key_number", "inbox", "number"),
)
