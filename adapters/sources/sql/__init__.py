"""Databases that we may read.

Reading order: ``source``, ``statement``, ``session``, ``describe``.
"""

from adapters.sources.sql.describe import TableFacts, describe_tables, has_password
from adapters.sources.sql.session import rebase_url
from adapters.sources.sql.source import Row, SqlSettings, SqlSource
from adapters.sources.sql.statement import SelectRows, SelectSummary, Term, bind_terms

__all__ = [
    "Row",
    "SelectRows",
    "SelectSummary",
    "SqlSettings",
    "SqlSource",
    "TableFacts",
    "Term",
    "bind_terms",
    "describe_tables",
    "has_password",
    "rebase_url",
]
