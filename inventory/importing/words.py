"""Indonesian and everyday words for the closed lists of the vocabulary."""

from typing import Final

from domain.evaluation.indicators import Level, Measure
from domain.network import (
    Check,
    DeviceStatus,
    Funding,
    Indicator,
    Internet,
    LinkPurpose,
    Medium,
    Meter,
    Operator,
    PersonRole,
    PollClassName,
    PowerSource,
    Role,
    SegmentKind,
    ServiceClass,
    SiteKind,
    Stage,
    TargetKind,
)

INTERNET: Final = {
    Internet.OWN: ("sendiri", "mandiri", "swadaya", "milik sendiri"),
    Internet.BAKTI: ("bakti kominfo",),
    Internet.NONE: ("tidak ada", "belum ada", "blank spot", "blankspot", "nihil"),
    Internet.UNKNOWN: ("tidak diketahui", "belum diketahui", "belum didata"),
}
SITE_KIND: Final = {
    SiteKind.DATACENTER: ("pusat data", "data center", "data centre", "dc", "ruang server"),
    SiteKind.POP: ("point of presence", "titik hadir"),
    SiteKind.KECAMATAN: ("kantor kecamatan", "kec", "district office"),
    SiteKind.OPD: ("dinas", "skpd", "badan", "kantor dinas", "perangkat daerah"),
    SiteKind.UPTD: ("upt", "uptd dinas"),
    SiteKind.DESA: ("kantor desa", "balai desa", "village"),
    SiteKind.KELURAHAN: ("kantor kelurahan", "kel"),
    SiteKind.MPP: ("mal pelayanan publik", "mall pelayanan publik", "public service mall"),
    SiteKind.PUSKESMAS: ("pustu", "klinik", "health centre", "pusat kesehatan masyarakat"),
    SiteKind.SCHOOL: ("sekolah", "sd", "smp", "sma", "smk", "madrasah"),
    SiteKind.TOWER: ("menara", "bts"),
    SiteKind.POLE: ("tiang",),
    SiteKind.CCTV: ("titik cctv", "kamera"),
    SiteKind.PUBLIC: ("umum", "ruang publik", "tempat umum", "taman", "wifi publik", "fasilitas umum"),
}
POWER: Final = {
    PowerSource.PLN: ("listrik", "listrik pln"),
    PowerSource.UPS: ("baterai", "aki"),
    PowerSource.SOLAR: ("surya", "panel surya", "plts", "tenaga surya", "solar panel", "solar cell"),
    PowerSource.GENERATOR: ("genset", "generator set", "diesel"),
}
METER: Final = {
    Meter.PREPAID: ("prabayar", "pra bayar", "token", "pulsa"),
    Meter.POSTPAID: ("pascabayar", "pasca bayar", "paskabayar", "tagihan"),
}
OPERATOR: Final = {
    Operator.DISKOMINFO: ("kominfo", "dinas kominfo", "dinas komunikasi dan informatika"),
    Operator.PROVIDER: ("penyedia", "isp", "provider internet"),
    Operator.BAKTI: ("bakti kominfo",),
    Operator.DESA: ("pemerintah desa", "pemdes", "village"),
}
STAGE: Final = {
    Stage.PLANNED: ("rencana", "direncanakan"),
    Stage.FUNDED: ("didanai", "dianggarkan", "teranggarkan"),
    Stage.BUILT: ("dibangun", "terbangun", "terpasang", "selesai dibangun"),
    Stage.ACTIVE: ("aktif", "beroperasi", "online"),
    Stage.HANDED_OVER: ("serah terima", "diserahterimakan", "bast", "sudah bast"),
    Stage.SUSPENDED: ("ditangguhkan", "dihentikan sementara", "nonaktif", "non aktif", "tidak aktif"),
    Stage.RETIRED: ("dibongkar", "dihapus", "pensiun", "ditutup"),
}
FUNDING: Final = {
    Funding.APBD: ("apbd kabupaten", "apbd ii"),
    Funding.DANA_DESA: ("dd", "apbdes"),
    Funding.BAKTI: ("bakti kominfo",),
    Funding.CSR: ("tjsl",),
    Funding.PROVIDER: ("penyedia", "isp"),
}
ROLE: Final = {
    Role.ROUTER: ("ruter", "mikrotik", "routerboard"),
    Role.SWITCH: ("saklar", "hub", "switch hub"),
    Role.FIREWALL: ("tembok api",),
    Role.VPN: ("konsentrator", "konsentrator vpn", "vpn concentrator"),
    Role.OLT: ("optical line terminal",),
    Role.ONU: ("ont", "optical network unit"),
    Role.AP: ("access point", "accesspoint", "titik akses", "wifi", "wi-fi", "hotspot"),
    Role.RADIO: ("radio link", "ptp", "ptmp", "wireless", "antena"),
    Role.CONVERTER: ("konverter", "media converter", "mc"),
    Role.INVERTER: ("inverter surya",),
    Role.SERVER: ("peladen",),
    Role.VM: ("mesin virtual", "virtual machine", "server virtual"),
    Role.NVR: ("dvr", "perekam"),
    Role.CAMERA: ("kamera", "cctv", "ip camera", "kamera cctv"),
}
CHECK: Final = {
    Check.ICMP_SNMP: ("snmp+icmp", "icmp, snmp", "icmp dan snmp", "ping+snmp", "ping dan snmp"),
    Check.ICMP: ("ping",),
    Check.PUSH: ("heartbeat",),
    Check.HTTP: ("https", "web"),
    Check.NONE: ("tidak", "tidak ada", "tidak diperiksa", "no"),
}
STATUS: Final = {
    DeviceStatus.PLANNED: ("rencana", "direncanakan"),
    DeviceStatus.IN_USE: ("dipakai", "terpakai", "digunakan", "terpasang", "aktif", "active", "used", "baik"),
    DeviceStatus.SPARE: ("cadangan", "gudang", "stok"),
    DeviceStatus.RMA: ("garansi", "servis", "service", "diperbaiki", "perbaikan"),
    DeviceStatus.LOST: ("hilang", "dicuri"),
    DeviceStatus.RETIRED: ("pensiun", "afkir", "dihapus", "rusak berat", "tidak dipakai"),
}
POLL_CLASS: Final = {
    PollClassName.FIBRE: ("fiber", "fo", "serat optik", "fiber optik"),
    PollClassName.RADIO: ("wireless", "nirkabel"),
    PollClassName.METERED: ("berkuota", "kuota", "lte", "vsat"),
    PollClassName.SLOW: ("lambat", "pelan"),
}
PURPOSE: Final = {
    LinkPurpose.SERVICE: ("layanan", "data", "internet"),
    LinkPurpose.MANAGEMENT: ("manajemen", "pengelolaan", "mgmt"),
}
MEDIUM: Final = {
    Medium.FIBRE: ("fiber", "fo", "serat optik", "fiber optik", "fibre optic", "fiber optic", "ftth"),
    Medium.RADIO: ("wireless", "nirkabel", "ptp", "microwave"),
    Medium.COPPER: ("tembaga", "utp", "kabel utp", "ethernet"),
    Medium.LTE: ("4g", "seluler", "gsm", "5g"),
    Medium.VSAT: ("satelit", "satellite"),
    Medium.LEO: ("starlink",),
    Medium.VPN: ("tunnel", "terowongan"),
}
SEGMENT_KIND: Final = {
    SegmentKind.CABLE: ("kabel",),
    SegmentKind.POLE: ("tiang",),
    SegmentKind.CLOSURE: ("join closure", "jc", "joint closure", "odc", "sambungan"),
    SegmentKind.SPLITTER: ("odp", "pembagi"),
    SegmentKind.TOWER: ("menara",),
    SegmentKind.FEEDER: ("penyulang", "penyulang pln"),
}
SERVICE_CLASS: Final = {
    ServiceClass.UMUM: ("general", "aplikasi umum"),
    ServiceClass.KHUSUS: ("special", "aplikasi khusus"),
    ServiceClass.DESA: ("village", "aplikasi desa"),
    ServiceClass.PUSAT: ("central", "national", "aplikasi pusat"),
}
PERSON_ROLE: Final = {
    PersonRole.VIEWER: ("pengamat", "pembaca"),
    PersonRole.NOC: ("operator", "petugas noc"),
    PersonRole.ENGINEER: ("teknisi", "insinyur", "network engineer"),
    PersonRole.PLANNER: ("perencana",),
    PersonRole.APPROVER: ("penyetuju", "pimpinan", "kepala bidang"),
    PersonRole.ADMIN: ("administrator",),
}
INDICATOR: Final = {
    Indicator.DESA: ("village", "desa terhubung"),
    Indicator.OPD: ("dinas",),
    Indicator.WIFI: ("wi-fi", "titik wifi", "wifi publik"),
    Indicator.CCTV: ("kamera", "titik cctv"),
}
TARGET_KIND: Final = {
    TargetKind.REVISION: ("perubahan", "revisi"),
}
LEVEL: Final = {
    Level.OUTPUT: ("keluaran",),
    Level.OUTCOME: ("hasil",),
    Level.IMPACT: ("dampak",),
    Level.QUICK_WIN: ("quick win", "quickwin", "quick wins", "program unggulan"),
}
MEASURE: Final = {
    Measure.DESA_CONNECTED: ("desa terhubung",),
    Measure.DESA_CONNECTED_PERCENT: ("persen desa terhubung",),
    Measure.DESA_SERVED: ("desa terlayani",),
    Measure.DESA_SERVED_PERCENT: ("persen desa terlayani",),
    Measure.DESA_UNMEASURED: ("desa tidak terukur",),
    Measure.KELURAHAN_CONNECTED: ("kelurahan terhubung",),
    Measure.DESA_AVAILABILITY: ("ketersediaan desa",),
    Measure.OPD_AVAILABILITY: ("ketersediaan opd",),
    Measure.PROVIDER_AVAILABILITY: ("ketersediaan penyedia",),
    Measure.INCIDENTS: ("gangguan", "jumlah gangguan"),
    Measure.REPAIR_HOURS: ("lama perbaikan", "jam perbaikan"),
    Measure.ACKNOWLEDGE_MINUTES: ("waktu tanggap", "menit tanggap"),
    Measure.OPD_SITES: ("lokasi opd", "opd terhubung"),
    Measure.PUBLIC_SITES: ("wifi publik", "titik wifi"),
    Measure.CCTV_SITES: ("titik cctv", "cctv"),
    Measure.SERVICES: ("aplikasi", "jumlah aplikasi"),
    Measure.PUBLIC_SERVICES: ("aplikasi publik", "layanan publik"),
}
