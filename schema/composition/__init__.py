"""From subgraphs to a supergraph.

Read ``composer.py`` (the three phases), ``context.py`` (what they share), ``merge/`` (one file per
kind of thing merged), ``rules/`` (what is judged of the merged whole) and ``satisfiability.py``.
"""
