"""Who may sign: the lurah of every kelurahan, and of every kecamatan the camat and PTSP's head.

In: the populated area. Out: officials with invented numbers of the unassigned area 31.71.99, their
passphrases, and the state of their certificates; two whose certificate is no longer valid.
"""

from dataclasses import dataclass

from demo.tables import find_area, load_kelurahan

__all__ = ["Signer", "load_signers"]


@dataclass(frozen=True, slots=True)
class Signer:
    """One official."""

    nik: str
    name: str  # as in the certificate: the office, nobody's name
    passphrase: str
    status: str  # ISSUE, EXPIRED, REVOKE


def load_signers(prefix: str) -> dict[str, Signer]:
    """List the signers of an area by NIK."""
    kelurahan = load_kelurahan(prefix)
    districts = sorted({area.kode.rpartition(".")[0] for area in kelurahan})
    signers = [
        *(
            Signer(f"317199010170{9000 + at}", f"LURAH {area.nama}", f"frasa-{area.kode}", "ISSUE")
            for at, area in enumerate(kelurahan, 1)
        ),
        *(
            Signer(
                f"317199020170{9000 + at}",
                f"CAMAT {find_area(kode).nama}",
                f"frasa-{kode}",
                "ISSUE",
            )
            for at, kode in enumerate(districts, 1)
        ),
        *(
            Signer(
                f"317199040170{9000 + at}",
                f"KEPALA UP PTSP {find_area(kode).nama}",
                f"frasa-ptsp-{kode}",
                "ISSUE",
            )
            for at, kode in enumerate(districts, 1)
        ),
        Signer("3171990301709001", "LURAH LAMA", "frasa-lama", "EXPIRED"),
        Signer("3171990301709002", "LURAH DICABUT", "frasa-dicabut", "REVOKE"),
    ]
    return {signer.nik: signer for signer in signers}
