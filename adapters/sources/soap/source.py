"""One SOAP service under guard.

In: an operation's name and plain values by the WSDL's names. Out: ``Guarded`` plain values. The
WSDL is read once: at start from a file, at the first call from a server, which may be down when
the gateway starts. Equal reads in flight are one call, so what comes back is shared.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from lxml import etree
from zeep.exceptions import Error, ValidationError
from zeep.helpers import serialize_object
from zeep.wsse.username import UsernameToken

from adapters.contract import CallContext, Guard, Guarded
from adapters.errors import SourceError, SourceUnavailable
from adapters.http_client import (
    HttpClient,
    HttpError,
    HttpResponse,
    RequestRejected,
    source_error,
    status_error,
)
from adapters.sources.http_auth import Auth, StaticAuth
from adapters.sources.soap.faults import REPLY_ERRORS, ReadFault, reply_error
from adapters.sources.soap.wsdl import Wsdl, WsdlError, fetch_files, fetch_from_server, load_wsdl
from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import SingleFlight

__all__ = ["SoapSettings", "SoapSource"]

_DEFAULT_SECONDS = 30.0
# Reading an envelope costs about 60 µs a kilobyte; a larger one would hold up everybody else.
_READ_BESIDE_LOOP = 64_000  # bytes


@dataclass(frozen=True, slots=True)
class SoapSettings:
    """Where the service is described, where it listens, and how it is told who asks."""

    wsdl: str | Path  # a file, or a URL
    address: str | None = None  # None: as the WSDL says
    service: str | None = None  # None: the first
    port: str | None = None  # None: the first
    username: str | None = None  # of the WS-Security UsernameToken; None: none is sent
    password: str = ""
    password_digest: bool = False

    def __repr__(self) -> str:
        """Show the description's place, never the password."""
        return f"SoapSettings({str(self.wsdl)!r})"


class _Reply(NamedTuple):
    """What zeep reads of a response."""

    status_code: int
    content: bytes
    headers: Mapping[str, str]
    encoding: str | None


class SoapSource:
    """Calls one port. Client and guard are lent: their owner closes them."""

    def __init__(
        self,
        name: str,
        settings: SoapSettings,
        client: HttpClient,
        guard: Guard,
        *,
        auth: Auth | None = None,
        tls: ssl.SSLContext | None = None,
        read_fault: ReadFault | None = None,
    ) -> None:
        """Read the WSDL if it is a file; raises ``WsdlError``."""
        self.name = name
        self._settings = settings
        self._client = client
        self._guard = guard
        self._auth = auth or StaticAuth()
        self._tls = tls
        self._read_fault = read_fault
        self._loading: SingleFlight[Wsdl] = SingleFlight()
        self._wsdl = None if _is_url(settings.wsdl) else self._load_file()

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        call: CallContext,
        *,
        headers: Mapping[str, Any] | None = None,
        read: bool = True,
        units: int = 1,
    ) -> Guarded[Any]:
        """Call ``operation``; ``headers`` are the SOAP headers that the WSDL declares.

        ``read=False`` for what changes something: it is neither shared nor tried again.
        """
        sent = dict(arguments) if headers is None else {**arguments, "_soapheaders": dict(headers)}

        async def attempt(seconds: float | None) -> Any:
            return await self._attempt(operation, sent, seconds or _DEFAULT_SECONDS)

        key = _flight_key(operation, sent) if read else None
        return await self._guard.run(attempt, call, key=key, read=read, units=units)

    async def aclose(self) -> None:
        """End a WSDL's or a token's flight; idempotent."""
        await self._loading.aclose()
        await self._auth.aclose()

    async def _attempt(self, operation: str, sent: Mapping[str, Any], seconds: float) -> Any:
        wsdl = self._wsdl or await self._load_from_server(seconds)
        address = self._settings.address or wsdl.address
        if address is None:
            raise RequestRejected(f'source "{self.name}" has no address: its WSDL names none')
        body, headers = self._write(wsdl, address, operation, sent)
        credentials = await self._auth.headers(seconds)
        try:
            response = await self._client.request(
                "POST",
                address,
                headers=(*headers, *credentials),
                body=body,
                timeout_seconds=seconds,
                tls=self._tls,
                idempotent=False,  # what is sent twice is paid for twice: the guard repeats
            )
        except HttpError as error:
            raise source_error(error) from error
        if len(response.body) < _READ_BESIDE_LOOP:
            return self._read(wsdl, operation, response)
        return await asyncio.to_thread(self._read, wsdl, operation, response)

    def _write(
        self, wsdl: Wsdl, address: str, operation: str, sent: Mapping[str, Any]
    ) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        """Write the envelope; every attempt has a token of its own, which tells its time."""
        try:
            # Not through zeep's proxy, which would send it too, by a client of its own.
            envelope, headers = wsdl.binding._create(
                operation, (), dict(sent), client=wsdl.client, options={"address": address}
            )
            if self._settings.username is not None:
                envelope, headers = self._token().apply(envelope, headers)  # type: ignore[no-untyped-call]  # zeep is half typed
        except (Error, ValidationError, ValueError, TypeError, LookupError) as error:
            text = f'operation "{operation}" of source "{self.name}" does not take these arguments'
            raise RequestRejected(text) from error
        body = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        return body, tuple((name.lower(), value) for name, value in headers.items())

    def _read(self, wsdl: Wsdl, operation: str, response: HttpResponse) -> Any:
        where = f'source "{self.name}"'
        is_envelope = b"Envelope" in response.body[:2_000]
        failure = None if is_envelope else status_error(response, where)
        if failure is not None:
            raise failure  # a proxy or a server in trouble, not the service
        reply = _Reply(
            response.status,
            response.body,
            {"Content-Type": response.header("content-type") or "text/xml"},
            None,
        )
        try:
            value = wsdl.binding.process_reply(wsdl.client, wsdl.binding.get(operation), reply)
        except tuple(REPLY_ERRORS) as error:
            raise reply_error(error, where, self._read_fault) from None  # it may quote the answer
        return serialize_object(value, dict)  # type: ignore[no-untyped-call]  # zeep is half typed

    def _token(self) -> UsernameToken:
        settings = self._settings
        return UsernameToken(  # type: ignore[no-untyped-call]  # zeep is half typed
            settings.username, settings.password, use_digest=settings.password_digest
        )

    def _load_file(self) -> Wsdl:
        path = Path(self._settings.wsdl)
        settings = self._settings
        return load_wsdl(str(path), fetch_files(path.parent), settings.service, settings.port)

    async def _load_from_server(self, seconds: float) -> Wsdl:
        """Load it once for all who wait; a failure is the source's, and the next call tries."""
        loop = asyncio.get_running_loop()
        try:
            joined = await self._loading.join("wsdl", self._fetch, leave_at=loop.time() + seconds)
        except (WaitExpired, FlightEnded) as error:
            raise SourceUnavailable(f'the WSDL of source "{self.name}" did not come') from error
        except WsdlError as error:
            raise RequestRejected(f'source "{self.name}": {error}') from error
        self._wsdl = joined.value
        return joined.value

    async def _fetch(self) -> Wsdl:
        location, settings = str(self._settings.wsdl), self._settings
        loop = asyncio.get_running_loop()
        fetch = fetch_from_server(location, self._client, self._auth, self._tls, loop)
        try:
            return await asyncio.to_thread(
                load_wsdl, location, fetch, settings.service, settings.port
            )
        except SourceError:
            raise
        except TimeoutError as error:
            raise SourceUnavailable(f'the WSDL of source "{self.name}" did not come') from error


def _is_url(location: str | Path) -> bool:
    return isinstance(location, str) and location.startswith(("http://", "https://"))


def _flight_key(operation: str, sent: Mapping[str, Any]) -> Hashable | None:
    """Give the key under which equal reads share; None if the arguments cannot be compared."""
    try:
        return operation, msgspec.json.encode(sent, order="sorted")
    except TypeError:
        return None
