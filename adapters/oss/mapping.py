"""Pushes about one business as a record of the graph.

In: pushes in any order, twice, or with gaps. Out: all fields of ``Usaha``. The newest message
counts, by the time that the registry wrote into it and not by its arrival: pushes overtake each
other. A licence's status may come before its business; a business is known by its NIB data only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from adapters.kit.normalize.area_code import normalize_area_code
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.null import clean_text, readable
from adapters.kit.normalize.person_name import normalize_name
from adapters.kit.outcome import UNREADABLE
from adapters.kit.scalar_rules import WIB
from adapters.oss.messages import LICENSE_STATUS, METHOD, NIB_DATA, nik_of
from adapters.sources.inbox import NUMBER, RECEIVED_AT

__all__ = ["group_by_nib", "map_business"]

_RISKS = {
    "R": "RENDAH", "MR": "MENENGAH_RENDAH", "MT": "MENENGAH_TINGGI", "T": "TINGGI",
    "RENDAH": "RENDAH", "MENENGAH RENDAH": "MENENGAH_RENDAH",
    "MENENGAH TINGGI": "MENENGAH_TINGGI", "TINGGI": "TINGGI",
}  # fmt: skip
_STATES = ("AKTIF", "DIBEKUKAN", "DICABUT")
_STEPS = ("PROSES", "TERBIT", "DITOLAK", "DIBEKUKAN", "DICABUT")

Pushes = list[dict[str, Any]]


def group_by_nib(pushes: Iterable[dict[str, Any]]) -> dict[str, Pushes]:
    """Give the pushes of each business."""
    groups: dict[str, Pushes] = {}
    for push in pushes:
        groups.setdefault(push["nib"], []).append(push)
    return groups


def map_business(pushes: Pushes) -> dict[str, Any] | None:
    """Give all fields of the business; None if only licences of it are known."""
    told = sorted(pushes, key=_when)
    facts = [push for push in told if push.get(METHOD) == NIB_DATA]
    if not facts:
        return None
    now = facts[-1]
    owner = nik_of(now)
    area = readable(normalize_area_code, now.get("kd_daerah"))
    return {
        "nib": now["nib"],
        "nama": clean_text(now.get("nama_perseroan")),
        "jenisPelaku": clean_text(now.get("jenis_pelaku_usaha")),
        "pemilik": None if owner is None else {"nik": owner},
        "namaPenanggungJawab": normalize_name(now.get("nama_penanggung_jwb")),
        "tanggalTerbit": readable(normalize_date, now.get("tgl_terbit_nib")),
        "status": _one_of(_STATES, now.get("status_nib")),
        "kelurahan": {"kode": area} if isinstance(area, str) else area,
        "kegiatan": [_map_activity(each) for each in _objects(now.get("data_proyek"))],
        "perizinan": _map_licences(push for push in told if push.get(METHOD) == LICENSE_STATUS),
        "diperbarui": _when(told[-1])[0],
    }


def _map_licences(pushes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the newest state of each licence, in the order in which they were first told."""
    newest: dict[Any, dict[str, Any]] = {}
    for push in pushes:
        number = clean_text(push.get("id_izin"))
        newest[number] = {
            "nomor": number,
            "nama": clean_text(push.get("nama_izin")),
            "status": _one_of(_STEPS, push.get("status")),
            "tanggalStatus": readable(normalize_date, push.get("tgl_status")),
        }
    return [*newest.values()]


def _map_activity(project: dict[str, Any]) -> dict[str, Any]:
    risk = clean_text(project.get("resiko"))
    return {
        "kbli": clean_text(project.get("kbli")),
        "uraian": clean_text(project.get("uraian_usaha")),
        "risiko": None if risk is None else _RISKS.get(risk.upper(), UNREADABLE),
        "skala": clean_text(project.get("skala_usaha")),
    }


def _objects(value: object) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _one_of(known: tuple[str, ...], value: object) -> Any:
    text = clean_text(value)
    return None if text is None else text.upper() if text.upper() in known else UNREADABLE


def _when(push: dict[str, Any]) -> tuple[datetime, int]:
    """Give the registry's own time, or that of arrival where it wrote none that can be read."""
    received: datetime = push[RECEIVED_AT]
    try:
        written = datetime.fromisoformat(str(push.get("waktu")))
    except ValueError:
        return received, push[NUMBER]
    return written if written.tzinfo else written.replace(tzinfo=WIB), push[NUMBER]
