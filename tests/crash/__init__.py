"""Kills the counter at random and at named points, and looks for what it lost, doubled or halved.

``make crash ARGS="--kills 1000 --database sqlite"``. Read in this order: ``lives`` (what clients
want, and what they have been told), ``counter`` (pipeline, evidence log and store, as they serve),
``points`` (where a process dies), ``worker`` (the process), ``balance`` (what must hold at the
end), ``__main__`` (starts one process after the other).
"""
