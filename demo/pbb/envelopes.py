"""SOAP 1.1 envelopes of the tax office: read what is asked, write what is answered.

In: bytes. Out: who asks what; an envelope of parcels, or of a fault. Two namespaces: the service's
own elements, and the types that they hold.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

__all__ = ["Question", "Unreadable", "read_question", "write_fault", "write_parcels"]

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_SERVICE = "urn:pbb:layanan"
_DATA = "urn:pbb:data"
_NAMES = {"e": _SOAP, "w": _WSSE, "s": _SERVICE, "d": _DATA}

Parcel = tuple[sqlite3.Row, list[sqlite3.Row]]
"""A parcel and its taxes."""


class Unreadable(ValueError):
    """What came is no envelope of this service."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one envelope asks."""

    operation: str  # CariMenurutNop, CariMenurutNik
    keys: tuple[str, ...]
    username: str
    password: str
    channel: str  # of the header Sesi


def read_question(body: bytes) -> Question:
    """Read an envelope; raises ``Unreadable``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise Unreadable("no XML") from None
    asked = root.find("e:Body/*", _NAMES)
    if asked is None:
        raise Unreadable("no body")
    return Question(
        etree.QName(asked).localname,
        tuple(each.text or "" for each in asked),
        root.findtext("e:Header/w:Security/w:UsernameToken/w:Username", "", _NAMES),
        root.findtext("e:Header/w:Security/w:UsernameToken/w:Password", "", _NAMES),
        root.findtext("e:Header/s:Sesi/s:kanal", "", _NAMES),
    )


def write_parcels(parcels: Iterable[Parcel]) -> bytes:
    """Write the answer."""
    envelope, body = _open_envelope()
    answer = etree.SubElement(body, f"{{{_SERVICE}}}Hasil")
    for parcel, taxes in parcels:
        _write_parcel(etree.SubElement(answer, f"{{{_SERVICE}}}objek"), parcel, taxes)
    return _close(envelope)


def write_fault(code: str, text: str, kode: str) -> bytes:
    """Write a fault with the office's own code in its detail."""
    envelope, body = _open_envelope()
    fault = etree.SubElement(body, f"{{{_SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = f"e:{code}"
    etree.SubElement(fault, "faultstring").text = text
    told = etree.SubElement(etree.SubElement(fault, "detail"), f"{{{_SERVICE}}}Galat")
    etree.SubElement(told, f"{{{_DATA}}}kode").text = kode
    etree.SubElement(told, f"{{{_DATA}}}keterangan").text = text
    return _close(envelope)


def _write_parcel(element: etree._Element, parcel: sqlite3.Row, taxes: list[sqlite3.Row]) -> None:
    number = int(parcel["nop"][-5:])
    fields = {
        "nop": parcel["nop"],
        "nik": f" {parcel['nik']}" if number % 3 else parcel["nik"],
        "nama": parcel["nama"],
        "alamat": f"{parcel['alamat']} ",
        "kodeKota": parcel["kota"],
        "kodeKecamatan": parcel["kecamatan"],
        "kodeKelurahan": parcel["kelurahan"],
        "luasBumi": f"{parcel['luas_bumi']}.00",
        "luasBangunan": f"{parcel['luas_bangunan']}.00",
        "njop": f"{parcel['njop']}.00",
    }
    for name, value in fields.items():
        etree.SubElement(element, f"{{{_DATA}}}{name}").text = value
    for tax in taxes:
        _write_tax(etree.SubElement(element, f"{{{_DATA}}}tagihan"), tax, number)


def _write_tax(element: etree._Element, tax: sqlite3.Row, number: int) -> None:
    fields = {"tahun": str(tax["tahun"]), "pokok": f"{tax['pokok']}.00", "denda": f"{tax['denda']}"}
    paid = tax["dibayar"]
    if paid is not None:
        fields["tanggalBayar"] = "-".join(reversed(paid.split("-"))) if number % 2 else paid
    elif number % 2:
        fields["tanggalBayar"] = "00-00-0000"
    for name, value in fields.items():
        etree.SubElement(element, f"{{{_DATA}}}{name}").text = value


def _open_envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"e": _SOAP, "s": _SERVICE, "d": _DATA})
    return envelope, etree.SubElement(envelope, f"{{{_SOAP}}}Body")


def _close(envelope: etree._Element) -> bytes:
    written: bytes = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
    return written
