"""The counter: applications for letters, from submission to collection, in a store of its own.

The one adapter without a legacy system underneath. Read in this order: ``life`` (states and steps
as one table), ``working_days`` and ``sla`` (the clock), ``services`` (the nine services as
data), ``store``.
"""
