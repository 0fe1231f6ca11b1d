"""The civil registry's own tables, with their traps."""
