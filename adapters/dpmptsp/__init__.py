"""The licensing agency: licences, and which of them a resident owns or applied for.

Reading order: ``source`` (pages over REST), ``mapping`` (records), ``functions`` (batches),
``adapter`` (the graph).
"""
