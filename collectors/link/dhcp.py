"""Which servers hand out addresses here: one DISCOVER, and everybody who offers (RFC 2131, 2132). Nothing is taken."""

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from collectors.link.errors import FrameError
from collectors.link.interfaces import NOBODY
from collectors.link.segment import dissected
from domain.lan import DhcpOffer

CLIENT_PORT, SERVER_PORT = 68, 67
_BROADCAST_FLAG = 0x8000
_OFFER = 2


def discover(mac: bytes, exchange: int) -> Packet:
    """For our own MAC address; answers are to come as broadcasts. exchange: 32 bits that the answers repeat."""
    asked = [1, 3, 6, 51, 54]  # mask, router, DNS servers, lease time, server
    return (
        Ether(src=mac.hex(":"), dst="ff:ff:ff:ff:ff:ff")
        / IP(src=NOBODY, dst="255.255.255.255")
        / UDP(sport=CLIENT_PORT, dport=SERVER_PORT)
        / BOOTP(chaddr=mac + bytes(10), xid=exchange, flags=_BROADCAST_FLAG)
        / DHCP(options=[("message-type", "discover"), ("param_req_list", asked), "end"])
    )


def read_offer(octets: bytes, exchange: int) -> DhcpOffer | None:
    """None for what is no offer to us. Raises FrameError."""
    packet = dissected(octets)
    try:
        boot, options = packet.getlayer(BOOTP), packet.getlayer(DHCP)
        if boot is None or options is None or boot.op != 2 or boot.xid != exchange:
            return None
        said: dict[str, tuple[object, ...]] = {}
        for each in options.options:
            if isinstance(each, tuple) and len(each) > 1:
                said.setdefault(str(each[0]), each[1:])
        if said.get("message-type") != (_OFFER,):
            return None
        lease = said.get("lease_time", (None,))[0]
        return DhcpOffer(
            server=str(said.get("server_id", (packet[IP].src,))[0]),
            mac=packet.src,
            address=str(boot.yiaddr),
            router=str(said.get("router", ("",))[0]),
            dns=tuple(map(str, said.get("name_server", ()))),
            seconds=lease if isinstance(lease, int) else None,
        )
    except Exception as error:
        raise FrameError(f"DHCP: {error}") from None
