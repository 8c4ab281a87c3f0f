"""What each kind of agent answers, one file per MIB or vendor, written from the MIBs and from walks of real devices.

Nothing here is shared with the collectors' profiles: a wrong OID there must meet a right one here.
"""

from lab.hardware import Family
from lab.world.mibs import airmax, apc, host, huawei, interfaces, lldp, routeros, system, ups, zte
from lab.world.table import Rows, Table
from lab.world.wiring import Node, Wiring


def table_of(node: Node, wiring: Wiring) -> Table:
    """The whole table of one device's agent. Raises KeyError for a device without one."""
    rows = Rows()
    system.add(rows, node)
    match node.model.family:
        case Family.ROUTEROS:
            interfaces.add(rows, node)
            lldp.add(rows, node, wiring)
            routeros.add(rows, node, wiring)
        case Family.ZTE_C320:
            interfaces.add(rows, node)
            lldp.add(rows, node, wiring)
            zte.add(rows, node, wiring)
        case Family.HUAWEI_MA56XX:
            interfaces.add(rows, node)
            lldp.add(rows, node, wiring)
            huawei.add(rows, node, wiring)
        case Family.AIRMAX:
            interfaces.add(rows, node, extended=False)
            airmax.add(rows, node, wiring)
        case Family.NET_SNMP:
            interfaces.add(rows, node)
            host.add(rows, node)
        case Family.APC:
            interfaces.add(rows, node, extended=False)
            apc.add(rows, node)
        case Family.UPS_MIB:
            interfaces.add(rows, node)
            ups.add(rows, node)
        case Family.SILENT:
            raise KeyError(node.device.name)
    return Table(rows)
