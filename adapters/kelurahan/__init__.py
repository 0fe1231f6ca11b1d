"""The kelurahan's registers: one subgraph with a source for each kelurahan, each kept its own way.

Reading order: ``settings`` (which register is kept how), ``books`` (what a book can be asked),
``file_book`` and ``sql_book`` (the two ways of keeping), ``registers`` (which to ask),
``mapping`` and ``matching`` (rows to records, rows to people), ``functions``, ``adapter``.
"""
