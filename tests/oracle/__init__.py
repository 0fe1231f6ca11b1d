"""Random federations, asked through Simpul and of one server that has everything.

Reading order: ``blueprint`` (what a world is), ``growth`` (how one is made from a seed), ``sdl``,
``objects`` (the data), ``monolith`` (the truth), ``strict_subgraph`` (what is really asked),
``random_operation``, ``difference`` (the comparison), ``__main__``. Development only.
"""
