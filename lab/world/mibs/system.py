"""SNMPv2-MIB: the system group (RFC 3418)."""

from lab.hardware import Family
from lab.world import ber
from lab.world.table import Rows
from lab.world.wiring import Node

_SYSTEM = "1.3.6.1.2.1.1"
_OBJECT_IDS = {
    Family.ROUTEROS: "1.3.6.1.4.1.14988.1",
    Family.ZTE_C320: "1.3.6.1.4.1.3902.1082.1001.320.2.1",
    Family.HUAWEI_MA56XX: "1.3.6.1.4.1.2011.2.248",
    Family.AIRMAX: "1.3.6.1.4.1.10002.1",
    Family.NET_SNMP: "1.3.6.1.4.1.8072.3.2.10",
    Family.APC: "1.3.6.1.4.1.318.1.3.27",
    Family.UPS_MIB: "1.3.6.1.2.1.33",
}
_SERVICES = {Family.ROUTEROS: 78, Family.NET_SNMP: 72}


def add(rows: Rows, node: Node) -> None:
    family = node.model.family
    rows.scalar(f"{_SYSTEM}.1", ber.octets(_description(node)))
    rows.scalar(f"{_SYSTEM}.2", ber.oid(ber.parse_oid(_OBJECT_IDS[family])))
    rows.scalar(f"{_SYSTEM}.3", lambda view: ber.timeticks(view.ticks))
    rows.scalar(f"{_SYSTEM}.4", ber.octets("noc@diskominfo.example"))
    rows.scalar(f"{_SYSTEM}.5", ber.octets(node.device.name))
    rows.scalar(f"{_SYSTEM}.6", ber.octets(node.site.name))
    rows.scalar(f"{_SYSTEM}.7", ber.integer(_SERVICES.get(family, 78)))


def _description(node: Node) -> str:
    match node.model.family:
        case Family.ROUTEROS:
            return f"RouterOS {node.model.name}"
        case Family.ZTE_C320:
            return "C320 Version V2.1.0 Software, Copyright (c) by ZTE Corporation Compiled"
        case Family.HUAWEI_MA56XX:
            return "Huawei Integrated Access Software MA5608T"
        case Family.AIRMAX:
            return "Linux 2.6.32.68 #1 Thu Aug 22 16:38:44 EEST 2019 mips"
        case Family.NET_SNMP:
            return f"Linux {node.device.name} 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 x86_64"
        case Family.APC:
            return (
                "APC Web/SNMP Management Card (MB:v4.1.0 PF:v7.0.8 PN:apc_hw05_aos_708.bin AF1:v7.0.8"
                f" AN1:apc_hw05_sumx_708.bin MN:AP9631 HR:05 SN:{node.device.serial} MD:02/15/2019)"
            )
        case Family.UPS_MIB:
            return "The Cs141 SNMP Agent"
        case Family.SILENT:
            return ""
