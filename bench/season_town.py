"""The people of a season: who applies where and for what, and the officers of every kelurahan.

In: the truth behind the demonstration's fleet, a seed. Out: ``Applicant``s, whose records pass, in
the shares of a season; and the configuration of a gateway whose officers serve all five kelurahan,
each signer with the certificate that the authority keeps.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.bsre.signers import load_signers
from demo.people.truth import TruePerson, Truth
from tests.testkit.counter import PLAIN, paper_of
from tests.testkit.joined_graph import KELURAHAN, patient_config

__all__ = ["SHARES", "Applicant", "Town", "find_town", "key_of", "passphrase_of", "town_config"]

SHARES = {"PM1-UMUM": 0.45, "SKTM": 0.4, "SKU-NIB": 0.1, "AHLI-WARIS": 0.05}
"""Of the letters of a season [I]: most are general letters and those of insufficient means."""

_PAPERS = {
    "PM1-UMUM": (),
    "SKTM": ("PERNYATAAN_TIDAK_MAMPU",),
    "SKU-NIB": ("FOTO_USAHA",),
    "AHLI-WARIS": ("PERNYATAAN_AHLI_WARIS",),
}
_SIGNERS = {"SKU-NIB": ("ptsp",), "AHLI-WARIS": ("lurah", "camat")}
_CALLS = 10**9  # of a credential's day: the quota is not what is measured


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applies."""

    service: str
    person: TruePerson
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)  # beside name and birth date

    @property
    def kelurahan(self) -> str:
        """Where: at home."""
        return self.person.kelurahan

    @property
    def signers(self) -> tuple[str, ...]:
        """The callers that sign, in order."""
        offices = _SIGNERS.get(self.service, ("lurah",))
        return tuple(f"lurah-{self.kelurahan}" if each == "lurah" else each for each in offices)

    def submission(self) -> dict[str, Any]:
        """Give the input of ``ajukanPermohonan``."""
        fields = {
            "nama": [self.person.nama],
            "tanggalLahir": [self.person.lahir],
            "keperluan": ["Musim"],
            **self.form,
        }
        return {
            "layanan": self.service,
            "kelurahan": self.kelurahan,
            "pemohon": self.person.nik,
            "rt": "003",
            "rw": "005",
            "isian": [{"nama": name, "nilai": [*values]} for name, values in fields.items()],
            "berkas": [paper_of(kind) for kind in _PAPERS[self.service]],
        }


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody who may apply, by service."""

    applicants: Mapping[str, Sequence[Applicant]]

    def draw(self, chance: random.Random) -> Applicant:
        """Draw an applicant in the season's shares."""
        (service,) = chance.choices([*SHARES], [*SHARES.values()])
        return chance.choice(self.applicants[service])


def find_town(truth: Truth) -> Town:
    """Find everybody whose records pass."""
    places = ", ".join(f"'{kode}'" for kode in KELURAHAN)
    people = truth.sample(3_000, where=f"{PLAIN} AND kelurahan IN ({places})")
    owners = {each.nik for each in truth.all_businesses() if each.status == "AKTIF"}
    business = {"namaUsaha": ["Warung"]}
    return Town(
        {
            "PM1-UMUM": [Applicant("PM1-UMUM", each) for each in people],
            "SKTM": [Applicant("SKTM", each) for each in people],
            "SKU-NIB": [
                Applicant("SKU-NIB", each, business) for each in people if each.nik in owners
            ],
            "AHLI-WARIS": [*_heirs(truth)],
        }
    )


def town_config() -> dict[str, Any]:
    """Give the demonstration's configuration with officers in every kelurahan."""
    config = patient_config()
    by_phrase = {each.passphrase: nik for nik, each in load_signers("31.71.02").items()}
    officers = [
        officer
        for officer in config["subgraphs"]["loket"]["settings"]["officers"]
        if officer["caller"] in ("camat", "ptsp")
    ]
    for kode in KELURAHAN:
        for role, office in (("KETUA_RTRW", "rt"), ("PETUGAS", "petugas"), ("LURAH", "lurah")):
            caller = f"{office}-{kode}"
            officer = {
                "caller": caller,
                "nip": f"9000000000001{len(officers):05}",
                "nama": f"{office} {kode}",
                "jabatan": office,
                "roles": [role],
                "wilayah": kode,
            }
            if role == "LURAH":
                officer["nik"] = by_phrase[passphrase_of(caller)]
            officers.append(officer)
            config["callers"][caller] = {
                **config["callers"]["lurah"],
                "key_sha256": hashlib.sha256(key_of(caller).encode()).hexdigest(),
                "roles": [role],
            }
    config["subgraphs"]["loket"]["settings"]["officers"] = officers
    return {**config, "limits": {"source_calls": 10_000}}


def key_of(caller: str) -> str:
    """Give a caller's key, as the demonstration writes them."""
    return f"kunci-{caller}-demonstrasi"


def passphrase_of(caller: str) -> str:
    """Give the passphrase of a signer's certificate in the demonstration."""
    office, _, kode = caller.partition("-")
    return {"lurah": f"frasa-{kode}", "camat": "frasa-31.71.02", "ptsp": "frasa-ptsp-31.71.02"}[
        office
    ]


def _heirs(truth: Truth) -> Iterator[Applicant]:
    """Yield children of the dead, with all living brothers and sisters as heirs."""
    for deceased in truth.sample(500, where="status = 'MENINGGAL' AND stat_hbkel IN (1, 2, 3)"):
        children = [child.nik for child in truth.children(deceased.nik)]
        living = truth.sample(9, where=f"{PLAIN} AND nik IN ({', '.join(children) or 'NULL'})")
        form = {"nikPewaris": [deceased.nik], "nikAhliWaris": [child.nik for child in living]}
        for child in living:
            if child.kelurahan in KELURAHAN and len(living) > 1:
                yield Applicant("AHLI-WARIS", child, form)
