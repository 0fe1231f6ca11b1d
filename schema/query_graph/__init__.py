"""Which subgraph can answer what, and how to get there: walked by satisfiability and planner.

Reading order: ``graph.py`` (nodes and edge kinds), ``build.py`` (from a Supergraph), ``provide.py``
(@provides copies), ``render.py`` (Mermaid, DOT, JSON).
"""
