"""The registers of the kelurahan, each kept its own way: `write.py` first, then the five forms."""
