"""The query plan as data, and its printed forms. Reading order: ``nodes``, ``render``."""
