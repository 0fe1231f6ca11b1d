"""What one subgraph may not say: one rule per file, listed in order in ``ordered.py``."""
