"""One subgraph's schema: read, checked alone, and brought to one form.

Read ``model.py`` (what the rest of composition sees), ``parse.py`` (text to model), ``upgrade.py``
(Federation 1 to that form) and ``rules/`` (what a subgraph may not say).
"""
