"""What the merged whole may not be: one rule per file, listed in order in ``ordered.py``."""
