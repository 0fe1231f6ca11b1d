"""The nine services as data: standard, requirements, form, checks, signers, promised days.

In: ``data/layanan_dki.csv`` (the list), ``data/standar.yaml`` (the province's template) and, where
an agency keeps them, the decrees of kelurahan, keyed by kelurahan, service and the day from which
they hold. Out: ``ServiceCatalog.find(code, kelurahan, day)``: the service as it holds there and
then. Loaded once; a mistake names its file, line and column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import ValidationError

from adapters.loket.life import Role
from adapters.loket.service_file import (
    PARTS,
    DecreeFile,
    FormFieldEntry,
    RequirementEntry,
    ServiceEntry,
    TemplateFile,
)
from adapters.yaml_document import load_document

__all__ = ["DEFAULT_LIST", "DEFAULT_TEMPLATE", "Service", "ServiceCatalog", "load_catalog"]

Model = TypeVar("Model", TemplateFile, DecreeFile)

_DATA = Path(__file__).parent / "data"
DEFAULT_LIST = _DATA / "layanan_dki.csv"
DEFAULT_TEMPLATE = _DATA / "standar.yaml"


@dataclass(frozen=True, slots=True)
class Service:
    """One service as it holds in one kelurahan from one day on."""

    code: str
    name: str
    days: int  # promised working days
    fee: str  # "0", or what says how it is set
    agencies: tuple[str, ...]  # whose records are checked, as the list names them
    signatures: tuple[frozenset[Role], ...]  # in order; one of each set signs
    parts: Mapping[str, str]
    requirements: tuple[RequirementEntry, ...]
    checks: Mapping[str, bool]  # code of the check -> whether it blocks
    form: tuple[FormFieldEntry, ...]
    valid_from: date
    decree: str | None = None  # None: the province's template

    @property
    def standard(self) -> Sequence[tuple[str, str]]:
        """The fourteen parts with their names, in the order of the law."""
        return [(title, self.parts[key]) for key, (title, _) in PARTS.items()]


@dataclass(frozen=True, slots=True)
class ServiceCatalog:
    """All services, in the order of the list, with the decrees of kelurahan."""

    template: Mapping[str, Service]
    decrees: Mapping[tuple[str, str], tuple[Service, ...]]  # (kelurahan, code) -> by day, ascending

    @property
    def codes(self) -> tuple[str, ...]:
        """The services' codes, in order."""
        return tuple(self.template)

    def find(self, code: str, kelurahan: str | None, day: date) -> Service | None:
        """Give the service as it holds in ``kelurahan`` on ``day``; None if there is no such."""
        held = self.decrees.get((kelurahan or "", code), ())
        valid = [service for service in held if service.valid_from <= day]
        return valid[-1] if valid else self.template.get(code)


def load_catalog(
    decrees: Path | None = None,
    *,
    listed: Path = DEFAULT_LIST,
    template: Path = DEFAULT_TEMPLATE,
) -> ServiceCatalog:
    """Load everything; raises ``DocumentError`` or ``ValueError`` that names the place."""
    is_own = (listed, template) == (DEFAULT_LIST, DEFAULT_TEMPLATE)
    services = _own_services() if is_own else _load_services(listed, template)
    own = _load(decrees, DecreeFile) if decrees else DecreeFile(keputusan=())
    return ServiceCatalog(services, _build_decrees(own, services))


@cache  # the package's own files do not change, and to read them takes a third of a second
def _own_services() -> Mapping[str, Service]:
    return _load_services(DEFAULT_LIST, DEFAULT_TEMPLATE)


def _load_services(listed: Path, template: Path) -> Mapping[str, Service]:
    return MappingProxyType(_build_template(_read_list(listed), _load(template, TemplateFile)))


def _read_list(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines)]


def _load(path: Path, model: type[Model]) -> Model:
    document = load_document(path)
    try:
        return model.model_validate(document.root)
    except ValidationError as error:
        raise document.refuse_entries(error.errors()) from None


def _build_template(rows: Iterable[Mapping[str, str]], file: TemplateFile) -> dict[str, Service]:
    return {row["kode"]: _service(row, file.layanan[row["kode"]], file) for row in rows}


def _service(row: Mapping[str, str], own: ServiceEntry, file: TemplateFile) -> Service:
    common = file.umum
    return Service(
        code=row["kode"],
        name=row["nama"],
        days=int(row["sla_hari_kerja"]),
        fee=row["biaya"],
        agencies=tuple(row["instansi_dicek"].split("|")),
        signatures=tuple(frozenset(roles) for roles in own.tanda_tangan),
        parts=MappingProxyType({**common.bagian, **own.bagian}),
        requirements=(*common.persyaratan, *own.persyaratan),
        checks=MappingProxyType(
            {each.kode: each.blocks for each in (*common.pemeriksaan, *own.pemeriksaan)}
        ),
        form=(*common.formulir, *own.formulir),
        valid_from=file.berlaku_sejak,
    )


def _build_decrees(
    file: DecreeFile, template: Mapping[str, Service]
) -> Mapping[tuple[str, str], tuple[Service, ...]]:
    held: dict[tuple[str, str], list[Service]] = {}
    for each in sorted(file.keputusan, key=lambda decree: decree.berlaku_sejak):
        before = held.setdefault((each.kelurahan, each.layanan), [])
        base = before[-1] if before else template[each.layanan]
        before.append(
            replace(
                base,
                days=each.sla_hari_kerja or base.days,
                parts=MappingProxyType({**base.parts, **each.bagian, "dasar_hukum": each.nomor}),
                requirements=(*base.requirements, *each.persyaratan_tambahan),
                valid_from=each.berlaku_sejak,
                decree=each.nomor,
            )
        )
    return MappingProxyType({key: tuple(services) for key, services in held.items()})
