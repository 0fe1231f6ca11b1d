"""The specification texts as data, and how ``@link`` brings their names into a schema.

Read ``feature_url.py`` and ``link.py`` first (names), then ``federation.py`` (what a subgraph may
say), then ``join.py`` (what a supergraph says). The others hold one small specification each.
"""
