"""Checks of an application against the records, asked of the graph as the officer who works on it.

Read in this order: ``inquiry`` (how a check asks, and what it may conclude from silence),
``people``, ``matters`` (the checks themselves), ``catalog`` (which check asks what), ``run``.
"""
