"""Adapters without Python: one YAML file makes a subgraph from a table, a file or a service.

Reading order: ``model`` (what the file may say), ``plan`` (what it means), ``sdl`` (the schema),
``kind`` (what a source must offer), ``functions`` (the batch functions over it), ``load`` (all
together), then the kinds: ``sql``, ``files``, ``http``, ``soap``;
and ``draft``, which writes a first version.
"""
