"""What differs between two schemas, and whom it touches.

Read ``compare.py`` first (the table of contents), then ``side.py`` (what is compared),
``change.py`` (one change), ``types.py``, ``inputs.py`` and ``notes.py`` (what clients read and
write), ``guards.py`` (who may read it) and ``graphs.py`` (who answers it).
"""
