"""Who may read what, decided before planning.

Reading order: ``classes``, ``grants``, ``authorize``, ``personal_arguments``.
"""
