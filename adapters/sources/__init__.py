"""One room per legacy protocol: ``http`` (REST/JSON), ``sql``, ``files``. None knows GraphQL.

Each gives ``Guarded`` values: rows or decoded JSON, or an expected failure with its code.
"""
