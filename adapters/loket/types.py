"""The graph's types of the counter, as an author declares them.

In: nothing. Out: the object types; the functions behind them stand in ``functions``. What tells of
a person carries a class: who applies is general, what for is specific (a letter of insufficient
means tells of somebody's economy, UU 27/2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import strawberry

from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes
from adapters.kit.page_info import PageInfo
from adapters.kit.python import field, relation, text
from adapters.kit.scalars import NIK, NIP, KodeWilayah, Tanggal, Waktu
from adapters.loket.enums import FieldKind, Light, RefusalCode, Result, Role, State, Step
from adapters.loket.functions import applications_of, services_in

__all__ = [
    "HasilLangkah",
    "JenisLayanan",
    "Kelurahan",
    "KoneksiPermohonan",
    "PemenuhanSyarat",
    "Penduduk",
    "Permohonan",
    "Petugas",
    "Surat",
]

UMUM: Final = TingkatKelas.UMUM
SPESIFIK: Final = TingkatKelas.SPESIFIK


async def applications_of_people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the applications of these residents."""
    return await applications_of(keys, context)


async def services_of_kelurahan(
    keys: Sequence[str], wanted: Wanted, context: Context, pada: Tanggal | None = None
) -> Outcomes:
    """Give the services of these kelurahan; the runtime gives days as dates."""
    return await services_in(keys, context, cast("Any", pada))


@strawberry.type(description=text("Bagian standar pelayanan.", "A part of a service standard."))
class BagianStandar:
    """A part of a standard."""

    nomor: int = field("Nomor bagian, 1 sampai 14.", "Number of the part, 1 to 14.")
    bagian: str = field("Nama bagian.", "Name of the part.")
    isi: str = field("Isinya.", "Its text.")


@strawberry.type(description=text("Syarat suatu layanan.", "A requirement of a service."))
class Syarat:
    """A requirement."""

    kode: str = field("Kode syarat.", "Its code.")
    nama: str = field("Namanya.", "Its name.")
    terbukti_oleh: str | None = field(
        "Pemeriksaan yang membuktikannya tanpa berkas.", "The check that proves it without paper."
    )


@strawberry.type(description=text("Isian formulir layanan.", "A field of a service's form."))
class IsianFormulir:
    """A field of a form."""

    nama: str = field("Nama isian.", "Its name.")
    label: str = field("Label.", "Label.")
    jenis: FieldKind = field("Jenisnya.", "Its kind.")
    wajib: bool = field("Wajib diisi.", "It must be filled in.")
    banyak: bool = field("Boleh lebih dari satu nilai.", "It takes several values.")
    pilihan: list[str] = field("Pilihannya.", "Its choices.")


@strawberry.type(description=text("Pemeriksaan suatu layanan.", "A check of a service."))
class PemeriksaanLayanan:
    """A check that a service makes."""

    kode: str = field("Kode pemeriksaan.", "Its code.")
    menghalangi: bool = field("Menghalangi bila tidak lulus.", "It blocks unless it passes.")


@strawberry.type(description=text("Tanda tangan yang diperlukan.", "A signature that is needed."))
class PenandatanganLayanan:
    """A signature that a service needs."""

    urutan: int = field("Urutannya.", "Its place in the order.")
    peran: list[Role] = field("Salah satu peran ini.", "One of these roles.")


@strawberry.federation.type(keys=["kode"], description=text("Jenis layanan.", "A kind of service."))
class JenisLayanan:
    """A service by the province's template."""

    kode: str = field("Kode layanan.", "Its code.")
    nama: str = field("Namanya.", "Its name.")
    sla_hari_kerja: int = field("Janji, hari kerja.", "Promised working days.")
    biaya: str = field("Biaya; 0 berarti gratis.", "Fee; 0 is free of charge.")
    instansi: list[str] = field("Instansi yang dicek.", "Agencies whose records are checked.")
    penandatangan: list[PenandatanganLayanan] = field("Penanda tangan.", "Who signs, in order.")
    standar: list[BagianStandar] = field(
        "Standar pelayanan, 14 bagian (UU 25/2009 pasal 21).",
        "The service standard, 14 parts (UU 25/2009 article 21).",
    )
    persyaratan: list[Syarat] = field("Persyaratan.", "Requirements.")
    formulir: list[IsianFormulir] = field("Formulir.", "The form.")
    pemeriksaan: list[PemeriksaanLayanan] = field("Pemeriksaan.", "The checks.")
    dasar_hukum: str = field("Dasar hukum.", "Legal basis.")
    berlaku_sejak: Tanggal = field("Berlaku sejak.", "In force since.")


@strawberry.type(
    description=text("Layanan sebagaimana berlaku di kelurahan.", "A service as it holds there.")
)
class LayananKelurahan:
    """A service as a kelurahan decreed it."""

    jenis: JenisLayanan = field("Jenis layanannya.", "The kind of service.")
    sla_hari_kerja: int = field("Janji, hari kerja.", "Promised working days.")
    biaya: str = field("Biaya.", "Fee.")
    standar: list[BagianStandar] = field("Standar pelayanan.", "The service standard.")
    persyaratan: list[Syarat] = field("Persyaratan.", "Requirements.")
    dasar_hukum: str = field("Dasar hukum.", "Legal basis.")
    berlaku_sejak: Tanggal = field("Berlaku sejak.", "In force since.")


@strawberry.federation.type(keys=["kode"], description=text("Kelurahan.", "An urban village."))
class Kelurahan:
    """What the counter adds to a kelurahan."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")
    layanan: list[LayananKelurahan | None] | None = relation(
        services_of_kelurahan,
        "Layanan sebagaimana berlaku di kelurahan ini pada suatu tanggal; bawaan hari ini.",
        "The services as they hold in this kelurahan on a day; today by default.",
        takes="kode",
    )


@strawberry.federation.type(keys=["nip"], description=text("Petugas.", "An officer."))
class Petugas:
    """An officer."""

    nip: NIP = field("NIP.", "Number of the civil servant.")
    nama: str | None = field("Nama.", "Name.")
    jabatan: str | None = field("Jabatan.", "Position.")
    peran: list[Role] = field("Peran di loket.", "Roles at the counter.")
    wilayah: KodeWilayah | None = field("Wilayah kerja.", "Area of work.")


@strawberry.type(description=text("Waktu layanan dalam hari kerja.", "The clock of the promise."))
class WaktuLayanan:
    """A clock."""

    janji: int = field("Hari kerja yang dijanjikan.", "Promised working days.")
    terpakai: int = field("Hari kerja terpakai.", "Working days used.")
    jatuh_tempo: Tanggal | None = field(
        "Jatuh tempo; kosong bila belum dapat dikatakan.", "Due day; null if it cannot be told."
    )
    lampu: Light = field("Lampu.", "Traffic light.")


@strawberry.type(description=text("Isian permohonan.", "A filled-in field."))
class Isian:
    """A filled-in field."""

    nama: str = field("Nama isian.", "Its name.")
    nilai: list[str] = field("Nilainya.", "Its values.", kelas=SPESIFIK)


@strawberry.type(
    description=text("Berkas; isinya pada penyimpanan instansi.", "A paper, kept by the agency.")
)
class Berkas:
    """A paper."""

    urut: int = field("Nomor urut berkas.", "Its place among the papers.")
    jenis: str = field("Kode syarat yang dipenuhi.", "Code of the requirement that it meets.")
    lokasi: str = field("Letak pada penyimpanan.", "Where it is kept.", kelas=SPESIFIK)
    sha256: str = field("Sidik isi.", "SHA-256 of its content.")
    media: str = field("Jenis media.", "Media type.")
    ukuran: int = field("Ukuran, bita.", "Size in bytes.")
    pada: Waktu = field("Waktu diterima.", "When it came.")


@strawberry.type(description=text("Syarat dan pemenuhannya.", "A requirement, and what meets it."))
class PemenuhanSyarat:
    """A requirement of an application."""

    kode: str = field("Kode syarat.", "Its code.")
    nama: str = field("Namanya.", "Its name.")
    terbukti_oleh: str | None = field("Pemeriksaan pembukti.", "The check that may prove it.")
    terpenuhi: bool = field("Terpenuhi.", "It is met.")
    terbukti: bool = field("Terbukti oleh catatan instansi.", "The records prove it.")
    berkas: int | None = field("Nomor urut berkas.", "Place of the paper that meets it.")


@strawberry.type(description=text("Hasil satu pemeriksaan.", "What one check found."))
class Pemeriksaan:
    """A check."""

    kode: str = field("Kode pemeriksaan.", "Its code.")
    hasil: Result = field("Hasilnya.", "Its result.")
    alasan: str | None = field("Kode alasan.", "Code of the reason.", kelas=SPESIFIK)
    menghalangi: bool = field("Menghalangi bila tidak lulus.", "It blocks unless it passes.")
    lulus: bool = field("Lulus, atau dikonfirmasi petugas.", "Passed, or confirmed by an officer.")
    sumber: list[str] = field(
        "Siapa yang ditanya; STALE atau UNAVAILABLE bila tidak menjawab dengan isi terkini.",
        "Who was asked; STALE or UNAVAILABLE beside who did not answer with what it holds now.",
    )
    pada: Waktu = field("Waktu pemeriksaan.", "When it was made.")
    sidik: str = field("Sidik berkunci dari masukan.", "Keyed hash of what it was asked with.")
    berkas: int | None = field("Berkas yang menguatkan.", "The paper that confirms it.")
    dikonfirmasi_oleh: Petugas | None = field("Petugas yang menguatkan.", "Who confirmed it.")
    dikonfirmasi_pada: Waktu | None = field("Waktu dikuatkan.", "When it was confirmed.")


@strawberry.type(description=text("Tanda tangan.", "A signature."))
class TandaTangan:
    """A signature."""

    urutan: int = field("Urutannya.", "Its place.")
    peran: Role = field("Sebagai.", "As whom.")
    petugas: Petugas = field("Penanda tangan.", "Who signed.")
    pada: Waktu = field("Waktunya.", "When.")


@strawberry.type(description=text("Penugasan.", "A task."))
class Penugasan:
    """A task."""

    petugas: Petugas = field("Petugas yang mengerjakan.", "Who works on it.")
    sejak: Waktu = field("Sejak.", "Since when.")


@strawberry.type(description=text("Satu langkah pada riwayat.", "One step of the history."))
class LangkahRiwayat:
    """A step that was taken."""

    langkah: Step = field("Langkahnya.", "The step.")
    dari: State | None = field("Kedudukan sebelumnya.", "State before.")
    ke: State = field("Kedudukan sesudahnya.", "State after.")
    versi: int = field("Versi sesudahnya.", "Version after.")
    pada: Waktu = field("Waktunya.", "When.")
    peran: Role = field("Peran pelaku.", "Role of who took it.")
    petugas: Petugas | None = field("Petugas, bila petugas.", "The officer, if it was one.")
    alasan: str | None = field("Alasan.", "Reason.", kelas=SPESIFIK)
    segel: str = field("Segel rantai riwayat.", "Seal in the chain of the history.")


@strawberry.federation.type(keys=["nomor"], description=text("Permohonan.", "An application."))
class Permohonan:
    """An application."""

    nomor: str = field("KODE-WILAYAH/LAYANAN/TAHUN/URUT.", "Its number.")
    kelurahan: Kelurahan | None = field("Kelurahan tujuan.", "The kelurahan.")
    layanan: JenisLayanan = field("Layanan yang dimohon.", "The service.")
    status: State = field("Kedudukannya.", "Its state.")
    versi: int = field("Versi; disertakan pada setiap langkah.", "Version; goes with every step.")
    pemohon: Penduduk | None = field("Pemohon.", "The applicant.", kelas=UMUM)
    kuasa: Penduduk | None = field("Penerima kuasa.", "The proxy.", kelas=UMUM)
    rt: str | None = field("RT.", "RT.", kelas=UMUM)
    rw: str | None = field("RW.", "RW.", kelas=UMUM)
    diajukan_pada: Waktu = field("Waktu diajukan.", "When it was submitted.")
    lengkap_pada: Waktu | None = field("Waktu berkas lengkap.", "When the file was complete.")
    berakhir_pada: Waktu | None = field("Waktu terbit, ditolak, atau dibatalkan.", "When it ended.")
    sla: WaktuLayanan | None = field("Waktu layanan.", "The clock of the promise.")
    isian: list[Isian] = field(
        "Isian formulir; bagi ketua RT/RW hanya keperluan.",
        "The filled-in form; to the head of an RT the purpose only.",
    )
    berkas: list[Berkas] | None = field("Berkas.", "Papers.")
    persyaratan: list[PemenuhanSyarat] = field("Persyaratan.", "Requirements.")
    pemeriksaan: list[Pemeriksaan] | None = field(
        "Pemeriksaan terakhir.", "The last round of checks."
    )
    draf: str | None = field("Naskah surat.", "Text of the letter.", kelas=SPESIFIK)
    sidik_draf: str | None = field("Sidik naskah.", "Hash of the text; goes with a signature.")
    tanda_tangan: list[TandaTangan] = field("Tanda tangan naskah ini.", "Signatures of the text.")
    menunggu_tanda_tangan: list[Role] = field(
        "Siapa yang berikut menandatangani.", "Whose signature is next."
    )
    penugasan: Penugasan | None = field("Penugasan.", "The task.")
    surat: Surat | None = field("Surat yang terbit.", "The letter that was issued.")
    riwayat: list[LangkahRiwayat] = field("Riwayat.", "History.")
    langkah_sah: list[Step] = field(
        "Langkah yang boleh diambil pemanggil sekarang.", "What the caller may do now."
    )


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """What the counter adds to a resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    permohonan: list[Permohonan | None] | None = relation(
        applications_of_people,
        "Permohonan penduduk ini, yang terlama lebih dulu.",
        "The resident's applications, the oldest first.",
        takes="nik",
        kelas=SPESIFIK,
    )


@strawberry.federation.type(
    keys=["kelurahan { kode } nomor tahun"],
    description=text(
        "Surat kelurahan: pada register dengan NIK, atau terbit lewat loket.",
        "A letter of a kelurahan: in a register with NIK, or issued at the counter.",
    ),
)
class Surat:
    """A letter, of which the counter knows those that it issued."""

    kelurahan: Kelurahan = field("Kelurahan penerbit.", "The issuing kelurahan.")
    nomor: str = field("Nomor surat.", "Letter number.")
    tahun: int = field("Tahun buku.", "Year of the book.")
    tanggal: Tanggal | None = field("Tanggal surat.", "Date of the letter.", shareable=True)
    jenis: str | None = field(
        "Kode layanan, atau KEMATIAN.", "Code of the service, or KEMATIAN.",
        kelas=SPESIFIK, shareable=True,
    )  # fmt: skip
    penandatangan: str | None = field("Penanda tangan.", "Who signed.", shareable=True)
    status: str | None = field(
        "Kedudukan surat: TERBIT, DICABUT, atau BATAL (nomor terpakai tanpa surat).",
        "Status of the letter: TERBIT, DICABUT, or BATAL (its number is used up without it).",
    )
    sidik_jari: str | None = field("SHA-256 berkas PDF.", "SHA-256 of the PDF.")
    dokumen: str | None = field(
        "Berkas PDF bertanda tangan, base64; hanya untuk pemohon dan petugas wilayahnya.",
        "The signed PDF in base64; only for its applicant and the officers of its area.",
        kelas=SPESIFIK,
    )
    permohonan: Permohonan | None = field("Permohonannya.", "The application.", kelas=SPESIFIK)


@strawberry.type(description=text("Sehalaman permohonan.", "A page of applications."))
class KoneksiPermohonan:
    """A page of applications."""

    nodes: list[Permohonan | None] = field("Permohonannya.", "The applications.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type(description=text("Sebab langkah tidak diambil.", "Why a step was not taken."))
class Penolakan:
    """A refusal."""

    kode: RefusalCode = field("Kodenya.", "Its code.")
    pesan: str = field("Penjelasannya.", "What is wrong.")
    rincian: list[str] = field("Nama isian, berkas, atau pemeriksaan.", "Names of what is wrong.")
    langkah_sah: list[Step] = field("Langkah yang sah.", "Steps that may be taken instead.")


@strawberry.type(description=text("Hasil suatu langkah.", "What became of a step."))
class HasilLangkah:
    """What became of a step."""

    permohonan: Permohonan | None = field("Permohonan sesudahnya.", "The application after it.")
    penolakan: Penolakan | None = field("Kosong bila langkah diambil.", "Null if it was taken.")
