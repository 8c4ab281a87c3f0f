"""Columns of villages.csv and sites.csv."""

from typing import Final

from domain.network import Funding, Internet, Meter, Operator, PowerSource, Site, SiteKind, Stage, Village
from inventory.importing import words
from inventory.importing.choices import choice_reader, choices_reader, read_yes_no
from inventory.importing.columns import ANY_LEVEL, VILLAGE_LEVEL, Column, Table, required
from inventory.importing.coordinates import read_degrees
from inventory.importing.dates import read_date
from inventory.importing.formercodes import read_former_code
from inventory.importing.numbers import whole_reader
from inventory.importing.texts import name_reader, read_slug, read_text

LATITUDE: Final = Column(
    "latitude",
    "Degrees north of the equator; south is negative.",
    read_degrees,
    "lintang,lat,garis lintang,koordinat lintang,koordinat y,y",
    values="-6,5531",
)
LONGITUDE: Final = Column(
    "longitude",
    "Degrees east of Greenwich.",
    read_degrees,
    "bujur,lon,long,lng,garis bujur,koordinat bujur,koordinat x,x",
    values="107,4433",
)

VILLAGES: Final = Table(
    "villages",
    Village,
    "What statistics say about a desa or kelurahan in a year. One row per village and year.",
    "desa,data desa,desa kelurahan,penduduk,kependudukan",
    (
        required(
            "region_code",
            "The village's Kemendagri code, or its name with its kecamatan (`Cibodas, Bungursari`).",
            read_text,
            "kode wilayah,kode desa,kode kemendagri,kode,kode desa kelurahan,kode kelurahan,code,village code",
            levels=VILLAGE_LEVEL,
            values="32.14.01.2010",
        ),
        Column("year", "The year of the figures.", whole_reader(1900, 2200), "tahun,tahun data", values="2025"),
        Column(
            "population",
            "How many people live there.",
            whole_reader(),
            "jumlah penduduk,penduduk,populasi,jiwa,jumlah jiwa",
            values="0 or more",
        ),
        Column(
            "households",
            "How many households.",
            whole_reader(),
            "jumlah kk,kk,kepala keluarga,jumlah kepala keluarga,rumah tangga,jumlah rumah tangga,keluarga",
            values="0 or more",
        ),
        LATITUDE,
        LONGITUDE,
        Column(
            "internet",
            "How a village that Kentongan does not connect gets its internet.",
            choice_reader(Internet, words.INTERNET),
            "akses internet,sumber internet,status internet",
            values=" · ".join(Internet),
        ),
        Column(
            "former_code",
            "The code before `year`, where the government renamed the village or split it off another.",
            read_former_code,
            "kode lama,kode wilayah lama,kode sebelumnya,kode desa lama,old code",
            values="32.14.01.2010",
        ),
    ),
)

SITES: Final = Table(
    "sites",
    Site,
    "Places where equipment stands.",
    "lokasi,situs,titik,titik lokasi,site,daftar lokasi",
    (
        required(
            "slug",
            "The site's short name, its key: lower-case letters, digits and hyphens, at most 63.",
            read_slug,
            "kode lokasi,kode situs,kode site,id lokasi,id site,site id,kode titik,kode",
            values="desa-cibodas-bungursari",
        ),
        required("name", "What people call it.", read_text, "nama,nama lokasi,nama situs,nama site,nama titik,lokasi"),
        required(
            "kind",
            "What the place is.",
            choice_reader(SiteKind, words.SITE_KIND),
            "jenis,jenis lokasi,tipe,tipe lokasi,kategori,type",
            values=" · ".join(SiteKind),
        ),
        Column(
            "region_code",
            "Kemendagri code of the village, kecamatan or kabupaten it stands in, or village and kecamatan by name.",
            read_text,
            "kode wilayah,kode desa,kode kemendagri,wilayah,kode desa kelurahan,kode kecamatan",
            levels=ANY_LEVEL,
            values="32.14.01.2010",
        ),
        Column("organisation", "Whose place it is.", read_text, "organisasi,instansi,opd,nama opd,organization"),
        Column("address", "Street and number.", read_text, "alamat,alamat lokasi,alamat lengkap"),
        Column("access_note", "How to get in: who has the key.", read_text, "catatan akses,akses,keterangan akses"),
        LATITUDE,
        LONGITUDE,
        Column(
            "power",
            "Where its electricity comes from, one or more.",
            choices_reader(PowerSource, words.POWER),
            "listrik,sumber listrik,catu daya,daya,sumber daya",
            values=" · ".join(PowerSource) + ", separated by `|`",
        ),
        Column("power_feeder", "The PLN feeder that serves it.", read_text, "penyulang,penyulang pln,feeder"),
        Column(
            "pln_customer_id",
            "PLN's number for the connection.",
            read_text,
            "id pelanggan pln,id pelanggan,idpel,nomor pelanggan pln,no pelanggan pln",
        ),
        Column(
            "meter",
            "How electricity is paid.",
            choice_reader(Meter, words.METER),
            "meteran,jenis meter,meter listrik",
            values=" · ".join(Meter),
        ),
        Column("service_hours", "When it must work.", read_text, "jam layanan,jam pelayanan,jam operasional,jam kerja"),
        Column(
            "operator",
            "Who runs the equipment.",
            choice_reader(Operator, words.OPERATOR),
            "pengelola,dikelola oleh",
            values=" · ".join(Operator),
        ),
        Column(
            "counts_for_coverage",
            "Whether the site makes its village a connected one. Empty: yes.",
            read_yes_no,
            "dihitung,dihitung cakupan,masuk cakupan,cakupan",
            values="yes · no",
        ),
        Column(
            "criticality",
            "How much depends on it; 1 is highest.",
            whole_reader(1, 9),
            "kekritisan,tingkat kritis,prioritas,priority",
            values="1 to 9",
        ),
        Column(
            "stage",
            "How far the site has come. Empty: active.",
            choice_reader(Stage, words.STAGE),
            "tahap,tahapan,status,status lokasi",
            values=" · ".join(Stage),
        ),
        Column(
            "stage_date",
            "Since when.",
            read_date,
            "tanggal tahap,tanggal,tanggal status,tanggal aktif,tanggal bast",
            values="31/12/2025",
        ),
        Column(
            "document_no",
            "The document that says so (BAST, contract).",
            read_text,
            "nomor dokumen,no dokumen,nomor bast,no bast,dokumen",
        ),
        Column(
            "funding",
            "Who paid.",
            choice_reader(Funding, words.FUNDING),
            "pendanaan,sumber dana,anggaran,sumber anggaran,dana",
            values=" · ".join(Funding),
        ),
        Column("contract", "The contract it runs under.", name_reader(""), "kontrak,id kontrak", refers="contracts"),
        Column("contact", "Whom to call there.", read_text, "kontak,narahubung,pic,kontak person,contact person"),
    ),
)
