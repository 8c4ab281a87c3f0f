"""LLDP-MIB (IEEE 802.1AB-2005, 1.0.8802.1.1.2): who is at the other end of a cable that is lit."""

from lab.hardware import Family, PortKind
from lab.world import ber
from lab.world.mibs.when import when
from lab.world.table import Rows
from lab.world.wiring import A_SIDE, Interface, Node, Wiring

_LOCAL = "1.0.8802.1.1.2.1.3"
_REMOTE = "1.0.8802.1.1.2.1.4.1.1"
_MAC_ADDRESS, _INTERFACE_NAME = ber.integer(4), ber.integer(5)
_BRIDGE_ROUTER = ber.octets(b"\x28")  # capability bits bridge and router
_SPEAKERS = (Family.ROUTEROS, Family.ZTE_C320, Family.HUAWEI_MA56XX)
_CABLES = (PortKind.ETHERNET, PortKind.SFP)


def add(rows: Rows, node: Node, wiring: Wiring) -> None:
    """The local system and a remote row per lit cable to another speaker; localPortNum is the ifIndex."""
    rows.scalar(f"{_LOCAL}.1", _MAC_ADDRESS)
    rows.scalar(f"{_LOCAL}.2", ber.octets(_mac(node)))
    rows.scalar(f"{_LOCAL}.3", ber.octets(node.device.name))
    rows.scalar(f"{_LOCAL}.4", ber.octets(node.model.name))
    for interface in node.interfaces:
        if interface.kind in _CABLES:
            rows.add(f"{_LOCAL}.7.1.2", (interface.if_index,), _INTERFACE_NAME)
            rows.add(f"{_LOCAL}.7.1.3", (interface.if_index,), ber.octets(interface.name))
            rows.add(f"{_LOCAL}.7.1.4", (interface.if_index,), ber.octets(interface.name))
            _add_remotes(rows, interface, wiring)


def _add_remotes(rows: Rows, interface: Interface, wiring: Wiring) -> None:
    for number, (at, side) in enumerate(interface.ends, 1):
        strand = wiring.strands[at]
        if strand.z < 0:
            continue
        far = wiring.nodes[strand.z if side == A_SIDE else strand.a]
        if far.model.family not in _SPEAKERS:
            continue
        port = strand.far_port if side == A_SIDE else strand.near_port
        index = (0, interface.if_index, number)
        for column, value in (
            (4, _MAC_ADDRESS),
            (5, ber.octets(_mac(far))),
            (6, _INTERFACE_NAME),
            (7, ber.octets(port)),
            (8, ber.octets(port)),
            (9, ber.octets(far.device.name)),
            (10, ber.octets(far.model.name)),
            (11, _BRIDGE_ROUTER),
            (12, _BRIDGE_ROUTER),
        ):
            rows.add(f"{_REMOTE}.{column}", index, when(at, value))


def _mac(node: Node) -> bytes:
    return bytes.fromhex(node.device.mac.replace(":", ""))
