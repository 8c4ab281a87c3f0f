"""Sends frames of known size at a known rate out of one interface. Run as a program inside a namespace.

The frames are UDP to a multicast group nobody has joined: no address resolution, no answers, and the other end drops
them after counting. Bytes are counted as interfaces count them: with the Ethernet header, without its checksum.
"""

import socket
import sys
import time

GROUP = ("239.255.77.77", 9)
PAYLOAD_BYTES = 958
FRAME_BYTES = PAYLOAD_BYTES + 8 + 20 + 14  # UDP, IPv4, Ethernet
TICK_SECONDS = 0.02


def send(address: str, bytes_per_second: float) -> None:
    """Until killed. What was due while the process did not run is sent afterwards: the mean rate stays true."""
    outlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    outlet.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    outlet.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
    payload = bytes(PAYLOAD_BYTES)
    began = time.monotonic()
    sent = 0
    while True:
        due = int((time.monotonic() - began) * bytes_per_second / FRAME_BYTES)
        while sent < due:
            try:
                outlet.sendto(payload, GROUP)
            except OSError:  # the link is cut: what could not leave is lost
                sent = due
                break
            sent += 1
        time.sleep(TICK_SECONDS)


def command(address: str, bytes_per_second: float) -> tuple[str, ...]:
    """The command line that sends out of the interface with that address. It starts by path: no package to import."""
    return (sys.executable, "-I", "-S", __file__, address, str(bytes_per_second))


if __name__ == "__main__":
    send(sys.argv[1], float(sys.argv[2]))
