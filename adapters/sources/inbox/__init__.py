"""Pushes of an agency that sends and is never asked: stored before they are acknowledged.

Reading order: ``source`` (receives, finds, replays), ``model``, ``credential`` (who may push),
``tables`` and ``store`` (what is kept), ``options`` (what a configuration says).
"""

from adapters.sources.inbox.credential import (
    BasicCredential,
    Credential,
    HmacCredential,
    SecretCredential,
)
from adapters.sources.inbox.model import (
    NUMBER,
    RECEIVED_AT,
    MessageRefused,
    Reading,
    ReadMessage,
)
from adapters.sources.inbox.options import InboxOptions
from adapters.sources.inbox.source import InboxSettings, InboxSource

__all__ = [
    "NUMBER",
    "RECEIVED_AT",
    "BasicCredential",
    "Credential",
    "HmacCredential",
    "InboxOptions",
    "InboxSettings",
    "InboxSource",
    "MessageRefused",
    "ReadMessage",
    "Reading",
    "SecretCredential",
]
