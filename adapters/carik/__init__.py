"""The family survey: what volunteers saw at the door, which is no family card.

Reading order: ``source`` (the newest drop), ``mapping`` (lines to a family), ``adapter`` (the
graph).
"""
