"""The border to a subgraph: one call, and what its answer's errors mean for the client.

Reading order: ``call`` (the request goes out, never raises), ``places`` (where the answer goes),
``failures`` (the answer's errors and defects as the client's), ``consequences`` (what could not be
asked because of them).
"""
