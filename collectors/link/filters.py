"""Which frames the kernel gives us at all: small programs for its packet filter, so that a busy network costs nothing.

Classic BPF (bpf(4), linux/filter.h): who accepts here only spares work, what a frame says is judged by its reader.
"""

import ctypes
import socket
import struct
from dataclasses import dataclass
from typing import Final

_SO_ATTACH_FILTER: Final = 26
_WHOLE: Final = 0x40000

# Opcodes: load word, half word and octet from a place; from a place behind the IPv4 header; compare; and end.
_LD, _LDH, _LDB, _LDX_IHL, _LDH_X = 0x20, 0x28, 0x30, 0xB1, 0x48
_JEQ, _JSET, _RET = 0x15, 0x45, 0x06
_OPERATION: Final = struct.Struct("HBBI")
_ACCEPT, _REFUSE = "accept", "refuse"

ARP: Final = 0x0806
_IPV4, _LLDP = 0x0800, 0x88CC
_UDP = 17


@dataclass(frozen=True, slots=True)
class _Test:
    """Load with `operation` from `at`, compare with `value`: further at `yes` or `no`, '' is the next test."""

    operation: int
    at: int
    value: int
    yes: str = ""
    no: str = _REFUSE
    label: str = ""
    compare: int = _JEQ


def _udp_to(port: int, label: str = "") -> tuple[_Test, ...]:
    """IPv4, UDP, not a later fragment, to this port."""
    return (
        _Test(_LDH, 12, _IPV4, label=label),
        _Test(_LDB, 23, _UDP),
        _Test(_LDH, 20, 0x1FFF, yes=_REFUSE, no="", compare=_JSET),
        _Test(_LDH_X, 16, port, yes=_ACCEPT),
    )


def arp_frames() -> bytes:
    return _program(_Test(_LDH, 12, ARP, yes=_ACCEPT))


def udp_frames(port: int) -> bytes:
    return _program(*_udp_to(port))


def neighbour_frames(mndp_port: int) -> bytes:
    """LLDP by its type, CDP by its group address 01:00:0c:cc:cc:cc, MNDP by its port."""
    return _program(
        _Test(_LDH, 12, _LLDP, yes=_ACCEPT, no=""),
        _Test(_LD, 0, 0x01000CCC, no="mndp"),
        _Test(_LDH, 4, 0xCCCC, yes=_ACCEPT, no="mndp"),
        *_udp_to(mndp_port, label="mndp"),
    )


def attach(listening: socket.socket, program: bytes) -> None:
    """From now on the kernel passes only what the program accepts. Raises OSError."""
    kept = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HL", len(program) // _OPERATION.size, ctypes.addressof(kept))
    listening.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, head)


def _program(*tests: _Test) -> bytes:
    """Octets of the program: each test loads and compares; the last two lines accept and refuse."""
    lines: list[tuple[int, int, _Test | None]] = []
    labels: dict[str, int] = {}
    for test in tests:
        if test.label:
            labels[test.label] = len(lines)
        if test.operation == _LDH_X:
            lines.append((_LDX_IHL, 14, None))
        lines.append((test.operation, test.at, None))
        lines.append((test.compare, test.value, test))
    labels |= {_ACCEPT: len(lines), _REFUSE: len(lines) + 1}

    def jump(number: int, to: str) -> int:
        return labels[to] - number - 1 if to else 0

    octets = b"".join(
        _OPERATION.pack(code, jump(at, test.yes) if test else 0, jump(at, test.no) if test else 0, value)
        for at, (code, value, test) in enumerate(lines)
    )
    return octets + _OPERATION.pack(_RET, 0, 0, _WHOLE) + _OPERATION.pack(_RET, 0, 0, 0)
