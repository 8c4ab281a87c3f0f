"""Columns of devices.csv."""

from typing import Final

from domain.network import Check, Device, DeviceStatus, PollClassName, Role
from inventory.importing import words
from inventory.importing.addresses import read_address, read_mac
from inventory.importing.choices import choice_reader
from inventory.importing.columns import Column, Table, required
from inventory.importing.dates import read_date
from inventory.importing.numbers import whole_reader
from inventory.importing.texts import name_reader, names_reader, read_text

BETWEEN_DEVICES: Final = "|,;"
read_device_name = name_reader(BETWEEN_DEVICES)
read_port = whole_reader(1, 65_535)

DEVICES: Final = Table(
    "devices",
    Device,
    "Equipment. Sites and devices alone are enough to begin: `uplink` makes the topology.",
    "perangkat,daftar perangkat,inventaris perangkat,alat",
    (
        required(
            "name",
            "The device's name, its key; without `|`, comma and semicolon.",
            read_device_name,
            "nama,nama perangkat,perangkat,hostname,host,nama alat,device",
            values="rtr-plered",
        ),
        required(
            "site",
            "The slug of the site where it stands.",
            name_reader(""),
            "lokasi,situs,kode lokasi,kode site,kode situs,slug,titik",
            refers="sites",
        ),
        required(
            "role",
            "What it does.",
            choice_reader(Role, words.ROLE),
            "peran,jenis,jenis perangkat,fungsi,kategori,jenis alat",
            values=" · ".join(Role),
        ),
        Column("platform", "Its operating system; empty: found out.", read_text, "sistem operasi,os,merek,merk,vendor"),
        Column("model", "The maker's name for it.", read_text, "tipe,type,tipe perangkat"),
        Column(
            "serial",
            "Serial number. Format the column as Text in Excel.",
            read_text,
            "nomor seri,no seri,sn,serial number,nomor serial,no serial",
        ),
        Column("mac", "MAC address.", read_mac, "mac address,alamat mac,alamat fisik", values="AA:BB:CC:DD:EE:FF"),
        Column(
            "address",
            "The IPv4 or IPv6 address at which it is asked; unique within zone and SNMP port.",
            read_address,
            "ip,ip address,alamat ip,alamat,ip addr,ipv4",
            values="10.14.1.1",
        ),
        Column("zone", "The collector that polls it.", name_reader(""), "zona,kolektor"),
        Column(
            "check",
            "What is asked to know whether it lives. Empty: icmp+snmp.",
            choice_reader(Check, words.CHECK),
            "cara periksa,pemeriksaan,cek,metode cek,monitoring",
            values=" · ".join(Check),
        ),
        Column("snmp_port", "Empty: 161.", read_port, "port snmp", values="1 to 65535"),
        Column("ssh_port", "Empty: 22.", read_port, "port ssh", values="1 to 65535"),
        Column(
            "credential",
            "The name of a stored credential (`kentongan credential add`), never the secret itself.",
            name_reader(""),
            "kredensial,nama kredensial,credential name",
        ),
        Column(
            "uplink",
            "The devices it reaches the centre through; more than one separated by `|`.",
            names_reader(BETWEEN_DEVICES),
            "induk,perangkat induk,hulu,uplink ke,terhubung ke,parent",
            refers="devices",
            values="rtr-plered",
        ),
        Column(
            "mgmt_via",
            "The device through which it is managed, if that is another way than its uplink.",
            read_device_name,
            "manajemen lewat,via manajemen,dikelola lewat,mgmt via",
            refers="devices",
        ),
        Column("olt", "The OLT of an ONU.", read_device_name, "nama olt", refers="devices"),
        Column("olt_port", "The OLT's port.", read_text, "port olt,pon,port pon", values="0/1/3"),
        Column("onu_id", "The ONU's number on that port.", read_text, "id onu,nomor onu"),
        Column("owner", "Whose it is.", read_text, "pemilik,milik,kepemilikan"),
        Column(
            "status",
            "Where it is in its life; only in-use is polled. Empty: in-use.",
            choice_reader(DeviceStatus, words.STATUS),
            "kondisi,keadaan,status perangkat",
            values=" · ".join(DeviceStatus),
        ),
        Column(
            "poll_class",
            "How often it may be asked. Empty: fibre.",
            choice_reader(PollClassName, words.POLL_CLASS),
            "kelas poll,kelas polling,kelas pemantauan",
            values=" · ".join(PollClassName),
        ),
        Column("gateway", "The gateway it uses.", read_text, "gerbang,ip gateway,default gateway"),
        Column(
            "asset_no",
            "Number in the asset register (KIB). Format the column as Text in Excel.",
            read_text,
            "nomor aset,no aset,kode aset,nomor inventaris,no inventaris,kode barang,nup",
        ),
        Column(
            "purchase_year",
            "Year of purchase.",
            whole_reader(1980, 2200),
            "tahun beli,tahun pembelian,tahun perolehan,tahun pengadaan,tahun",
            values="2023",
        ),
        Column(
            "warranty_until",
            "Last day of the warranty.",
            read_date,
            "garansi sampai,garansi,akhir garansi,masa garansi,garansi hingga",
            values="31/12/2025",
        ),
    ),
)
