"""The daemons of one host: their configuration files, their command lines, and how one knows that they are ready."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab.real.credentials import COMMUNITY, USERS, snmpd_lines
from lab.real.layout import HostPlan, Layout
from lab.real.requirements import program

SNMP_PORT = 161
SSH_PORT = 22
_OSPF_INTERFACE = "".join(
    f" ip ospf {setting}\n"
    for setting in (
        "area 0",
        "network point-to-point",
        "hello-interval 1",
        "dead-interval 4",
        "retransmit-interval 2",
    )
)
_OSPF_AT_ONCE = "".join(
    f" {setting}\n"
    for setting in (
        "redistribute kernel",
        "timers throttle spf 0 50 500",
        "timers throttle lsa all 0",
        "timers lsa min-arrival 0",
    )
)
_LISTENING = "0A"  # the states of /proc/net/tcp are those of include/net/tcp_states.h


@dataclass(frozen=True, slots=True)
class Program:
    """A daemon to start. `ready` takes its pid; a `socket` file left by an earlier run is removed first."""

    name: str
    argv: tuple[str, ...]
    ready: Callable[[int], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    socket: Path | None = None


def snmpd(host: HostPlan, folder: Path) -> Program:
    """net-snmp's agent, v1, v2c and v3, by IPv4 and IPv6; other daemons join it by AgentX.

    Each host has its own persistent folder, or engine ids and users of hosts get mixed up. `-I -smux` keeps it from
    opening a port of its own for SMUX. MIB names are left out: Debian does not ship the IETF's files.
    """
    (folder / "snmp").mkdir(exist_ok=True)
    configuration = (
        f"agentaddress udp:{SNMP_PORT},udp6:{SNMP_PORT}\n"
        f"sysName {host.name}.lab\nsysLocation lab\nsysContact nobody\n"
        f"rocommunity {COMMUNITY.community.reveal()} default\nrocommunity6 {COMMUNITY.community.reveal()} default\n"
        f"master agentx\nagentXSocket {folder}/agentx,tcp:127.0.0.1:705\n" + "".join(map(snmpd_lines, USERS))
    )
    (folder / "snmpd.conf").write_text(configuration, encoding="utf-8")
    log = f"{folder}/snmpd.log"
    return Program(
        "snmpd",
        (program("snmpd"), "-f", "-C", "-c", f"{folder}/snmpd.conf", "-Lf", log, "-I", "-smux"),
        ready=lambda pid: _has_socket(pid, "udp", SNMP_PORT),
        environment={"SNMP_PERSISTENT_DIR": f"{folder}/snmp", "MIBS": ""},
    )


def lldpd(host: HostPlan, folder: Path) -> Program:
    """LLDP on the links, not on the management network; its tables by SNMP. A host name of its own (UTS namespace)."""
    (folder / "lldpd.conf").write_text(
        "configure lldp tx-interval 2\nconfigure lldp tx-hold 2\nconfigure lldp portidsubtype ifname\n",
        encoding="utf-8",
    )
    Path("/run/lldpd").mkdir(exist_ok=True)
    command = (
        f"hostname {host.name}.lab; exec {program('lldpd')} -d -u {folder}/lldpd.sock -x -X {folder}/agentx"
        f' -O {folder}/lldpd.conf -I "e*" -S "lab host {host.name}"'
    )
    return Program(
        "lldpd",
        (program("unshare"), "--uts", "sh", "-c", command),
        ready=lambda pid: (folder / "lldpd.sock").exists(),
        socket=folder / "lldpd.sock",
    )


def sshd(folder: Path) -> Program:
    """OpenSSH for root, by the lab's own key only (`client_key` beside the hosts' folders)."""
    Path("/run/sshd").mkdir(exist_ok=True)
    key = folder / "host_key"
    if not key.exists():
        subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (folder / "sshd_config").write_text(
        f"Port {SSH_PORT}\nHostKey {key}\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
        f"AuthorizedKeysFile {folder.parent}/client_key.pub\nSubsystem sftp internal-sftp\n",
        encoding="utf-8",
    )
    return Program(
        "sshd",
        (program("sshd"), "-D", "-e", "-f", f"{folder}/sshd_config"),
        ready=lambda pid: _has_socket(pid, "tcp", SSH_PORT, _LISTENING),
    )


def frr(layout: Layout, host: HostPlan, folder: Path) -> tuple[Program, Program]:
    """zebra and ospfd on the layout's routed links, with OSPF-MIB by AgentX; all they write lies in the host's folder.

    In band the router also tells the others of its loopback, of its other links and of the kernel's routes to sites.
    A lost carrier is acted upon at once, and again and again: the pauses that spare large networks are taken out.
    """
    place = folder / "frr"
    place.mkdir(exist_ok=True)
    (place / "frr.conf").write_text("agentXSocket tcp:127.0.0.1:705\n", encoding="utf-8")
    (place / "vtysh.conf").touch()
    (place / "zebra.conf").write_text(f"hostname {host.name}\nagentx\n", encoding="utf-8")
    ends = layout.interfaces_of(host.name)
    interfaces = "".join(
        f"interface {interface}\n{_OSPF_INTERFACE}" for interface, link in ends if link.name in layout.routed
    )
    process = f"router ospf\n ospf router-id {host.address}\n"
    if layout.in_band:
        others = [interface for interface, link in ends if link.name not in layout.routed]
        interfaces += "".join(f"interface {other}\n ip ospf area 0\n" for other in ("lo", *others))
        process += "".join(f" passive-interface {other}\n" for other in ("lo", *others)) + _OSPF_AT_ONCE
    configuration = f"hostname {host.name}\nagentx\n{interfaces}{process}"
    (place / "ospfd.conf").write_text(configuration, encoding="utf-8")
    for path in (place, *place.iterdir()):
        shutil.chown(path, "frr", "frr")
    common = ("--vty_socket", str(place), "-z", f"{place}/zserv.api", "-M", "snmp", "-A", "127.0.0.1")
    return (
        _frr_daemon("zebra", place, common, place / "zserv.api"),
        _frr_daemon("ospfd", place, common, place / "ospfd.vty"),
    )


def _frr_daemon(name: str, place: Path, common: tuple[str, ...], socket: Path) -> Program:
    files = ("-f", f"{place}/{name}.conf", "-i", f"{place}/{name}.pid", "--log", f"file:{place}/{name}.log")
    return Program(
        name,
        (program(name), *files, *common),
        ready=lambda pid: socket.exists(),
        environment={"SNMPCONFPATH": str(place)},
        socket=socket,
    )


def _has_socket(pid: int, protocol: str, port: int, state: str = "") -> bool:
    """Whether a socket on the port exists where the process lives (proc_net(5); IPv6 tables hold dual-stack ones)."""
    if _is_still_ip(pid):
        return False
    for table in (protocol, protocol + "6"):
        try:
            lines = Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            return False
        for line in lines:
            _, local, _, found, *_ = line.split()
            if int(local.rpartition(":")[2], 16) == port and found.endswith(state):
                return True
    return False


def _is_still_ip(pid: int) -> bool:
    """Before `ip netns exec` has become the program, its sockets are those of another namespace."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip() == "ip"
    except OSError:
        return True


def client_key(folder: Path) -> Path:
    """The private key that every host's sshd takes for root; made at the first call."""
    key = folder / "client_key"
    if not key.exists():
        subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        os.chmod(key, 0o600)
    return key
