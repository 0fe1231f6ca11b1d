"""The way back: the number of every issued letter goes into the register of its kelurahan.

Reading order: ``line`` (what a register is told), ``register`` (one that is a table we may write),
``sender`` (sends what waits, whatever happens in between), ``export`` (for registers that are no
table: a clerk fetches the lines).
"""
