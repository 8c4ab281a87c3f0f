"""What VRP's views take, as data (see `lab.cli.lines.grammar` for the notation)."""

import re

from lab.cli.lines.grammar import Grammar
from lab.cli.lines.values import KINDS, mask_or_length

_INTERFACES = ("GigabitEthernet", "XGigabitEthernet", "Ethernet", "Vlanif", "LoopBack", "Eth-Trunk", "MEth", "Tunnel",
               "NULL")  # fmt: skip

_TEXT = """
[user]
system_view: system-view
quit: quit
screen_length: screen-length <0-512> temporary
screen_length: undo screen-length temporary
nothing: terminal monitor
nothing: undo terminal {monitor|debugging|logging|trapping}
display_version: display version
display_clock: display clock
display_current: display current-configuration
display_current_interface: display current-configuration interface <interface>
display_current_part: display current-configuration configuration <word>
display_saved: display saved-configuration
display_this: display this
display_brief: display interface brief
display_ip: display ip interface brief
display_vlan: display vlan
display_device: display device
display_esn: display esn
display_pools: display ip pool
display_pool: display ip pool interface <interface> [{used|conflict}]
display_arp: display arp [all]
display_logbuffer: display logbuffer
display_users: display users
display_startup: display startup
display_routes: display ip routing-table
display_schedule: display schedule reboot
display_commits: display configuration commit list [verbose]
compare: compare configuration
save: save
save: save force
save_file: save <file>
startup_set: startup saved-configuration <file>
reboot: reboot
reboot_fast: reboot fast
schedule_delay: schedule reboot delay <word>
schedule_undo: undo schedule reboot
reset_saved: reset saved-configuration
rollback: rollback configuration {last <1-80>|to commit-id <1000000001-1999999999>|to label <word>|to file <file>}
dir: dir
ping: ping [-c <1-1000>] [-a <ipv4>] <ipv4>

[system]
sysname = <name>
header login information = <line>
vlan batch <line>
stp mode = {stp|rstp|mstp}
stp enable
stp bpdu-protection
dns resolve
dns server <ipv4>
dns domain = <word>
clock timezone = <word> {add|minus} <word>
ntp-service enable
ntp-service unicast-server <ipv4> [{prefer|authentication-keyid <word>}]
ntp-service source-interface = <interface>
ntp-service authentication enable
ntp-service authentication-keyid <1-4294967295> authentication-mode {md5|hmac-sha256} = [cipher] <word>
ntp-service reliable authentication-keyid <1-4294967295>
~ntp-service server disable
undo_like: lldp enable
dhcp enable
dhcp snooping enable
dhcp server detect
acl number <2000-4999> > acl
acl name <word> [{basic|advance}] > acl
vlan <1-4094> > vlan
ip pool <word> > pool
local_key: rsa local-key-pair create
aaa > aaa
interface <interface> > interface
ospf <1-65535> [router-id <ipv4>] > ospf
bgp <1-4294967295> > bgp
ip route-static <ipv4> <masklen> {<ipv4>|<interface>} [<ipv4>] [preference <1-255>] [description <line>]
snmp-agent
snmp-agent local-engineid = <word>
snmp-agent sys-info version = {v3|v2c|v1|all|v2c v3|v1 v2c}
snmp-agent sys-info contact = <line>
snmp-agent sys-info location = <line>
snmp-agent community {read|write} = [cipher] <word> [acl <word>]
snmp-agent group v3 <word> = {authentication|privacy|noauthentication} [read-view <word>] [write-view <word>] [notify-view <word>] [acl <word>]
snmp-agent mib-view {included|excluded} <word> <word>
snmp-agent usm-user v3 <word> <word> = {simple|cipher} authentication-mode {md5|sha|sha2-256} <word> privacy-mode {des56|aes128|aes256} <word> [acl <word>]
snmp-agent usm-user v3 <word> = [group <word>]
snmp-agent usm-user v3 <word> authentication-mode = {md5|sha|sha2-256} [cipher] <word>
snmp-agent usm-user v3 <word> privacy-mode = {des56|aes128|aes256} [cipher] <word>
snmp-agent usm-user v3 <word> acl = <word>
snmp-agent target-host trap address udp-domain <ipv4> params securityname <line>
snmp-agent trap enable
snmp-agent trap source = <interface>
snmp-agent protocol source-interface = <interface>
info-center enable
info-center loghost source = <interface>
info-center loghost <ipv4> = [port <1-65535>] [facility <word>]
info-center source default channel <0-9> <line>
stelnet server enable
sftp server enable
ftp server enable
ftp server-source <line>
scp server enable
ssh user <word>
ssh user <word> authentication-type = {password|rsa|ecc|all|password-rsa}
ssh user <word> service-type = {stelnet|sftp|all|stelnet sftp}
ssh server-source = {all-interface|-i <interface>}
ssh server timeout = <1-120>
ssh server acl = <word>
~telnet server enable
http server enable
http secure-server enable
user-interface maximum-vty = <0-15>
user-interface con <0-0> > ui
user-interface vty <0-20> [<0-20>] > ui

[acl]
rule [<0-4294967294>] {permit|deny} [<line>]
description = <line>
step = <1-20>

[vlan]
description = <line>
name = <word>

[pool]
gateway-list = <ipv4> [<ipv4>]
network = <ipv4> mask <masklen>
excluded-ip-address <ipv4> [<ipv4>]
dns-list = <ipv4> [<ipv4>]
lease = {unlimited|day <0-999> [hour <0-23>] [minute <0-59>]}

[aaa]
local_user: local-user <word>
authentication-scheme <word>
authorization-scheme <word>
accounting-scheme <word>
domain <word>
password: local-user <word> password = {irreversible-cipher|cipher} <word>
local-user <word> privilege level = <0-15>
local-user <word> service-type = {ssh|telnet|terminal|http|ssh terminal|terminal ssh|telnet ssh|ssh http}
local-user <word> state = {active|block}
local-user <word> idle-timeout = <0-35791> [<0-59>]

[interface]
description = <line>
ip_address: ip address = <ipv4> <masklen>
ip address <ipv4> <masklen> sub
port link-type = {access|trunk|hybrid|dot1q-tunnel}
port default vlan = <1-4094>
port trunk pvid vlan = <1-4094>
port trunk allow-pass vlan = <line>
port hybrid {pvid vlan|untagged vlan|tagged vlan} = <line>
eth-trunk = <0-127>
mode = {lacp|manual load-balance|lacp-static}
undo_like: stp edged-port enable
stp disable
speed = {10|100|1000|auto}
duplex = {full|half}
~negotiation auto
mtu = <46-9600>
dhcp select = {global|interface|relay}
dhcp relay server-ip <ipv4>
dot1q termination vid = <1-4094>
arp broadcast enable
dhcp server excluded-ip-address <ipv4> [<ipv4>]
dhcp server lease = {unlimited|day <0-999> [hour <0-23>] [minute <0-59>]}
dhcp server dns-list = <ipv4> [<ipv4>]
dhcp server domain-name = <word>
traffic-filter {inbound|outbound} acl = <word>
ospf cost = <1-65535>
ospf enable <1-65535> area <word>
storm-control <line>
port-isolate enable [group <1-64>]
broadcast-suppression = <0-100>
shutdown

[ospf]
area <word> > area
default-route-advertise [always]
import-route <line>
silent-interface <interface>

[area]
network <ipv4> <ipv4>

[bgp]
router-id = <ipv4>
peer <ipv4> as-number = <1-4294967295>
peer <ipv4> description = <line>
peer <ipv4> password = cipher <word>
network <ipv4> <masklen>

[ui]
authentication-mode = {aaa|password|none}
user privilege level = <0-15>
idle-timeout = <0-35791> [<0-59>]
screen-length = <0-512>
protocol inbound = {ssh|telnet|all}
acl <word> inbound
history-command max-size = <0-256>
set authentication password = [cipher] <word>
"""  # noqa: E501

_TWO_PHASE = """
[commit]
commit: commit [persist <word>]
commit_trial: commit trial [<60-65535>] [persist <word>]
commit_abort: abort trial [persist <word>]
commit_comment: commit {description|comment|label} <line>
clear: clear configuration candidate
display_candidate: display configuration candidate
"""


def interface(word: str) -> str | None:
    matched = re.match(r"^([A-Za-z-]+)([\d/.:]+)$", word)
    if matched is None:
        return None
    name = matched[1].lower()
    exact = [each for each in _INTERFACES if each.lower() == name]
    fitting = exact or [each for each in _INTERFACES if each.lower().startswith(name)]
    return f"{fitting[0]}{matched[2]}" if len(fitting) == 1 else None


def normal(line: str) -> str:
    """`interface GigabitEthernet 0/0/1` and `…Ethernet0/0/1` are the same, and so are `user-interface vty 0 4`s."""
    return re.sub(r"(?i)\b(gi|xgi|eth|vlanif|loop|meth|tun|null)([a-z-]*) +(\d[\d/.]*)$", r"\1\2\3", line)


def _name(word: str) -> str | None:
    return word if re.fullmatch(r"[^\s?]{1,64}", word) else None


def _file(word: str) -> str | None:
    name = word.removeprefix("flash:/").removeprefix("flash:")
    return name if re.fullmatch(r"[\w.-]{1,60}\.(?:cfg|zip|dat)", name) else None


GRAMMAR = Grammar(
    _TEXT + _TWO_PHASE,
    {**KINDS, "interface": interface, "name": _name, "masklen": mask_or_length, "file": _file},
)

FACTORY = """
sysname {hostname}
stelnet server enable
aaa
 authentication-scheme default
 authorization-scheme default
 accounting-scheme default
 domain default
{ports}
user-interface con 0
user-interface vty 0 4
 authentication-mode aaa
 protocol inbound ssh
"""
