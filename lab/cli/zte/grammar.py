"""What the views of a ZTE C3xx take, as data (see `lab.cli.lines.grammar` for the notation)."""

import re

from lab.cli.lines.grammar import Grammar
from lab.cli.lines.values import KINDS

_TEXT = """
[user]
enable: enable
exit: exit
terminal_length: terminal length <0-512>
show_clock: show clock
show_version: show {version|version-running}

[enable]
configure: configure terminal
disable: disable
show_running: show running-config
show_running_interface: show running-config interface <pon>
show_onu_running: show onu running config <onu>
show_startup: show startup-config
show_uncfg: show gpon onu uncfg [<olt>]
show_state: show gpon onu state [<olt>]
show_baseinfo: show gpon onu baseinfo <olt>
show_detail: show gpon onu detail-info <onu>
show_power: show pon power attenuation <onu>
show_card: show card
show_types: show onu-type gpon
show_tconts: show gpon profile tcont
show_vlans: show vlan summary
show_users: show users
write: write
reboot: reboot
clear: clear <line>

[config]
hostname = <word>
username <word> password = <word> [privilege <0-15>]
pon > pon
gpon > gpon
vlan <1-4094> > vlan
vlan_database: vlan database > vlandb
interface <olt> > olt
interface <onu> > onu
interface <uplink> > uplink
interface vlan <1-4094> > l3
pon-onu-mng <onu> > mng
ip route <ipv4> <mask> <ipv4>
ip access-list standard <word> > acl
line telnet access-class <word>
ssh server enable
ntp server <ipv4> [version <1-3>]
ntp enable
clock timezone = <word> <word>
snmp-server community <word> = view <word> {ro|rw}
snmp-server location = <line>
snmp-server contact = <line>
snmp-server host <ipv4> <line>
snmp-server user <word> <word> v3 [auth {md5|sha} <word>] [priv {des56|aes128} <word>]
syslog host <ipv4> [<line>]

[pon]
onu-type <word> gpon = [description <word>]
onu-type-if <word> <line>

[gpon]
profile tcont <word> type = <1-5> [fixed <1-10000000>] [assured <1-10000000>] [maximum <1-10000000>]
profile traffic <word> sir = <0-10000000> pir <0-10000000>
onu profile {vlan|ip|line|remote} <line>

[vlan]
name = <word>
description = <line>

[vlandb]
vlan <word>

[olt]
onu: onu <1-128> = type <word> sn <sn>
onu <1-128> state = {enable|disable}
name = <line>
linktrap {enable|disable}
shutdown

[onu]
name = <line>
description = <line>
sn-bind = {enable|disable} [sn]
registration: registration-method sn <sn>
tcont: tcont <1-7> = [name <word>] profile <word>
gemport: gemport <1-8> = [name <word>] [unicast] tcont <1-7> [dir both]
gemport <1-8> traffic-limit = [upstream <word>] [downstream <word>]
switchport mode = {hybrid|trunk|access} vport <1-8>
service: service-port <1-8> = vport <1-8> user-vlan <1-4094> vlan <1-4094> [svlan <1-4094>]
service-port <1-8> description = <line>
pppoe-intermediate-agent enable vport <1-8>
dhcp-option82 enable vport <1-8>

[mng]
service <word> = [type internet] gemport <1-8> [cos <word>] vlan <1-4094>
flow mode = <1-8> tag-filter <word> untag-filter <word>
flow <1-8> pri = <0-7> vlan <1-4094>
gemport <1-8> flow = <1-8>
switchport-bind = <line>
vlan port <word> mode = {tag vlan <1-4094>|hybrid def-vlan <1-4094>|transparent|trunk}
vlan-filter-mode <line>
vlan-filter <line>
wan-ip <1-4> mode = {dhcp|static|pppoe} <line>
security-mgmt <1-999> = <line>
interface eth <word> state = {lock|unlock}
dhcp-ip ethuni <word> {from-onu|from-internet|no-ctrl}
reboot_onu: reboot

[uplink]
description = <line>
switchport mode = {hybrid|trunk|access}
switchport vlan <word> {tag|untag}
switchport default vlan = <1-4094>
speed <line>
shutdown

[l3]
ip address = <ipv4> <mask>
description = <line>

[acl]
rule <1-100> {permit|deny} <line>
"""


def olt(word: str) -> str | None:
    """`gpon-olt_1/1/1`: rack 1, two cards of sixteen ports."""
    matched = re.fullmatch(r"(?i)gpon-olt_1/([12])/(\d{1,2})", word)
    return word.lower() if matched and 1 <= int(matched[2]) <= 16 else None


def onu(word: str) -> str | None:
    matched = re.fullmatch(r"(?i)gpon-onu_(1/[12]/\d{1,2}):(\d{1,3})", word)
    return word.lower() if matched and olt(f"gpon-olt_{matched[1]}") and 1 <= int(matched[2]) <= 128 else None


def _pon(word: str) -> str | None:
    return olt(word) or onu(word) or _uplink(word)


def _uplink(word: str) -> str | None:
    return word.lower() if re.fullmatch(r"(?i)x?gei_1/\d{1,2}/\d{1,2}", word) else None


def normal(line: str) -> str:
    return line


GRAMMAR = Grammar(_TEXT, {**KINDS, "olt": olt, "onu": onu, "pon": _pon, "uplink": _uplink})

FACTORY = """
hostname {hostname}
pon
 onu-type ALL gpon description ALL
 onu-type ZTE-F660 gpon description 4ETH,2POTS,WIFI
gpon
 profile tcont default type 4 maximum 1024000
 profile tcont 10M type 4 maximum 10240
 profile tcont 100M type 4 maximum 102400
{ports}
interface gei_1/3/1
{management}
ssh server enable
"""
