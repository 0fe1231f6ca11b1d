"""What may go wrong in what we keep; nothing here is the fault of an upstream or a client.

CacheError
├── LedgerUnavailable       the ledger cannot be read or written: capped sources must refuse
├── WaitExpired             a waiter's own deadline passed; the flight may go on for others
├── FlightEnded             the flight was ended from outside (shutdown)
├── PeerLost                the process at the other end of a stream is gone
└── FormUnknown             the configuration names a form that cannot be loaded
"""

__all__ = [
    "CacheError",
    "FlightEnded",
    "FormUnknown",
    "LedgerUnavailable",
    "PeerLost",
    "WaitExpired",
]


class CacheError(Exception):
    """Anything that goes wrong in this package."""


class LedgerUnavailable(CacheError):
    """The ledger cannot be read or written."""


class WaitExpired(CacheError):
    """A waiter's own deadline passed."""


class FlightEnded(CacheError):
    """The flight was ended from outside."""


class PeerLost(CacheError):
    """The process at the other end is gone."""


class FormUnknown(CacheError):
    """The configuration names a form that does not exist or is not installed."""
