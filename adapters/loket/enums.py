"""The closed sets of the counter, declared to strawberry under the graph's names.

In: the enums where they belong. Out: the same, declared; whoever writes types or inputs takes them
from here, because strawberry would name an undeclared one after its class.
"""

from __future__ import annotations

import strawberry

from adapters.kit.python import text
from adapters.loket.checks.finding import Result
from adapters.loket.life import Role, State, Step
from adapters.loket.refusal import RefusalCode
from adapters.loket.service_file import FieldKind
from adapters.loket.sla import Light

__all__ = ["FieldKind", "Light", "RefusalCode", "Result", "Role", "State", "Step"]

for _source, _name, _indonesian, _english in (
    (State, "StatusPermohonan", "Kedudukan permohonan.", "State of an application."),
    (Role, "Peran", "Peran di loket.", "Role at the counter."),
    (Step, "Langkah", "Langkah permohonan.", "Step of an application."),
    (Result, "HasilPemeriksaan", "Hasil pemeriksaan.", "Result of a check."),
    (RefusalCode, "KodePenolakan", "Sebab langkah tidak diambil.", "Why a step was not taken."),
    (Light, "LampuSla", "Lampu waktu layanan.", "Traffic light of the promise."),
    (FieldKind, "JenisIsian", "Jenis isian formulir.", "Kind of a form's field."),
):
    strawberry.enum(_source, name=_name, description=text(_indonesian, _english))
