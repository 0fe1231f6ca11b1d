"""The HTTP edge: bytes of clients in, bytes of answers out; it knows nothing of the graph.

Reading order: ``graphql_http`` (one GraphQL request over ASGI), ``negotiation`` and ``decode``
(what a request may look like), ``dispatch`` (which path goes where), ``health``, ``console``; then
what lies below ASGI: ``head`` and ``framing`` (bytes to a request, pure), ``exchange`` (one request
and its answer), ``protocol`` (one connection), ``connections`` (all of them: caps, time-outs),
``serving`` (the server put together).
"""
