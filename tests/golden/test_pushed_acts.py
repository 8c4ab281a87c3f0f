"""What is said to each platform around one change, word for word: armed, told, kept, taken back.

`KENTONGAN_WRITE_GOLDEN=1` writes them anew; read them before you keep them.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from domain.intent import Configuration, Platform, Section
from provisioning.changing.telling import shown_acts
from provisioning.difference import compare
from provisioning.platforms.pushing import PUSHING, Act, Mark, Say, Situation

FOLDER = Path(__file__).parent / "pushes"
IOS_BEFORE = """\
version 15.7
hostname Router
interface GigabitEthernet0/1
 no ip address
 shutdown
line vty 0 4
 login local
end
"""
IOS_WANTED = """\
hostname rtr-desa
no ip http server
username noc privilege 15 secret ⟦lab/password|word⟧
ip ssh pubkey-chain
 username noc
  key-string
   ssh-rsa AAAA
   BBBB one
   exit
  key-string
   ssh-rsa CCCC two
   exit
ip access-list standard KENTONGAN-MANAGEMENT
 permit 10.9.0.0 0.0.0.255
interface GigabitEthernet0/1
 description kentongan lan
 ip address 10.33.0.1 255.255.255.0
 no shutdown
interface GigabitEthernet0/1.20
 encapsulation dot1Q 20
ip route 0.0.0.0 0.0.0.0 10.33.0.2"""
IOS_NOW = """\
version 15.7
hostname rtr-desa
ip access-list standard KENTONGAN-MANAGEMENT
 permit 10.9.0.0 0.0.0.255
interface GigabitEthernet0/1
 description kentongan lan
 ip address 10.33.0.1 255.255.255.0
interface GigabitEthernet0/1.20
 encapsulation dot1Q 20
line vty 0 4
 login local
ip route 0.0.0.0 0.0.0.0 10.33.0.2
end
"""
VRP_BEFORE = "#\nsysname HUAWEI\n#\ninterface GigabitEthernet0/0/1\n description lama\n#\nreturn\n"
VRP_WANTED = """\
sysname rtr-desa
aaa
 local-user noc password irreversible-cipher ⟦lab/password|word⟧
interface GigabitEthernet0/0/1
 description kentongan lan
interface GigabitEthernet0/0/1.20
 dot1q termination vid 20
ip route-static 0.0.0.0 0.0.0.0 10.33.0.2"""
VRP_NOW = """\
#
sysname rtr-desa
#
aaa
 local-user noc password irreversible-cipher ***
#
interface GigabitEthernet0/0/1
 description kentongan lan
#
interface GigabitEthernet0/0/1.20
 dot1q termination vid 20
#
ip route-static 0.0.0.0 0.0.0.0 10.33.0.2
#
return
"""
ZTE_BEFORE = "hostname ZXAN\ninterface gpon-olt_1/1/3\n  onu 4 type ALL sn ZTEGC0FFEE04\n!\nend\n"
ZTE_WANTED = """\
vlan 104
interface gpon-olt_1/1/3
  onu 5 type ZTE-F660 sn ZTEGC0FFEE01
interface gpon-onu_1/1/3:5
  name desa
  tcont 1 profile 10M
pon-onu-mng gpon-onu_1/1/3:5
  vlan port eth_0/1 mode tag vlan 104"""
ZTE_NOW = ZTE_BEFORE.replace("FFEE04\n!\n", "FFEE04\n  onu 5 type ZTE-F660 sn ZTEGC0FFEE01\n!\n").replace(
    "end\n", "vlan 104\n!\ninterface gpon-onu_1/1/3:5\n  tcont 1 profile 10M\n!\nend\n"
)
HUAWEI_BEFORE = """\
[MA5600V800R018: 5302]
#
[vlan-config]
  <vlan-config>
 vlan 100 to 103 smart
#
[gpon]
  <gpon-0/1>
 interface gpon 0/1
 ont add 3 4 sn-auth "5A544547C0FFEE04" omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc "tetangga"
#
return
"""
HUAWEI_WANTED = """\
vlan 104 smart
port vlan 104 0/19 0
interface gpon 0/1
 ont add 3 5 sn-auth "ZTEGC0FFEE01" omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc "desa"
 ont port native-vlan 3 5 eth 1 vlan 100 priority 0
service-port vlan 104 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 100 tag-transform translate"""
HUAWEI_NOW = """\
[MA5600V800R018: 5302]
#
[vlan-config]
  <vlan-config>
 vlan 100 to 104 smart
 port vlan 104 0/19 0
#
[gpon]
  <gpon-0/1>
 interface gpon 0/1
 ont add 3 4 sn-auth "5A544547C0FFEE04" omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc "tetangga"
 ont add 3 5 sn-auth "5A544547C0FFEE01" omci ont-lineprofile-id 1 ont-srvprofile-id 1 desc "desa"
 ont port native-vlan 3 5 eth 1 vlan 100 priority 0
#
[bbs-config]
  <bbs-config>
 service-port 17 vlan 104 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 100 tag-transform translate
#
return
"""
ARCHIVE = "archive\n path flash:arsip\n"
CASES = {
    "ios-reload": (Platform.IOS, "", IOS_BEFORE, IOS_WANTED, IOS_NOW, False),
    "ios-timer": (Platform.IOS, "", ARCHIVE + IOS_BEFORE, IOS_WANTED, ARCHIVE + IOS_NOW, False),
    "ios-shared": (Platform.IOS, "", ARCHIVE + IOS_BEFORE, IOS_WANTED, ARCHIVE + IOS_NOW, True),
    "vrp-5": (Platform.VRP, "5.170", VRP_BEFORE, VRP_WANTED, VRP_NOW, False),
    "vrp-8": (Platform.VRP, "8.200", VRP_BEFORE, VRP_WANTED, VRP_NOW, False),
    "vrp-8-shared": (Platform.VRP, "8.200", VRP_BEFORE, VRP_WANTED, VRP_NOW, True),
    "zte": (Platform.ZTE_OLT, "", ZTE_BEFORE, ZTE_WANTED, ZTE_NOW, True),
    "huawei-olt": (Platform.HUAWEI_OLT, "", HUAWEI_BEFORE, HUAWEI_WANTED, HUAWEI_NOW, True),
}


def written(case: str) -> str:
    """now: what the device has become, which is what is taken back."""
    platform, version, before, wanted, now, shared = CASES[case]
    pushing = PUSHING[platform]
    configuration = Configuration("desa", platform, 0, (Section("part", tuple(wanted.splitlines())),))
    first = Situation(Mark("ab12cd", 600), configuration, version, before, before, shared=shared)
    difference = compare(configuration, before)
    then = replace(first, now=now, sent=difference.changes)
    parts = {
        "arm": pushing.arm(first),
        "push": pushing.push(first, difference),
        "disarm": pushing.disarm(replace(then, now="", version="")),
        "save": pushing.save(then),
        "revert": pushing.revert(then),
        "arm again": pushing.arm(then),
        "tidy": pushing.tidy(then),
    }
    return "".join(f"{line}\n" for name, acts in parts.items() for line in (f"== {name}", *told(acts), ""))


def told(acts: tuple[Act, ...]) -> list[str]:
    """Each line, and how it is answered where it asks."""
    lines = []
    for act in acts:
        (line,) = shown_acts([act])
        lines.append(line)
        if isinstance(act, Say) and len(act.answers) > 1:
            lines += [f"    {each.pattern}  →  {each.answer!r}" for each in act.answers]
    return lines


@pytest.mark.parametrize("case", CASES)
def test_acts_are_as_they_were_read(case: str) -> None:
    path = FOLDER / f"{case}.txt"
    text = written(case)
    if os.environ.get("KENTONGAN_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
