"""The legacy fleet and its synthetic people: what Simpul joins, as real servers on loopback.

Nothing here imports the gateway, the adapters, the schema or the cache; it runs beside them.
Read in this order: `README.md` (wire formats), `people/` (who exists, and the truth about them),
`dukcapil/`, `dpmptsp/`, `registers/` (the systems), `faults/` (how each may fail), `fleet.py`.
"""
