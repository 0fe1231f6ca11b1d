"""Databases that we may read. Reading order: ``source``, ``session``."""

from adapters.sources.sql.session import rebase_url
from adapters.sources.sql.source import Row, SqlSettings, SqlSource

__all__ = ["Row", "SqlSettings", "SqlSource", "rebase_url"]
