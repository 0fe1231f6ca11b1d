"""The verbs. Reading order: ``main`` (the list), then one file per verb."""
