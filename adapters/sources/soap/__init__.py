"""SOAP: a WSDL says what can be called, zeep writes and reads the XML, our client sends it.

In: an operation and plain values. Out: plain values: dicts, lists and leaves.
Reading order: ``source``, ``wsdl``, ``faults``, ``describe``.
"""

from adapters.sources.soap.describe import OperationFacts, describe_operations
from adapters.sources.soap.faults import ReadFault, SoapFault
from adapters.sources.soap.source import SoapSettings, SoapSource
from adapters.sources.soap.wsdl import WsdlError

__all__ = [
    "OperationFacts",
    "ReadFault",
    "SoapFault",
    "SoapSettings",
    "SoapSource",
    "WsdlError",
    "describe_operations",
]
