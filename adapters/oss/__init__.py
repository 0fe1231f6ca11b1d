"""The national business registry: what it pushes about businesses, and who owns them.

Reading order: ``messages`` (reads a push), ``mapping`` (pushes to a business), ``source`` (finds
them), ``adapter`` (the graph).
"""
