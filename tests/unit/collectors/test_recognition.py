"""Which profile a device is read by: sysObjectID, sysDescr and, where these say too little, one answer more.

`E.` is 1.3.6.1.4.1.
"""

import asyncio
from typing import cast

import pytest

from collectors.discovery.identity import recognise
from collectors.profiles import Profiles, shipped_profiles
from collectors.snmp import pdu
from collectors.snmp.client import SnmpClient
from domain.polling import SystemFacts
from tests.property.dumped_device import DumpedDevice

LINUX = "Linux 2.6.32.71 #1 Mon Mar 2 mips"
SIGNS: list[tuple[str, str, str, str]] = [  # sysObjectID, sysDescr, an OID that answers, platform
    ("E.14988.1", "RouterOS RB750Gr3", "", "mikrotik-routeros"),
    ("E.14988.1", "kantor desa", "", "mikrotik-routeros"),
    ("E.14988.2", "CSS610-8P-2S+ SwOS v2.20", "", "mikrotik-swos"),
    ("E.3902.1082.1001.320.2.1", "C320 Version V2.1.0 Software", "", "zte-olt"),
    ("E.3902.1082.1001.600.1", "C600 Version V1.2", "", "zte-olt"),
    ("E.3902.1015.300.3.1", "C300", "", "zte-olt"),
    ("E.3902.3.600.3.1.801", "ZTE 5950-36TM Software", "", "zte-switch"),
    ("E.3902.3.100.35", "ZXR10 2952", "", "zte-switch"),
    ("E.2011.2.248", "Huawei Integrated Access Software", "", "huawei-olt"),
    ("E.2011.2.321", "Huawei Integrated Access Software MA5800-X7", "", "huawei-olt"),
    ("E.2011.2.185", "Huawei Integrated Access Software", "", "huawei-mdu"),
    ("E.2011.2.23.421", "S5720 Huawei Versatile Routing Platform Software", "", "huawei-vrp"),
    ("E.2011.2.224.62", "Huawei AR169", "", "huawei-vrp"),
    ("E.5875.800.1001.11", "AN5516-01", "", "fiberhome-olt"),
    ("E.3807.1.8012", "S2200ME-PAF", "", "fiberhome-switch"),
    ("E.37950.1.1.5.10.14.1", "V1600G1", "", "vsol-olt"),
    ("E.3320.1.1", "BDCOM(tm) GP3600-16B Software, Version 10.3.0D", "", "bdcom-gpon"),
    ("E.3320.1.1", "BDCOM(tm) P3310C Software, Version 10.1.0E", "", "bdcom-epon"),
    ("E.3320.101.1", "EPON OLT", "", "bdcom-epon"),
    ("E.52642.1.1", "FS GP3600-16B Software", "", "fs-olt"),
    ("E.17409", "FD1216S", "", "cdata-olt"),
    ("E.34592.1.3.1", "FD1104", "", "cdata-olt"),
    ("E.13464.1.10.5", "GCOM EPON", "", "gcom-olt"),
    ("E.50224.3", "HSGQ", "", "hsgq-olt"),
    ("E.25355.3.2", "HIOSO HA7304", "", "hioso-olt"),
    ("E.8886.6.200", "ISCOM5508", "", "raisecom"),
    ("E.41112.1.5", "Linux", "E.41112.1.5.1.1.0=UFiber OLT", "ubiquiti-ufiber"),
    ("E.41112.1.5", "EdgeOS v2.0.9", "", "ubiquiti-edgerouter"),
    ("E.41112.1.5", LINUX, "E.41112.1.5.1.1.0=EP-54V-150W", "ubiquiti-edgepower"),
    ("E.10002.1", LINUX, "E.41112.1.3.2.1.40.1=v4.0", "ubiquiti-airfiber"),
    ("E.10002.1", LINUX, "E.41112.1.10.1.2.1.0=1", "ubiquiti-ltu"),
    ("E.10002.1", LINUX, "E.41112.1.11.1.1.2.1=61560", "ubiquiti-af60"),
    ("E.10002.1", LINUX, "E.41112.1.4.5.1.5.1=-60", "ubiquiti-airmax"),
    ("E.10002.1", LINUX, "", "ubiquiti-airmax"),
    ("E.41112", LINUX, "", "ubiquiti-airmax"),
    ("E.41112.1.4", LINUX, "", "ubiquiti-airmax"),
    ("E.8072.3.2.10", "UAP-nanoHD 4.0.66", "", "ubiquiti-unifi"),
    ("E.41112", "U6-LR 6.5", "", "ubiquiti-unifi"),
    ("E.4413", "EdgeSwitch 24-Port 250W, 1.9.3", "", "ubiquiti-edgeswitch"),
    ("E.8072.3.2.10", "USW-24-PoE, 5.43", "", "ubiquiti-edgeswitch"),
    ("E.43356.1.1.1", "Mimosa B5c", "", "mimosa"),
    ("E.17713.21", "ePMP 2000", "", "cambium-epmp"),
    ("E.17713.11.1", "PTP 670", "", "cambium-ptp670"),
    ("E.17713.22.1.1", "cnPilot E410", "", "cambium-cnpilot"),
    ("E.17713.24.1.2", "cnMatrix EX2010", "", "cambium-cnmatrix"),
    ("E.161.19.250.256", "CANOPY 20.2", "", "cambium-pmp"),
    ("E.11863.5.190", "JetStream 16-Port", "", "tplink-jetstream"),
    ("E.11863.10.1", "EAP245", "", "tplink-eap"),
    ("E.16972", "TL-ER6120", "", "tplink-router"),
    ("E.14823.1.2.71", "ArubaOS (MODEL: 105)", "", "aruba-instant"),
    ("E.47196.4.1.1.1.254", "FL.10.10", "", "aruba-cx"),
    ("E.11.2.3.7.11.160", "HP J9773A 2530-24G", "", "hp-procurve"),
    ("E.25506.11.1.204", "H3C Comware", "", "h3c-comware"),
    ("E.9.1.1208", "Cisco IOS Software, C2960X", "", "cisco-ios"),
    ("E.9.12.3.1.3.1812", "Cisco NX-OS(tm) n9000", "", "cisco-ios"),
    ("E.9.6.1.88", "SG300-28", "", "cisco-smb"),
    ("E.9.1.3211", "Catalyst 1200 Series Smart Switch", "", "cisco-smb"),
    ("E.2636.1.1.1.4.82.5", "Juniper Networks, Inc. qfx5100", "", "juniper-junos"),
    ("E.4881.1.1.10.1.150", "Ruijie", "", "ruijie"),
    ("E.171.10.137.2.1", "DGS-1510-28", "", "dlink"),
    ("E.12356.101.1.641", "", "", "fortinet"),
    ("E.4526.100.11.42", "M4300-28G", "", "netgear"),
    ("E.674.10895.3063", "Dell EMC Networking N1524", "", "dell-networking"),
    ("E.12148.10", "Smartpack S", "", "eltek"),
    ("E.20246", "Orion", "", "delta-orion"),
    ("E.6302.2.1", "Vertiv", "", "netsure"),
    ("E.2281.1.20.1.3.1", "IP-20G", "", "ceragon"),
    ("E.4458.20.5.1.1", "Wireless Link", "", "radwin"),
    ("E.119.2.3.69.502", "iPASOLINK", "", "nec-ipasolink"),
    ("E.5528.100.20.10.2013", "NetBotz", "", "netbotz"),
    ("E.52674.500", "NetBotz 250A", "", "netbotz-50"),
    ("E.6876.4.1", "VMware ESXi", "", "vmware-esxi"),
    ("E.48690", "RUT955", "", "teltonika"),
    ("E.16378.10000", "Digi TransPort", "", "digi-transport"),
    ("E.4555.1.1.1", "Net Vision", "", "ups-socomec"),
    ("E.476.1.42", "Liebert", "", "vertiv-liebert"),
    ("E.1248.1.1", "EPSON", "1.3.6.1.2.1.43.10.2.1.4.1.1=4711", "printer"),
    ("E.12325.1.1.2.1.1", "pfSense gw 2.6.0-RELEASE FreeBSD", "", "pfsense"),
    ("E.318.1.3.27", "APC Web/SNMP Management Card", "", "apc-powernet"),
    ("1.3.6.1.2.1.33", "The Cs141 SNMP Agent", "", "ups-rfc1628"),
    ("E.99999", "a UPS of somebody", "1.3.6.1.2.1.33.1.1.1.0=Somebody", "ups-rfc1628"),
    ("E.935", "Network UPS Agent", "", "ups-rfc1628"),
    ("E.3808.1.1.1", "CyberPower", "", "ups-cyberpower"),
    ("E.8072.3.2.10", "Linux", "E.2011.6.164.1.1.1.4.0=SMU", "huawei-smu"),
    ("E.8072.3.2.10", "Linux GSE200M", "E.2011.6.174.1.2.100.1.2.1=UPS2000", "huawei-ups"),
    ("E.8072.3.2.10", "Linux nas", "E.6574.1.5.1.0=DS920+", "synology"),
    ("E.8072.3.2.10", "Linux ap", "E.8072.1.3.2.3.1.1.6.100.105.115.116.114.111=OpenWrt 22.03", "openwrt"),
    ("E.8072.3.2.10", "Linux server 6.1 x86_64", "", "net-snmp"),
    ("E.8072.3.2.8", "FreeBSD nas 13.1", "", "net-snmp"),
    ("E.311.1.1.3.1.2", "Hardware: Intel64 - Software: Windows Version 6.3", "", "windows"),
    ("E.99999.1", "a switch of somebody", "", "generic"),
    ("", "", "", "generic"),
]


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return shipped_profiles()


def whole(oid: str) -> str:
    return f"1.3.6.1.4.1.{oid[2:]}" if oid.startswith("E.") else oid


@pytest.mark.parametrize(("object_id", "description", "answer", "platform"), SIGNS)
def test_what_a_device_is(object_id: str, description: str, answer: str, platform: str, profiles: Profiles) -> None:
    oid, _, value = answer.partition("=")
    client = DumpedDevice({whole(oid): (pdu.OCTETS, value.encode())} if oid else {})
    system = SystemFacts(object_id=whole(object_id), description=description)
    assert asyncio.run(recognise(cast(SnmpClient, client), system, profiles)).platform == platform
