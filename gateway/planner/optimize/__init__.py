"""Passes over the fetch graph, one file each; ``passes.py`` has their order."""
