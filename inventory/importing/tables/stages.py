"""Columns of stages.csv."""

from typing import Final

from domain.network import Stage, StageEntry
from inventory.importing import words
from inventory.importing.choices import choice_reader
from inventory.importing.columns import Column, Table, required
from inventory.importing.dates import read_date
from inventory.importing.texts import read_slug, read_text

STAGES: Final = Table(
    "stages",
    StageEntry,
    "How each site came from plan to use: one row for each stage it reached. `sites.csv` alone keeps the last one.",
    "riwayat tahap,riwayat tahapan,riwayat lokasi,riwayat status,tahap,tahapan",
    (
        required(
            "slug",
            "The site.",
            read_slug,
            "kode lokasi,kode situs,kode site,id lokasi,id site,site id,kode titik,lokasi,kode,site",
            refers="sites",
        ),
        required(
            "stage",
            "The stage it reached.",
            choice_reader(Stage, words.STAGE),
            "tahap,tahapan,status,status lokasi",
            values=" · ".join(Stage),
        ),
        required(
            "date",
            "Since when it holds, as the document says.",
            read_date,
            "tanggal,tanggal tahap,tanggal status,sejak,tanggal dokumen,tanggal bast",
            field="on",
            values="31/12/2025",
        ),
        Column(
            "document_no",
            "The document that says so. The same one again with another date corrects the first.",
            read_text,
            "nomor dokumen,no dokumen,nomor bast,no bast,dokumen",
        ),
        Column(
            "recorded_on",
            "The day Kentongan was told. Empty: the day of the import.",
            read_date,
            "tanggal catat,dicatat,tanggal dicatat,tanggal diterima,diterima",
            values="31/12/2025",
        ),
    ),
)
