"""Walks a query plan and answers the operation. Knows the plan, never the planner.

Reading order: ``executor`` (the two public functions), ``reference/walk`` (the nodes of the plan),
``compiled`` (the same steps as generated code, for operations that are used again),
``response_path`` (where in the merged data), ``representations`` (what is sent for an entity),
``fetch`` (the border to a subgraph, and its errors), ``merge`` (its data), ``project`` (the
answer), ``state`` (what one execution remembers, and the completeness statement made of it).
"""
