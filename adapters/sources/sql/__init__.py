"""Databases that we may read. Reading order: ``source``, ``session``."""

from adapters.sources.sql.source import Row, SqlSettings, SqlSource

__all__ = ["Row", "SqlSettings", "SqlSource"]
