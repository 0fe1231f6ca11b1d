"""What exists, and where: SDL to supergraph, API schema, query graph and composition.

Pure: no I/O, no async, no clock.
Reading order: ``selection``, ``supergraph/model``, ``query_graph/graph``, ``composition/composer``.
"""
