"""The administrative areas of DKI Jakarta: the one agency whose records are public and fixed.

Reading order: ``areas`` (the table), ``adapter`` (the graph over it).
"""
