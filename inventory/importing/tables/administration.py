"""Columns of contracts.csv, services.csv, prefixes.csv, people.csv and targets.csv."""

from typing import Final

from domain.language import _
from domain.network import (
    Contract,
    Indicator,
    Person,
    PersonRole,
    Prefix,
    Service,
    ServiceClass,
    Target,
    TargetKind,
)
from inventory.importing import words
from inventory.importing.addresses import read_address, read_phone, read_prefix
from inventory.importing.choices import choice_reader, read_yes_no
from inventory.importing.columns import ANY_LEVEL, Column, Table, required
from inventory.importing.dates import read_date
from inventory.importing.numbers import Lone, measure_reader, read_rupiah, whole_reader
from inventory.importing.texts import name_reader, read_text, read_without_spaces

_read_url = read_without_spaces(lambda value: _("'{value}' is not one web address.").format(value=value))
_read_mail = read_without_spaces(lambda value: _("'{value}' is not one mail address.").format(value=value))

CONTRACTS: Final = Table(
    "contracts",
    Contract,
    "Contracts with providers.",
    "kontrak,daftar kontrak",
    (
        required(
            "id", "The contract's number, its key.", name_reader(""), "nomor kontrak,no kontrak,id kontrak,kontrak"
        ),
        required("provider", "With whom.", read_text, "penyedia,isp,nama penyedia,rekanan"),
        Column("starts_on", "First day.", read_date, "mulai,tanggal mulai,berlaku mulai,awal", values="01/01/2025"),
        Column(
            "ends_on",
            "Last day.",
            read_date,
            "selesai,tanggal selesai,berakhir,tanggal berakhir,akhir,berlaku sampai",
            values="31/12/2025",
        ),
        Column(
            "sla_percent",
            "Promised availability in percent of the service hours.",
            measure_reader(0, 100, Lone.DECIMAL, percent=True),
            "sla,sla persen",
            values="99,5",
        ),
        Column("service_hours", "When the promise holds.", read_text, "jam layanan,jam pelayanan,jam operasional"),
        Column(
            "price_month",
            "Rupiah a month.",
            read_rupiah,
            "harga per bulan,biaya per bulan,harga bulanan,biaya bulanan,biaya,harga,nilai",
            values="1.500.000",
        ),
        Column("penalty_rule", "What is deducted for an outage.", read_text, "denda,aturan denda,restitusi"),
        Column("noc_phone", "The provider's NOC.", read_phone, "telepon noc,nomor noc,telp noc", values="081234567890"),
        Column("noc_email", "The provider's NOC.", _read_mail, "email noc,surel noc"),
        Column("budget_line", "Code of the budget line.", read_text, "mata anggaran,kode rekening,rekening"),
        Column(
            "planned_work_excluded",
            "Whether announced work is not counted as outage. Empty: no.",
            read_yes_no,
            "pekerjaan terencana dikecualikan,pemeliharaan dikecualikan",
            values="yes · no",
        ),
    ),
)

SERVICES: Final = Table(
    "services",
    Service,
    "E-government applications and other services that are checked.",
    "layanan,aplikasi,daftar aplikasi",
    (
        required("code", "Short code, its key.", name_reader(""), "kode,kode layanan,kode aplikasi"),
        required("name", "What people call it.", read_text, "nama,nama layanan,nama aplikasi,layanan,aplikasi"),
        Column(
            "class",
            "Empty: umum.",
            choice_reader(ServiceClass, words.SERVICE_CLASS),
            "kelas,jenis,kategori,jenis aplikasi",
            field="class_",
            values=" · ".join(ServiceClass),
        ),
        Column("pillar", "Pillar of the smart-city plan.", read_text, "pilar,dimensi"),
        Column("owner", "The OPD that owns it.", read_text, "pemilik,opd,opd pemilik,instansi,pengampu"),
        Column("contact", "Whom to call.", read_text, "kontak,narahubung,pic"),
        Column("url", "Address of its page.", _read_url, "alamat,alamat web,link,tautan,domain,website"),
        Column("public", "Whether citizens use it. Empty: no.", read_yes_no, "publik,untuk publik", values="yes · no"),
        Column("host", "The device it runs on.", name_reader(""), "server,peladen,hosting"),
        Column("site", "The site it runs at.", name_reader(""), "lokasi,situs,kode lokasi", refers="sites"),
        Column(
            "expect_status",
            "The HTTP status of a good answer.",
            whole_reader(100, 599),
            "status http,status harapan,kode http",
            values="200",
        ),
        Column("expect_text", "Words a good answer holds.", read_text, "teks harapan,teks wajib"),
        Column("forbid_text", "Words a good answer does not hold.", read_text, "teks terlarang"),
        Column("interval", "Seconds between checks.", whole_reader(1, 86_400), "selang,interval detik", values="60"),
    ),
)

PREFIXES: Final = Table(
    "prefixes",
    Prefix,
    "Ranges of addresses in use.",
    "prefiks,subnet,jaringan,ip address,alamat ip",
    (
        required(
            "prefix",
            "Network and length, its key.",
            read_prefix,
            "prefiks,subnet,network,jaringan,segmen ip",
            values="10.14.1.0/24",
        ),
        Column("vlan", "VLAN number.", whole_reader(1, 4_094), "vlan id,id vlan", values="1 to 4094"),
        Column("purpose", "What it is for.", read_text, "kegunaan,peruntukan,fungsi,keterangan"),
        Column("site", "The site that uses it.", name_reader(""), "lokasi,situs,kode lokasi", refers="sites"),
        Column("gateway", "Gateway, inside the prefix.", read_address, "gerbang,ip gateway", values="10.14.1.1"),
        Column("dhcp_from", "First address given out.", read_address, "dhcp dari,dhcp mulai,awal dhcp,dhcp awal"),
        Column("dhcp_to", "Last address given out.", read_address, "dhcp sampai,dhcp akhir,akhir dhcp"),
        Column("public", "Whether citizens use it. Empty: no.", read_yes_no, "publik,untuk publik", values="yes · no"),
    ),
)

PEOPLE: Final = Table(
    "people",
    Person,
    "Who is told, and who may do what.",
    "orang,petugas,personel,daftar petugas,kontak,pegawai",
    (
        required("name", "Full name, the key.", name_reader("|"), "nama,nama lengkap,nama petugas"),
        required(
            "role",
            "What they may do.",
            choice_reader(PersonRole, words.PERSON_ROLE),
            "peran,hak akses,jabatan",
            values=" · ".join(PersonRole),
        ),
        Column("organisation", "Where they work.", read_text, "organisasi,instansi,opd,unit kerja,organization"),
        Column(
            "region_codes",
            "The regions they answer for, separated by `|`.",
            read_text,
            "kode wilayah,wilayah,wilayah kerja,region code",
            levels=ANY_LEVEL,
            values="32.14.01|32.14.02",
        ),
        Column(
            "phone",
            "Phone number; kept as +62…",
            read_phone,
            "telepon,telp,no hp,nomor hp,hp,nomor telepon,no telepon,whatsapp,wa,no wa,nomor wa",
            values="081234567890",
        ),
        Column("channel", "Where messages go.", read_text, "kanal,saluran"),
        Column("duty_hours", "When they are on duty.", read_text, "jam piket,jam tugas,piket,jadwal piket"),
        Column("valid_to", "Last day of the role.", read_date, "berlaku sampai,berlaku hingga", values="31/12/2025"),
    ),
)

TARGETS: Final = Table(
    "targets",
    Target,
    "Numbers promised for a date.",
    "sasaran,target tahunan,target rpjmd",
    (
        required(
            "region_code",
            "The region the number is promised for.",
            read_text,
            "kode wilayah,wilayah,kode kabupaten,kode,kode kemendagri",
            levels=ANY_LEVEL,
            values="32.14",
        ),
        required(
            "due_on",
            "By when.",
            read_date,
            "tanggal,tenggat,jatuh tempo,batas waktu,target tanggal",
            values="31/12/2025",
        ),
        required(
            "indicator",
            "What is counted.",
            choice_reader(Indicator, words.INDICATOR),
            "indikator,jenis indikator",
            values=" · ".join(Indicator),
        ),
        required("value", "How many.", whole_reader(), "nilai,target,jumlah,sasaran", values="0 or more"),
        Column(
            "kind",
            "The plan it stands in. Empty: rpjmd.",
            choice_reader(TargetKind, words.TARGET_KIND),
            "jenis,jenis dokumen,jenis target",
            values=" · ".join(TargetKind),
        ),
        Column("document", "The document that says so.", read_text, "dokumen,nomor dokumen,dasar,dasar hukum"),
        Column("decided_on", "Day of the decision.", read_date, "ditetapkan,tanggal penetapan,tanggal keputusan"),
    ),
)
