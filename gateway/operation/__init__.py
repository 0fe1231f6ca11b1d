"""A client's text to our immutable operation: parse, validate, limits, normalize, variables.

Reading order: ``model``, ``parse``, ``limits``, ``validate``, ``normalize``, ``variables``.
"""
