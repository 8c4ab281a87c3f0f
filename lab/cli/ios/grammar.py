"""What IOS's modes take, as data (see `lab.cli.lines.grammar` for the notation)."""

import re

from lab.cli.lines.grammar import Grammar
from lab.cli.lines.values import KINDS

_INTERFACES = ("GigabitEthernet", "FastEthernet", "TenGigabitEthernet", "Ethernet", "Loopback", "Tunnel", "Vlan",
               "Port-channel", "Serial")  # fmt: skip
_SPLIT = re.compile(r"^([A-Za-z-]+)\s*([\d/.:]+)$")

TEXT = """
[user]
enable: enable
exit: exit
exit: logout
exit: quit
terminal_length: terminal length <0-512>
terminal_width: terminal width <0-512>
nothing: terminal monitor
nothing: terminal no monitor
show_version: show version
show_clock: show clock
show_brief: show ip interface brief
show_interfaces: show interfaces
show_interface: show interfaces <interface>
show_description: show interfaces description
show_status: show interfaces status
show_inventory: show inventory
show_route: show ip route
show_arp: show arp
show_arp: show ip arp
show_dhcp_pool: show ip dhcp pool
show_dhcp_binding: show ip dhcp binding
show_dhcp_conflict: show ip dhcp conflict
show_dhcp_snooping: show ip dhcp snooping
show_users: show users
show_vlan: show vlan brief
show_vlan: show vlan
show_neighbors: show {cdp|lldp} neighbors [detail]
show_snmp_user: show snmp user
ping: ping <word> [repeat <1-1000>] [source <word>]

[enable]
disable: disable
configure: configure terminal
revert_terminal: configure terminal revert timer <1-120>
confirm: configure confirm
revert: configure revert {now|timer <1-120>}
replace: configure replace <word> [force] [time <1-120>]
show_running: show running-config
show_running_interface: show running-config interface <interface>
show_running_all: show running-config all
show_startup: show startup-config
show_archive: show archive
show_difference: show archive config differences [<word> [<word>]]
archive_config: archive config
show_reload: show reload
show_flash: show flash:
show_flash: dir [flash:]
more: more <word>
delete: delete [/force] <word>
copy: copy <word> <word>
write: write [memory]
write_terminal: write terminal
write_erase: write erase
write_erase: erase startup-config
reload: reload
reload_in: reload in <word> [<line>]
reload_cancel: reload cancel
show_logging: show logging
clear: clear <line>
show_acl: show access-lists [<word>]
show_processes: show processes cpu

[config]
version <word>
~service timestamps debug = datetime [msec] [localtime] [show-timezone]
~service timestamps log = datetime [msec] [localtime] [show-timezone]
~service password-encryption
service tcp-keepalives-in
service tcp-keepalives-out
~service pad
service tcp-small-servers
service udp-small-servers
ip ssh pubkey-chain > pubkey
~service config
hostname = <hostname>
boot system <line>
logging buffered = <4096-2147483647> [<word>]
secret: enable secret = [{0|5|8|9}] <word>
aaa new-model
aaa authentication login <word> <line>
aaa authorization exec <word> <line>
clock timezone = <word> <signed> [<0-59>]
~ip source-route
~ip domain {lookup|-lookup}
ip domain {name|-name} = <word>
ip name-server <ipv4> [<ipv4>] [<ipv4>]
~ip bootp server
ip dhcp excluded-address <ipv4> [<ipv4>]
ip dhcp pool <word> > dhcp
ip dhcp snooping
ip dhcp snooping vlan <word>
ip routing
~ip cef
~ipv6 cef
ip ssh version = {1|2}
ip ssh time-out = <1-120>
ip ssh authentication-retries = <0-5>
ip scp server enable
lldp run
~cdp run
spanning-tree mode = {pvst|rapid-pvst|mst}
spanning-tree extend system-id
archive > archive
username: username <word> = [privilege <0-15>] {secret|password} [{0|5|7|8|9}] <word>
vlan <1-4094> > vlan
track <1-1000> <line>
interface <interface> > interface
router ospf <1-65535> > ospf
router bgp <1-4294967295> > bgp
router rip > rip
ip forward-protocol nd
~ip http server
~ip http secure-server
ip nat inside source <line>
ip default-gateway = <ipv4>
ip route <ipv4> <mask> {<ipv4>|<interface>} [<ipv4>] [<1-255>] [name <word>] [track <1-1000>]
ip access-list standard <word> > acl
ip access-list extended <word> > acl
logging host <ipv4> [transport udp port <1-65535>]
logging trap = <word>
logging source-interface = <interface>
logging facility = <word>
~logging console
access-list <1-199> <line>
snmp_user: snmp-server user <word> <word> v3 [encrypted] [auth {md5|sha} <word> [priv {des|aes {128|192|256}|3des} <word>]] [access <word>]
snmp-server group <word> v3 {auth|noauth|priv} [read <word>] [write <word>] [notify <word>] [access <word>]
snmp-server view <word> <word> {included|excluded}
snmp-server community <word> = [{RO|RW}] [<word>]
snmp-server location = <line>
snmp-server contact = <line>
snmp-server trap-source = <interface>
snmp-server ifindex persist
snmp-server enable traps [<line>]
snmp-server host <ipv4> <line>
banner: banner {motd|login|exec} = <line>
line con <0-0> > line
line aux <0-0> > line
line vty <0-15> [<0-15>] > line
ntp source = <interface>
ntp authenticate
ntp authentication-key <1-65535> md5 <word> [7]
ntp trusted-key <1-65535>
ntp access-group {peer|query-only|serve|serve-only} = <word>
ntp master [<1-15>]
ntp server <word> [prefer] [key <1-65535>]
event manager applet <word> > applet
crypto key generate rsa [<line>]

[interface]
description = <line>
switchport: switchport
switchport trunk encapsulation = dot1q
switchport access vlan = <1-4094>
switchport trunk allowed vlan = <line>
switchport trunk native vlan = <1-4094>
switchport mode = {access|trunk|dynamic {auto|desirable}}
~switchport nonegotiate
encapsulation dot1Q = <1-4094> [native]
ip_address: ip address = {<ipv4> <mask>|dhcp}
ip address <ipv4> <mask> secondary
ip access-group <word> {in|out}
ip helper-address <ipv4>
~ip redirects
~ip unreachables
~ip proxy-arp
ip nat {inside|outside}
ip ospf <1-65535> area <word>
ip ospf cost = <1-65535>
ip mtu = <68-9216>
ip tcp adjust-mss = <500-1460>
mtu = <64-18000>
bandwidth = <1-10000000>
tunnel source = {<ipv4>|<interface>}
tunnel destination = <ipv4>
tunnel mode = <line>
keepalive [<1-32767>] [<1-255>]
duplex = {auto|full|half}
speed = {10|100|1000|auto|nonegotiate}
media-type = {rj45|sfp}
negotiation auto
storm-control <line>
spanning-tree portfast [{trunk|disable}]
spanning-tree bpduguard enable
channel-group <1-48> mode <word>
service-policy {input|output} = <word>
shutdown
~cdp enable
~lldp transmit
~lldp receive

[vlan]
name = <word>
state = {active|suspend}
shutdown

[archive]
log config > archive_log
path = <word>
maximum = <1-14>
write-memory
time-period = <1-525600>

[archive_log]
logging enable
logging size = <1-1000>
hidekeys
notify syslog [contenttype {plaintext|xml}]

[pubkey]
username <word> > pubkey_user

[pubkey_user]
key-string > key_string
key-hash <word> <word> [<line>]

[key_string]
<line>

[dhcp]
network = <ipv4> [<mask_or_slash>]
default-router = <ipv4> [<ipv4>]
dns-server = <ipv4> [<ipv4>] [<ipv4>]
domain-name = <word>
lease = {infinite|<0-365> [<0-23>] [<0-59>]}
option <0-254> <line>

[ospf]
router-id = <ipv4>
log-adjacency-changes [detail]
passive-interface {default|<interface>}
network <ipv4> <ipv4> area <word>
redistribute <line>
default-information originate [always]

[bgp]
bgp router-id = <ipv4>
bgp log-neighbor-changes
neighbor <ipv4> remote-as = <1-4294967295>
neighbor <ipv4> description = <line>
neighbor <ipv4> password = <line>
neighbor <ipv4> update-source = <interface>
neighbor <ipv4> activate
network <ipv4> [mask <mask>]
redistribute <line>

[rip]
version = <1-2>
network <ipv4>
no_auto: auto-summary

[acl]
<1-2147483647> {permit|deny} <line>
{permit|deny} <line>
remark <line>

[line]
exec-timeout = <0-35791> [<0-2147483>]
access-class <word> in
privilege level = <0-15>
logging synchronous
password: password = [{0|7}] <word>
~exec
login = [{local|authentication <word>}]
transport preferred = {none|ssh|telnet|all}
transport input = {none|ssh|telnet|all|telnet ssh|ssh telnet}
transport output = {none|ssh|telnet|all}
length = <0-512>
stopbits = <1-2>

[applet]
event <line>
action <word> <line>
"""  # noqa: E501


def interface(word: str) -> str | None:
    """`gi0/1` is GigabitEthernet0/1."""
    matched = _SPLIT.match(word)
    if matched is None:
        return None
    fitting = [name for name in _INTERFACES if name.lower().startswith(matched[1].lower())]
    return f"{fitting[0]}{matched[2]}" if len(fitting) == 1 or (fitting and len(matched[1]) > 1) else None


def hostname(word: str) -> str | None:
    return word if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", word) else None


def _signed(word: str) -> str | None:
    return word if re.fullmatch(r"-?\d{1,2}", word) else None


def _mask_or_slash(word: str) -> str | None:
    return word if re.fullmatch(r"/\d{1,2}", word) else KINDS["mask"](word)


def normal(line: str) -> str:
    """`interface vlan 10` and `interface vlan10` are the same."""
    names = "|".join(rf"{name[:2]}[A-Za-z-]*" for name in _INTERFACES)
    return re.sub(rf"\b(?i:({names})) +(\d[\d/.]*)", r"\1\2", line) if _NAMES_INTERFACE.search(line) else line


_NAMES_INTERFACE = re.compile(
    r"(?i)^\s*(no\s+|do\s+)*(int|show\s+int|sh\s+int|show\s+run\S*\s+int|sh\s+run\S*\s+int)\S*\s"
)

GRAMMAR = Grammar(
    TEXT,
    {**KINDS, "interface": interface, "hostname": hostname, "signed": _signed, "mask_or_slash": _mask_or_slash},
)

FACTORY = """
version 15.7
service timestamps debug datetime msec
service timestamps log datetime msec
no service password-encryption
hostname {hostname}
{ports}
no ip http server
no ip http secure-server
line con 0
line aux 0
line vty 0 4
 login local
 transport input ssh
"""
