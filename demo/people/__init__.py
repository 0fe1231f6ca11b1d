"""Synthetic people and the truth about them.

Reading order: `world.py` (the whole), `model.py`, `clans.py`, `fates.py`, `papers.py`,
`scribble.py`, then `truth.py`, which tests use as their oracle.
"""
