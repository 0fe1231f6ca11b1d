"""The civil registry's own tables, for an agency with a direct grant on them."""
