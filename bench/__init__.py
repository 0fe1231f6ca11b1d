"""How fast, beside whom: each scenario runs peers in the same run and gives ratios.

Reading order: ``__main__`` (the list), ``world`` (what is asked), then one file per scenario.
"""
