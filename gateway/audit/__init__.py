"""The evidence log: who saw what of whom, for which purpose; one record per operation.

Read in this order: ``record`` (what is told, and what never is), ``log`` (one sealed chain per
worker, written before the answer leaves), ``flushing`` (what survives a power cut), ``verify``
(finds any change, gap and reordering).
"""
