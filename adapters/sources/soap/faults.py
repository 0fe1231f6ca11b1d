"""What a SOAP fault means, and what a broken envelope does.

In: zeep's exceptions. Out: ``SourceError``s. The fault's own words may name a person, so no error
repeats them; an adapter's ``ReadFault`` may read them to tell what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from zeep.exceptions import (
    DTDForbidden,
    EntitiesForbidden,
    Error,
    ExternalReferenceForbidden,
    Fault,
    TransportError,
    XMLParseError,
    XMLSyntaxError,
)

from adapters.errors import AccessDenied, BadRecord, SourceError, SourceUnavailable
from adapters.http_client import RequestRejected

__all__ = ["ReadFault", "SoapFault", "reply_error"]


@dataclass(frozen=True, slots=True, repr=False)
class SoapFault:
    """A fault as it came; its texts are for the adapter's eyes only."""

    code: str  # without its prefix: Client, Server, Sender, Receiver, or the source's own
    message: str
    detail: Mapping[str, str]  # the texts below <detail>, by local name


ReadFault = Callable[[SoapFault], "SourceError | None"]
"""Tells what a fault means at this source; None: as the specification has it."""

_CALLER = frozenset({"Client", "Sender", "VersionMismatch", "MustUnderstand"})
_SIGN_ON = frozenset({"FailedAuthentication", "InvalidSecurityToken", "InvalidSecurity"})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,40}")

# Everything that reading a reply may raise; zeep's own first, what its parsers let through last.
REPLY_ERRORS: Mapping[type[Exception], str] = {
    DTDForbidden: "a document type, which is refused",
    EntitiesForbidden: "entities, which are refused",
    ExternalReferenceForbidden: "a reference to another document, which is refused",
    XMLSyntaxError: "what is no SOAP envelope",
    XMLParseError: "an envelope that is not as its WSDL says",
    TransportError: "what is no SOAP envelope",
    Error: "an envelope that cannot be read",
    etree.LxmlError: "what is no XML",
    ValueError: "a value that is not of its type",
    ArithmeticError: "a value that is not of its type",
    LookupError: "an envelope that is not as its WSDL says",
    TypeError: "an envelope that is not as its WSDL says",
    AttributeError: "an envelope that is not as its WSDL says",
}


def reply_error(error: Exception, where: str, read_fault: ReadFault | None) -> SourceError:
    """Translate what reading a reply raised; ``where`` names the source."""
    if isinstance(error, Fault):
        return _fault_error(_read(error), where, read_fault)
    what = next(text for kind, text in REPLY_ERRORS.items() if isinstance(error, kind))
    return BadRecord(f"{where} answered with {what}")


def _fault_error(fault: SoapFault, where: str, read_fault: ReadFault | None) -> SourceError:
    meant = None if read_fault is None else read_fault(fault)
    if meant is not None:
        return meant
    text = f'{where} answered with the SOAP fault "{fault.code}"'
    if fault.code in _SIGN_ON:
        return AccessDenied(text)
    if fault.code in _CALLER:
        return RequestRejected(text)
    return SourceUnavailable(text)


def _read(error: Fault) -> SoapFault:
    code = _local(str(error.subcodes[0]) if error.subcodes else str(error.code or ""))
    detail = error.detail if etree.iselement(error.detail) else None
    texts = {} if detail is None else dict(_texts(detail))
    return SoapFault(code, str(error.message or ""), texts)


def _local(code: str) -> str:
    """Cut prefix or namespace; a code that is no name is not repeated."""
    name = re.split(r"[:}]", code)[-1]
    return name if _CODE.fullmatch(name) else "unnamed"


def _texts(detail: Any) -> list[tuple[str, str]]:
    return [
        (etree.QName(element).localname, element.text.strip())
        for element in detail.iter(etree.Element)
        if isinstance(element.tag, str) and element.text and element.text.strip()
    ]
