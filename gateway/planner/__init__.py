"""From an operation to a query plan, over the query graph.

Reading order: ``planner.py`` (table of contents), ``walk.py`` (candidates for every leaf),
``moves.py`` (what may be done from one place), ``best.py`` (the choice), ``path_tree.py``,
``fetch_graph.py`` and ``gather.py``, ``optimize/``, ``build_plan.py``.
"""
