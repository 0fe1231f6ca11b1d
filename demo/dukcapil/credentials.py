"""Who may ask the civil registry, for which keys, how often a day.

In: the credentials of a request body. Out: the credential, or the registry's refusal. The three
credentials hold grants of 33, 24 and 16 keys: a key that is not granted is missing from every row.
"""

from dataclasses import dataclass

__all__ = ["ALL_KEYS", "CREDENTIALS", "Credential"]

ALL_KEYS = (
    *("NIK", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TMPT_LHR", "TGL_LHR", "NO_AKTA_LHR"),
    *("GOL_DARAH", "AGAMA", "STATUS_KAWIN", "TGL_KWN", "NO_AKTA_KWN", "TGL_CRAI", "NO_AKTA_CRAI"),
    *("PDDK_AKH", "JENIS_PKRJN", "STAT_HBKEL", "ALAMAT", "DUSUN", "NO_RT", "NO_RW", "NO_KEL"),
    *("NO_KEC", "NO_KAB", "NO_PROP", "KEL_NAME", "KEC_NAME", "KAB_NAME", "PROP_NAME"),
    *("NIK_AYAH", "NAMA_LGKP_AYAH", "NIK_IBU", "NAMA_LGKP_IBU"),
)
"""The 33 keys of a full grant."""

_HIDDEN_24 = {
    *("NO_AKTA_LHR", "GOL_DARAH", "NO_AKTA_KWN", "TGL_CRAI", "NO_AKTA_CRAI"),
    *("NIK_AYAH", "NAMA_LGKP_AYAH", "NIK_IBU", "NAMA_LGKP_IBU"),
}
_KEYS_24 = tuple(key for key in ALL_KEYS if key not in _HIDDEN_24)
_KEYS_16 = (
    *("NIK", "NAMA_LGKP", "JENIS_KLMIN", "TMPT_LHR", "TGL_LHR", "STATUS_KAWIN", "JENIS_PKRJN"),
    *("ALAMAT", "NO_RT", "NO_RW", "NO_KEL", "NO_KEC", "NO_KAB", "NO_PROP", "KEL_NAME", "KEC_NAME"),
)
_READS = ("CALL_NIK", "CALL_KK", "CALL_STATUS", "CALL_VERIFY_BY_ELEMEN")


@dataclass(frozen=True, slots=True)
class Credential:
    """One agency's access."""

    user_id: str
    password: str
    keys: tuple[str, ...]  # of biodata rows
    methods: tuple[str, ...]  # upper-case
    daily_quota: int  # units a day; a call costs one
    addresses: tuple[str, ...] = ("127.0.0.1", "::1")  # values of ip_user that are on the list


CREDENTIALS: dict[str, Credential] = {
    credential.user_id: credential
    for credential in (
        Credential("pelayanan", "rahasia-pelayanan", ALL_KEYS, _READS, 20_000),
        Credential(
            "perizinan",
            "rahasia-perizinan",
            _KEYS_24,
            ("CALL_NIK", "CALL_STATUS", "CALL_VERIFY_BY_ELEMEN"),
            2_000,
        ),
        Credential(
            "statistik", "rahasia-statistik", _KEYS_16, ("CALL_NIK", "CALL_VERIFY_BY_ELEMEN"), 500
        ),
    )
}
"""The demo's credentials; they open nothing but this server."""
