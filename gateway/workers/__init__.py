"""Several processes that serve one address: a parent and its workers.

Reading order: ``parent`` (what it does from start to stop), ``crew`` (starts, replaces and ends
workers), ``worker`` (one of them, from inside), ``places`` and ``counts`` (what they share).
"""
