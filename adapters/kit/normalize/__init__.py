"""Old systems' spellings made one: pure functions, one file per thing, a table of tests each.

Every function takes what a source wrote and gives the graph's form, ``None`` for the source's many
ways of saying nothing, or raises ``Unreadable``. Texts of errors never repeat the value.
Reading order: ``null`` (what means nothing), then any file by its name.
"""
