"""This machine's own interfaces: names, MAC addresses, IPv4 networks, as the kernel tells (netdevice(7))."""

import errno
import fcntl
import os
import socket
import struct
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from collectors.link.errors import InterfaceError, RawPacketsError
from domain.language import _

_SIOCGIFADDR = 0x8915
_SIOCGIFNETMASK = 0x891B
_SIOCGIFHWADDR = 0x8927
_ETHERNET = 1

NOBODY = "0.0.0.0"  # noqa: S104 - from whom a host asks that has no address yet


def names() -> tuple[str, ...]:
    return tuple(sorted(name for _index, name in socket.if_nameindex()))


def mac_of(interface: str) -> bytes:
    """Six octets. Raises InterfaceError: there is no such interface, or it speaks no Ethernet."""
    try:
        said = _ask(_SIOCGIFHWADDR, interface)
    except OSError as error:
        raise refused(interface, error) from None
    if struct.unpack_from("H", said, 16)[0] != _ETHERNET:
        raise InterfaceError(
            _("{interface} speaks no Ethernet. Choose one of: {names}").format(
                interface=interface, names=", ".join(names())
            )
        )
    return said[18:24]


def address_of(interface: str) -> IPv4Interface | None:
    """Its first IPv4 address with its network; None: it has none."""
    try:
        address, mask = (_ask(what, interface)[20:24] for what in (_SIOCGIFADDR, _SIOCGIFNETMASK))
    except OSError:
        return None
    return IPv4Interface(f"{IPv4Address(address)}/{IPv4Address(mask)}")


def networks() -> dict[str, tuple[IPv4Network, ...]]:
    """The networks that this machine stands on, the loopback aside."""
    found = {name: address_of(name) for name in names()}
    return {name: (own.network,) for name, own in found.items() if own is not None and not own.is_loopback}


def refused(interface: str, error: OSError) -> InterfaceError | RawPacketsError:
    """The error that says in words what the kernel refused."""
    match error.errno:
        case errno.EPERM | errno.EACCES:
            return RawPacketsError(
                _(
                    "{interface}: this program may not send and receive raw frames. Run it as root, or give it "
                    "CAP_NET_RAW: in a service AmbientCapabilities=CAP_NET_RAW, on a terminal sudo setpriv "
                    "--reuid=$USER --init-groups --inh-caps=+net_raw --ambient-caps=+net_raw COMMAND"
                ).format(interface=interface)
            )
        case errno.ENODEV | errno.ENXIO:
            return InterfaceError(
                _("There is no interface {interface}. Choose one of: {names}").format(
                    interface=interface, names=", ".join(names())
                )
            )
        case errno.ENETDOWN:
            return InterfaceError(
                _("{interface} is down. Bring it up with: ip link set {interface} up").format(interface=interface)
            )
    return InterfaceError(
        _("{interface} cannot be listened on: {reason}").format(
            interface=interface, reason=os.strerror(error.errno or 0)
        )
    )


def _ask(request: int, interface: str) -> bytes:
    """One question of netdevice(7), 40 octets. Raises OSError."""
    name = interface.encode()
    if not 0 < len(name) < 16:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        return fcntl.ioctl(asking, request, struct.pack("16s24x", name))
