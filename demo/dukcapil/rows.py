"""How the civil registry writes a record: keys, spellings, nulls.

In: one row of its table. Out: the JSON object of the wire. The spelling is chosen by the number
itself, so that the same person is always written the same way and the whole table shows every
quirk: dates in three forms, sex in five, null as "-", " ", "0", "null" or "00-00-0000", area names
with blanks added or lost. NIK and KK numbers are JSON numbers.
"""

import sqlite3
from zlib import crc32

from demo.tables import find_area, load_codes

__all__ = ["render_biodata", "render_status", "spelling_of"]

_MALE = ("Laki-Laki", "LAKI-LAKI", "L", "1", "LK")
_FEMALE = ("Perempuan", "PEREMPUAN", "P", "2", "PR")
_NULL_TEXT = ("-", " ", "null", "0")
_NULL_DATE = ("-", " ", "00-00-0000", "null")
_CITY = ("{}", "KOTA ADM. {}", "{}  ")


def spelling_of(number: int) -> int:
    """Choose the spelling of a record: any number, always the same for the same NIK."""
    return crc32(str(number).encode())


def render_biodata(row: sqlite3.Row, keys: tuple[str, ...]) -> dict[str, object]:
    """Write one biodata row with the granted keys."""
    salt = spelling_of(row["nik"])
    whole = {**_identity(row, salt), **_events(row, salt), **_home(row, salt), **_kin(row, salt)}
    return {key: whole[key] for key in keys}


def render_status(
    nik: int, status: str | None, since: str | None, died: str | None, successor: int | None
) -> dict[str, object]:
    """Write one row of call_status."""
    salt = spelling_of(nik)
    return {
        "NIK": nik,
        "STATUS_NIK": _cased(status, salt) if status else "-",
        "TGL_STATUS": _day(since, salt >> 2),
        "TGL_MATI": _day(died, salt >> 4),
        "NIK_BARU": successor if successor is not None else (0, "-", " ")[salt % 3],
    }


def _identity(row: sqlite3.Row, salt: int) -> dict[str, object]:
    codes = load_codes()
    return {
        "NIK": row["nik"],
        "NO_KK": row["no_kk"],
        "NAMA_LGKP": row["nama"],
        "JENIS_KLMIN": (_FEMALE if row["perempuan"] else _MALE)[salt % 5],
        "TMPT_LHR": row["tempat"] + ("  " if salt % 11 == 0 else ""),
        "TGL_LHR": _day(row["lahir"], salt >> 3),
        "NO_AKTA_LHR": f"{salt % 9000 + 1000}/KLT/{row['lahir'][:4]}" if salt % 5 else "-",
        "GOL_DARAH": row["darah"],
        "AGAMA": codes["AGAMA"][row["agama"]],
        "STATUS_KAWIN": _cased(codes["STAT_KWN"][row["stat_kwn"]], salt >> 1),
        "PDDK_AKH": row["pendidikan"],
        "JENIS_PKRJN": row["pekerjaan"],
        "STAT_HBKEL": _cased(codes["STAT_HBKEL"][row["stat_hbkel"]], salt >> 5),
    }


def _events(row: sqlite3.Row, salt: int) -> dict[str, object]:
    null = _NULL_TEXT[(salt >> 6) % 4]
    return {
        "TGL_KWN": _day(row["tgl_kawin"], salt >> 7),
        "NO_AKTA_KWN": f"{salt % 900 + 100}/K/{row['tgl_kawin'][:4]}" if row["tgl_kawin"] else null,
        "TGL_CRAI": _day(row["tgl_cerai"], salt >> 8),
        "NO_AKTA_CRAI": f"{salt % 90 + 10}/C/{row['tgl_cerai'][:4]}" if row["tgl_cerai"] else null,
    }


def _home(row: sqlite3.Row, salt: int) -> dict[str, object]:
    kelurahan = find_area(row["kelurahan"])
    kecamatan = find_area(kelurahan.induk)
    city = find_area(kecamatan.induk)
    province, kab, kec, kel = (int(part) for part in kelurahan.kode.split("."))
    joined = salt % 13 == 0
    return {
        "ALAMAT": row["alamat"],
        "DUSUN": _NULL_TEXT[salt % 4],
        "NO_RT": row["rt"] if salt % 2 else f"{row['rt']:03d}",
        "NO_RW": row["rw"] if salt % 2 else f"{row['rw']:03d}",
        "NO_KEL": kel,
        "NO_KEC": kec,
        "NO_KAB": kab,
        "NO_PROP": province,
        "KEL_NAME": kelurahan.nama.upper() + ("   " if salt % 7 == 0 else ""),
        "KEC_NAME": kecamatan.nama.upper().replace(" ", "" if joined else " "),
        "KAB_NAME": _city_name(city.nama, salt),
        "PROP_NAME": "DKI JAKARTA",
    }


def _city_name(name: str, salt: int) -> str:
    if "Seribu" in name:
        return "KAB.ADM.KEP.SERIBU"
    return _CITY[salt % 3].format(name.upper().removeprefix("KOTA ADMINISTRASI "))


def _kin(row: sqlite3.Row, salt: int) -> dict[str, object]:
    null = (0, "-", " ")[salt % 3]
    return {
        "NIK_AYAH": row["nik_ayah"] if row["nik_ayah"] is not None else null,
        "NAMA_LGKP_AYAH": row["nama_ayah"] or "-",
        "NIK_IBU": row["nik_ibu"] if row["nik_ibu"] is not None else null,
        "NAMA_LGKP_IBU": row["nama_ibu"] or "-",
    }


def _day(iso: str | None, salt: int) -> str:
    if iso is None:
        return _NULL_DATE[salt % 4]
    year, month, day = iso.split("-")
    return (f"{day}-{month}-{year}", iso, f"{day}/{month}/{year}")[salt % 3]


def _cased(text: str, salt: int) -> str:
    return (text.upper(), text.title(), text.upper() + " ")[salt % 3]
