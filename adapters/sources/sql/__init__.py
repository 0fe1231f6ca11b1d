"""Databases that we may read. Reading order: ``source``, ``session``, ``describe``."""

from adapters.sources.sql.describe import TableFacts, describe_tables, has_password
from adapters.sources.sql.session import rebase_url
from adapters.sources.sql.source import Row, SqlSettings, SqlSource

__all__ = [
    "Row",
    "SqlSettings",
    "SqlSource",
    "TableFacts",
    "describe_tables",
    "has_password",
    "rebase_url",
]
