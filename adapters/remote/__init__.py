"""Federated subgraphs over HTTP, behind the same contract as our own adapters.

Reading order: ``executor``, ``wire``.
"""

from adapters.remote.executor import RemoteExecutor

__all__ = ["RemoteExecutor"]
