"""The fast way: generated straight-line Python for what goes well, with the reference's meaning.

Whatever deviates (an error, an unexpected null, a value of another kind, a shape that is not
covered) raises ``Deviation`` before anything was changed, and the reference does that step over the
same state: no source is asked twice.

Reading order: ``program`` (one operation, compiled when used again), ``entities`` (what to ask),
``projection`` (what to answer), ``steps`` (one fetch out, its answer in), ``source`` (generated
text to functions).
"""
