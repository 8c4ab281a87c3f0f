"""Who answers for an address: ARP probes (RFC 5227: from nobody's address, so that no table changes) and answers."""

from ipaddress import IPv4Address

from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet

from collectors.link.errors import FrameError
from collectors.link.interfaces import NOBODY
from collectors.link.segment import dissected

_REPLY = 2


def probe(mac: bytes, address: IPv4Address) -> Packet:
    own = mac.hex(":")
    asked = ARP(op="who-has", hwsrc=own, psrc=NOBODY, hwdst="00:00:00:00:00:00", pdst=str(address))
    return Ether(src=own, dst="ff:ff:ff:ff:ff:ff") / asked


def read_answer(octets: bytes) -> tuple[IPv4Address, str] | None:
    """An address and the MAC address that claims it; None for what is no answer. Raises FrameError."""
    packet = dissected(octets)
    try:
        said = packet.getlayer(ARP)
        if said is None or said.op != _REPLY or said.ptype != 0x0800:
            return None
        return IPv4Address(said.psrc), str(said.hwsrc)
    except Exception as error:
        raise FrameError(f"ARP: {error}") from None
