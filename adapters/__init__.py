"""How does one upstream answer: the only code that talks to upstreams.

Reading order: ``contract``, ``kit/definition``, ``resilience``, ``remote/executor``.
"""
