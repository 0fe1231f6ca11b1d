"""Loading a WSDL with all that it imports, without leaving the place it came from.

In: a path, or a URL with credentials. Out: a binding that writes and reads envelopes. A WSDL from
a folder imports files of that folder; one from a server imports from that server, with the same
credentials; everything else is refused, and so are document types and entities
(https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing).
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from zeep import Client, Plugin, Settings
from zeep.exceptions import Error, XMLParseError

from adapters.http_client import HttpClient, HttpError, source_error, status_error
from adapters.sources.http_auth import Auth

__all__ = ["Fetch", "Wsdl", "WsdlError", "fetch_from_server", "load_wsdl"]

Fetch = Callable[[str], bytes]
"""Gives the document at a location; raises ``WsdlError``."""

_LOAD_SECONDS = 30.0


class WsdlError(Exception):
    """The WSDL cannot be used; the text says which document, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Wsdl:
    """One port of a loaded WSDL."""

    client: Client
    binding: Any  # zeep.wsdl.bindings.soap.SoapBinding
    address: str | None  # where the port says it listens

    def operation_names(self) -> tuple[str, ...]:
        """List what can be called."""
        return tuple(sorted(self.binding._operations))  # zeep has no public list of them


class _Loader:
    """What zeep calls for every document. It reads no cache and follows nothing by itself."""

    def __init__(self, fetch: Fetch) -> None:
        self.load = fetch


class _ExpectedBody(Plugin):
    """Refuses a reply whose body is another message: zeep would read it as an empty one."""

    def ingress(self, envelope: Any, http_headers: Any, operation: Any) -> tuple[Any, Any]:
        """Look at a reply before it is read."""
        body = next((each for each in envelope if _local_name(each) == "Body"), None)
        first = None if body is None else next(iter(body), None)
        expected = getattr(getattr(operation.output, "body", None), "qname", None)
        is_other = first is None or first.tag != str(expected)
        if expected is not None and is_other and _local_name(first) != "Fault":
            raise XMLParseError("another message")  # type: ignore[no-untyped-call]  # zeep
        return envelope, http_headers


def load_wsdl(location: str, fetch: Fetch, service: str | None, port: str | None) -> Wsdl:
    """Read the WSDL and choose the port (the first if none is named); raises ``WsdlError``.

    Blocks while documents are fetched: call it in a thread.
    """
    settings = Settings(forbid_dtd=True, forbid_entities=True, forbid_external=False)
    try:
        client = Client(  # type: ignore[no-untyped-call]  # zeep is half typed
            location, transport=_Loader(fetch), settings=settings, plugins=[_ExpectedBody()]
        )
    except WsdlError:
        raise
    except (Error, etree.LxmlError, ValueError, LookupError, TypeError, AttributeError) as error:
        kind = type(error).__name__
        raise WsdlError(f'the WSDL "{_shown(location)}" cannot be read: {kind}') from error
    chosen = _choose(client, location, service, port)
    return Wsdl(client, chosen.binding, chosen.binding_options.get("address"))


def fetch_files(folder: Path) -> Fetch:
    """Give what reads documents of ``folder`` and below, and refuses all others."""
    root = folder.resolve()

    def fetch(location: str) -> bytes:
        path = Path(location.removeprefix("file://")).resolve()
        if not path.is_relative_to(root):
            raise WsdlError(f'the WSDL imports "{_shown(location)}", which is outside its folder')
        try:
            return path.read_bytes()
        except OSError as error:
            text = f'the document "{path.name}" of the WSDL cannot be read: {error.strerror}'
            raise WsdlError(text) from error

    return fetch


def fetch_from_server(
    location: str,
    client: HttpClient,
    auth: Auth,
    tls: ssl.SSLContext | None,
    loop: asyncio.AbstractEventLoop,
) -> Fetch:
    """Give what asks the WSDL's own server, from a thread beside ``loop``."""
    origin = urlsplit(location)[:2]

    async def ask(url: str) -> bytes:
        headers = await auth.headers(_LOAD_SECONDS)
        try:
            response = await client.request(
                "GET", url, headers=headers, timeout_seconds=_LOAD_SECONDS, tls=tls
            )
        except HttpError as error:
            raise source_error(error) from error
        failure = status_error(response, "the WSDL's server")
        if failure is not None:
            raise failure
        return response.body

    def fetch(url: str) -> bytes:
        if urlsplit(url)[:2] != origin:
            raise WsdlError(f'the WSDL imports "{_shown(url)}", which is on another server')
        return asyncio.run_coroutine_threadsafe(ask(url), loop).result(_LOAD_SECONDS)

    return fetch


def _local_name(element: Any) -> str:
    return "" if element is None else str(etree.QName(element).localname)


def _choose(client: Client, location: str, service: str | None, port: str | None) -> Any:
    services = client.wsdl.services
    if service is not None and service not in services:
        raise WsdlError(_unknown(location, "service", service, services))
    found = services.get(service) if service else next(iter(services.values()), None)
    if found is None or not found.ports:
        raise WsdlError(f'the WSDL "{_shown(location)}" has no service that speaks SOAP over HTTP')
    if port is not None and port not in found.ports:
        raise WsdlError(_unknown(location, "port", port, found.ports))
    return found.ports[port] if port else next(iter(found.ports.values()))


def _unknown(location: str, what: str, name: str, known: Any) -> str:
    listed = ", ".join(f'"{each}"' for each in known)
    return f'the WSDL "{_shown(location)}" has no {what} "{name}"; it has {listed}'


def _shown(location: str) -> str:
    """Name a document without what may be secret in its address."""
    return urlsplit(location).path.rsplit("/", 1)[-1] or urlsplit(location).netloc
