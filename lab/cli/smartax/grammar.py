"""What the views of a Huawei MA5608T take, as data (see `lab.cli.lines.grammar` for the notation)."""

import re

from lab.cli.lines.grammar import Grammar
from lab.cli.lines.values import KINDS, mask_or_length

_TEXT = """
[user]
enable: enable
quit: quit
undo_smart: undo smart
smart: smart
scroll: scroll [<10-512>]
undo_scroll: undo scroll
display_version: display version [backplane]
display_time: display time

[enable]
config: config
disable: disable
infoswitch: infoswitch cli {ON|OFF|on|off}
idle: idle-timeout <0-255>
display_current: display current-configuration [section <word>]
display_saved: display saved-configuration
display_board: display board <word>
display_autofind: display ont autofind all
display_ont_sn: display ont info by-sn <sn>
display_ont_all: display ont info <0-0> <0-15> <0-15> all
display_ont: display ont info <0-0> <0-15> <0-15> <0-127>
display_ont_summary: display ont info summary <fsp>
display_service: display service-port {all|<0-65535>}
display_service_port: display service-port port <fsp> [ont <0-127>]
display_lines: display ont-lineprofile gpon all
display_services: display ont-srvprofile gpon all
display_dba: display dba-profile all
display_vlan: display vlan all
display_esn: display sysinfo
save: save [{configuration|data}]
reboot: reboot system

[config]
mmi: mmi-mode {enable|disable}
sysname = <word>
terminal: terminal user name <word> <word> <0-15>
vlan <2-4093> = {smart|standard|mux|super}
vlan desc <2-4093> = description <word>
port vlan <2-4093> <word> <0-15>
dba-profile add profile-id <10-512> = [profile-name <word>] {type1 fix <128-10000000>|type3 assure <128-10000000> max <128-10000000>|type4 max <128-10000000>}
ont-lineprofile gpon profile-id <0-512> = [profile-name <word>] > line
ont-srvprofile gpon profile-id <0-512> = [profile-name <word>] > srv
traffic table ip index <0-1023> = [name <word>] cir <64-10240000> [pir <64-10240000>] priority <0-7> priority-policy local-setting
interface gpon <fs> > gpon
interface mcu <fs> > mcu
interface vlanif <2-4093> > vlanif
interface meth <0-0> > vlanif
service_port: service-port [<0-65535>] vlan <1-4093> gpon <fsp> ont <0-127> gemport <0-1023> multi-service user-vlan {<1-4095>|untagged} [tag-transform {translate|transparent|default}] [inbound traffic-table index <0-1023> outbound traffic-table index <0-1023>]
ip route-static <ipv4> <masklen> <ipv4>
snmp-agent
snmp-agent community {read|write} = <word>
snmp-agent sys-info version = {v1|v2c|v3|all}
snmp-agent sys-info location = <line>
snmp-agent sys-info contact = <line>
snmp-agent group v3 <word> = {authentication|privacy}
snmp-agent usm-user v3 <word> <word> = [authentication-mode {md5|sha} <word>] [privacy-mode {des56|aes128} <word>]
snmp-agent target-host trap-paramsname <line>
ntp-service unicast-server <ipv4>
loghost add <ipv4> <word>
loghost activate {ip <ipv4>|name <word>}
sysman {ip-access|ip-refuse} ssh <ipv4> to <ipv4>
sysman firewall ssh = {enable|disable}
ssh user <word> authentication-type = {password|rsa|all}
timezone = {GMT+|GMT-} <word>
ont_autofind: ont autofind <fsp> {enable|disable}

[gpon]
ont_add: ont add <0-15> [<0-127>] sn-auth <sn> omci ont-lineprofile-id <0-512> ont-srvprofile-id <0-512> [desc <word>]
ont_confirm: ont confirm <0-15> [ontid <0-127>] sn-auth <sn> omci ont-lineprofile-id <0-512> ont-srvprofile-id <0-512> [desc <word>]
ont_delete: ont delete <0-15> {<0-127>|all}
ont_modify: ont modify <0-15> <0-127> {sn <sn>|desc <word>|ont-lineprofile-id <0-512>|ont-srvprofile-id <0-512>}
ont ipconfig <0-15> <0-127> = {dhcp vlan <1-4094> [priority <0-7>]|static <line>}
ont_port: ont port native-vlan <0-15> <0-127> eth <1-24> = vlan <1-4094> [priority <0-7>]
ont port route <0-15> <0-127> eth <1-24> = {enable|disable}
ont_reset: ont reset <0-15> <0-127>
port <0-15> ont-auto-find = {enable|disable}
port <0-15> fec = {enable|disable}
laser_port: port <0-15> laser-switch {on|off}
display_optical: display ont optical-info <0-15> {<0-127>|all}
display_port_ont: display ont info <0-15> {<0-127>|all}

[line]
tcont <1-127> = dba-profile-id <0-512>
gem add <0-1023> = eth tcont <1-127>
gem mapping <0-1023> <0-7> = vlan <1-4094>
mapping-mode = {vlan|port|priority|port-vlan}
commit: commit

[srv]
ont-port = eth {adaptive|<1-24>} [pots {adaptive|<1-8>}] [catv {adaptive|<1-4>}]
port vlan eth <word> = {transparent|translation <1-4094> user-vlan <1-4094>|<1-4094>}
commit: commit

[vlanif]
ip address = <ipv4> <masklen>
description = <word>

[mcu]
native-vlan <0-15> vlan <2-4093>
"""  # noqa: E501


def _slots(count: int) -> re.Pattern[str]:
    return re.compile("/".join([r"\d{1,2}"] * count))


def frame_slot(word: str) -> str | None:
    return word if _slots(2).fullmatch(word) else None


def frame_slot_port(word: str) -> str | None:
    return word if _slots(3).fullmatch(word) else None


def serial(word: str) -> str | None:
    """With or without quotes, `HWTC12345678` or sixteen digits; kept as the device prints it, sixteen digits."""
    known = KINDS["sn"](word.strip('"').replace("-", ""))
    return None if known is None else known[:4].encode().hex().upper() + known[4:]


def letters_of(digits: str) -> str:
    """`48575443…` is `HWTC…`."""
    return bytes.fromhex(digits[:8]).decode() + digits[8:]


def normal(line: str) -> str:
    return re.sub(r"(?i)\bgpon +(\d+/\d+(/\d+)?)", r"gpon \1", line)


GRAMMAR = Grammar(_TEXT, {**KINDS, "fs": frame_slot, "fsp": frame_slot_port, "sn": serial, "masklen": mask_or_length})

FACTORY = """
sysname {hostname}
dba-profile add profile-id 10 profile-name 100M type4 max 102400
ont-lineprofile gpon profile-id 1 profile-name desa
 tcont 1 dba-profile-id 10
 gem add 1 eth tcont 1
 mapping-mode vlan
 gem mapping 1 0 vlan 100
ont-srvprofile gpon profile-id 1 profile-name desa
 ont-port eth 4
 port vlan eth 1 100
vlan 100 smart
interface gpon 0/1
{management}
"""
