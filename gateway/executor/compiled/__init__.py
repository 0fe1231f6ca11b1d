"""The fast way: records laid out as the answer, filled by decoders and straight-line Python.

Whatever deviates (an error, an unexpected null, a value of another kind) ends this way: the
reference runs the plan with the answers that have come, and no source is asked twice. A plan that
holds anything not covered stays with the reference.

Reading order: ``program`` (one operation, compiled when used again), ``record_program`` (for one
outcome of its conditions), ``kept`` (how many stay), ``order`` (what comes after what), ``places``
(who gives what), ``paths`` (where a fetch leads), ``renames`` (what comes under an internal alias),
``place_tree`` (all that, of a whole plan), ``records`` (classes and decoders), ``gathering``
(finding objects as they come), ``sealing`` (what repeats is encoded once), ``walks`` (finding
objects later), ``representation`` (what stands for an object), ``parting`` (what stands above them
and is asked with), ``entities`` (what to ask), ``ranges`` (entities of several types in one
answer), ``merging`` (where its answer goes), ``fetches`` (one fetch of all this), ``schedule``
(their order), ``denials`` (what is not granted), ``introspecting`` (what no subgraph gives),
``steps`` (one execution), ``widening`` (values of another kind), ``source`` (generated text to
functions).
"""
