"""The counter's own store: applications, papers, checks, signatures, letters and their history.

Read in this order: ``tables`` (what is kept), ``engine`` (how it is asked), ``database`` (SQLite or
PostgreSQL, one code path), ``writing`` (what a transaction does), ``history`` (the chain),
``reading`` (what is asked).
"""
