"""The semantics of execution, over dicts, step by step: whatever else runs a plan must equal it.

Reading order: ``walk`` (the nodes), ``fetching`` (one fetch out, its answer in). What both are
given is ``fetch/context``.
"""
