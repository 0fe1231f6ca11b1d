"""The checks, one file per head: each is a table of claims and the functions that try them.

Reading order: ``schema``, ``keys``, ``rows``, ``failures``, ``time``, ``privacy``, ``pages``,
``upstream``, ``cost``.
"""
