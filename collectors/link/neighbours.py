"""Who tells of itself: LLDP (IEEE 802.1AB), Cisco's CDP and MikroTik's MNDP, from single frames. Opens nothing."""

from scapy.contrib import cdp, lldp
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from collectors.link.errors import FrameError
from collectors.link.interfaces import NOBODY
from collectors.link.mndp import PORT, REQUEST, read_mndp
from collectors.link.segment import dissected
from domain.lan import Neighbour

_LLDP_TYPE = 0x88CC
_CDP_GROUP = bytes.fromhex("01000ccccccc")
_LONGEST = 200


def read_neighbour(octets: bytes, interface: str) -> Neighbour | None:
    """What one frame tells of who sent it; None for a frame that tells nothing. Raises FrameError."""
    if len(octets) < 14:
        raise FrameError(f"{len(octets)} octets are no frame")
    packet = dissected(octets)
    try:
        if int.from_bytes(octets[12:14], "big") == _LLDP_TYPE:
            return _of_lldp(packet, interface)
        if octets[:6] == _CDP_GROUP:
            return _of_cdp(packet, interface)
        return _of_mndp(packet, interface)
    except FrameError:
        raise
    except Exception as error:
        raise FrameError(f"{interface}: {error}") from None


def request(mac: bytes) -> Packet:
    """Asks every MikroTik to speak at once; they do it by themselves once a minute."""
    frame = Ether(src=mac.hex(":"), dst="ff:ff:ff:ff:ff:ff") / IP(src=NOBODY, dst="255.255.255.255", ttl=1)
    return frame / UDP(sport=PORT, dport=PORT) / REQUEST


def _of_lldp(packet: Packet, interface: str) -> Neighbour:
    chassis, port = packet.getlayer(lldp.LLDPDUChassisID), packet.getlayer(lldp.LLDPDUPortID)
    if chassis is None or port is None:
        raise FrameError("LLDP: chassis or port is missing")
    name = packet.getlayer(lldp.LLDPDUSystemName)
    about = packet.getlayer(lldp.LLDPDUSystemDescription)
    described = packet.getlayer(lldp.LLDPDUPortDescription)
    managed = packet.getlayer(lldp.LLDPDUManagementAddress)
    # A port named by its MAC address says nothing to people; its description does.
    by_mac = port.subtype == lldp.LLDPDUPortID.SUBTYPE_MAC_ADDRESS and described is not None
    return Neighbour(
        "lldp",
        interface,
        mac=packet.src,
        name=_text(name.system_name) if name else _text(chassis.id),
        port=_text(described.description if by_mac and described is not None else port.id),
        platform=_text(about.description) if about else "",
        address=_address(managed),
    )


def _address(managed: Packet | None) -> str:
    ipv4 = lldp.LLDPDUManagementAddress.SUBTYPE_MANAGEMENT_ADDRESS_IPV4
    if managed is None or managed.management_address_subtype != ipv4:
        return ""
    octets = managed.management_address
    return ".".join(map(str, octets)) if isinstance(octets, bytes) and len(octets) == 4 else ""


def _of_cdp(packet: Packet, interface: str) -> Neighbour | None:
    heard = packet.getlayer(cdp.CDPv2_HDR)
    if heard is None:
        return None  # the same group carries VTP and others
    found: dict[type[Packet], Packet] = {}
    for each in heard.msg:
        found.setdefault(type(each), each)
    device, port = found.get(cdp.CDPMsgDeviceID), found.get(cdp.CDPMsgPortID)
    if device is None:
        raise FrameError("CDP: the device's name is missing")
    platform, version = found.get(cdp.CDPMsgPlatform), found.get(cdp.CDPMsgSoftwareVersion)
    addresses = found.get(cdp.CDPMsgAddr)
    at = [each.addr for each in (addresses.addr if addresses else ()) if isinstance(each, cdp.CDPAddrRecordIPv4)]
    return Neighbour(
        "cdp",
        interface,
        mac=packet.src,
        name=_text(device.val),
        port=_text(port.iface) if port else "",
        platform=_text(platform.val) if platform else "",
        version=_text(version.val) if version else "",
        address=at[0] if at else "",
    )


def _of_mndp(packet: Packet, interface: str) -> Neighbour | None:
    udp = packet.getlayer(UDP)
    if udp is None or udp.dport != PORT:
        return None
    said = read_mndp(bytes(udp.payload))
    if said.is_request:
        return None
    return Neighbour(
        "mndp",
        interface,
        mac=said.mac or packet.src,
        name=_plain(said.identity),
        port=_plain(said.interface),
        platform=_plain(" ".join(filter(None, (said.platform, said.board)))),
        version=_plain(said.version),
        address=str(said.ipv4 or said.ipv6 or packet[IP].src),
    )


def _text(value: object) -> str:
    return _plain(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


def _plain(text: str) -> str:
    """On one line and not for ever: a stranger wrote it, and it is shown on terminals."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:_LONGEST]
