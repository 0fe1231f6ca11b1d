"""The civil registry: residents, family cards, the status of a NIK, and verification.

Reading order: ``wire`` (bodies and refusals), ``source`` (the calls), ``mapping`` (rows to
records), ``functions`` (batches), ``adapter`` (the graph).
"""
