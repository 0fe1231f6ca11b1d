"""The supergraph: its model, SDL in and out, and the client's API schema.

Reading order: ``model``, ``load``, ``render``, ``api_schema``.
"""
