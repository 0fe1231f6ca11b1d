"""The civil registry.

Reading order: `registry.py`, `credentials.py`, `rows.py`, `verify.py`, `app.py`.
"""
