"""Proof that every query on the API schema can be answered.

Read ``check.py`` (what is walked), ``reach.py`` (where one can get from a place) and
``explain.py`` (why not).
"""
