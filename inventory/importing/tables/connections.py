"""Columns of links.csv and segments.csv."""

from typing import Final

from domain.network import Link, LinkPurpose, Medium, Segment, SegmentKind
from inventory.importing import words
from inventory.importing.choices import choice_reader
from inventory.importing.columns import Column, Table, required
from inventory.importing.numbers import Lone, measure_reader
from inventory.importing.tables.equipment import read_device_name
from inventory.importing.texts import name_reader, names_reader, read_text

BETWEEN_SEGMENTS: Final = "|"
_read_rate = measure_reader()
_read_kilometres = measure_reader(0, 50_000, Lone.DECIMAL)

LINKS: Final = Table(
    "links",
    Link,
    "What connects devices. Interface names are checked at discovery, not at import.",
    "jalur,koneksi,tautan,link,sambungan",
    (
        required("name", "The link's name, its key.", name_reader("|"), "nama,nama jalur,nama link,link,jalur,koneksi"),
        required(
            "a_device",
            "The device at one end.",
            read_device_name,
            "perangkat a,perangkat asal,dari perangkat,asal,dari,device a",
            refers="devices",
        ),
        Column("a_interface", "Its interface (ifName).", read_text, "antarmuka a,interface a,port a,port asal"),
        Column(
            "z_device",
            "The device at the other end; empty: a provider.",
            read_device_name,
            "perangkat z,perangkat b,perangkat tujuan,ke perangkat,tujuan,ke,device b,device z,b device",
            refers="devices",
        ),
        Column(
            "z_interface",
            "Its interface.",
            read_text,
            "antarmuka z,antarmuka b,interface z,interface b,port z,port b,port tujuan,b interface",
        ),
        Column(
            "purpose",
            "Empty: service.",
            choice_reader(LinkPurpose, words.PURPOSE),
            "tujuan penggunaan,kegunaan,peruntukan,fungsi",
            values=" · ".join(LinkPurpose),
        ),
        Column(
            "medium",
            "Empty: fibre.",
            choice_reader(Medium, words.MEDIUM),
            "media,jenis,media transmisi,jenis media",
            values=" · ".join(Medium),
        ),
        Column("provider", "Who provides it.", read_text, "penyedia,isp,nama penyedia,operator"),
        Column(
            "circuit_id",
            "The provider's number for it.",
            read_text,
            "id sirkuit,cid,nomor sirkuit,sid,id layanan,circuit id",
        ),
        Column("contract", "The contract it runs under.", name_reader(""), "kontrak,id kontrak", refers="contracts"),
        Column("owner", "Whose it is.", read_text, "pemilik,milik,kepemilikan"),
        Column("capacity_mbps", "Capacity in Mbit/s.", _read_rate, "kapasitas,bandwidth,kapasitas mbps,bandwidth mbps"),
        Column("cir_down_mbps", "Assured rate down, Mbit/s.", _read_rate, "cir unduh,cir down,cir turun"),
        Column("cir_up_mbps", "Assured rate up, Mbit/s.", _read_rate, "cir unggah,cir up,cir naik"),
        Column("quota_gb", "Quota in GB a month.", _read_rate, "kuota,kuota gb"),
        Column("length_km", "Length in kilometres.", _read_kilometres, "panjang,panjang km,jarak,jarak km"),
        Column(
            "segments",
            "The segments it runs over, separated by `|`.",
            names_reader(BETWEEN_SEGMENTS),
            "segmen,ruas,segment",
            refers="segments",
        ),
    ),
)

SEGMENTS: Final = Table(
    "segments",
    Segment,
    "What several links share and can lose together: a cable, a pole, a PLN feeder.",
    "segmen,ruas,ruas kabel",
    (
        required("name", "The segment's name, its key.", name_reader("|"), "nama,nama segmen,nama ruas,segmen,ruas"),
        required(
            "kind",
            "What it is.",
            choice_reader(SegmentKind, words.SEGMENT_KIND),
            "jenis,tipe,jenis segmen,type",
            values=" · ".join(SegmentKind),
        ),
        Column("owner", "Whose it is.", read_text, "pemilik,milik,kepemilikan"),
        Column("from", "Where it begins, in your own words.", read_text, "dari,asal,awal", field="from_"),
        Column("to", "Where it ends.", read_text, "ke,tujuan,akhir,sampai"),
        Column("length_km", "Length in kilometres.", _read_kilometres, "panjang,panjang km,jarak,jarak km"),
    ),
)
