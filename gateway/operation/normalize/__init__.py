"""From a validated document to one immutable operation, in passes.

Reading order: ``normalize`` (the table of contents), ``select``, ``conditions``,
``selections``, ``run_once``.
"""
