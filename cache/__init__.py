"""What do we already know: stores, ledgers, single flight and cache policy.

Knows no GraphQL. Reading order: ``store``, ``single_flight``, ``ledger``, ``policy``.
"""
