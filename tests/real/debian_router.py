"""A Debian router with FRR, snmpd, sshd and sudo as they are installed here, in namespaces of its own.

`ifup` and `ifdown` are stand-ins for ifupdown, which no machine should get for a test's sake; a VLAN that the kernel
does not know is a port on the same wire instead, as if a switch between had taken the tag off.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.real.namespace_host import NamespaceHost

ETC = ("passwd", "group", "shadow", "gshadow", "nsswitch.conf", "localtime", "login.defs", "alternatives", "skel",
       "default", "shells", "pam.d", "pam.conf", "security", "services", "protocols", "subuid", "subgid", "sudoers",
       "sudo.conf", "init.d", "lsb-base-logging.sh", "debian_version")  # fmt: skip
DAEMONS = ("mgmtd", "zebra", "staticd")
FRR = Path("/usr/lib/frr")
NEEDED = ("unshare", "nsenter", "sshd", "sudo", "vtysh", "nft", "snmpd", "useradd", "chpasswd", "flock", "ifconfig")
PARSE = """#!/bin/sh
[ "$1" = --force ] && shift
address=$(cat /etc/network/interfaces.d/* 2>/dev/null |
    awk -v port="$1" '$1=="iface"{on=($2==port)} on&&$1=="address"{print $2}')
"""
IFUP = (
    PARSE
    + """[ -n "$address" ] || { echo "ifup: unknown interface $1" >&2; exit 1; }
case $1 in *.*) ip link show "$1" >/dev/null 2>&1 ||
    ip link add link "${1%.*}" name "$1" type vlan id "${1##*.}" 2>/dev/null ||
    ip link add link "${1%.*}" name "$1" type macvlan mode bridge ;; esac
ip link set "$1" up
ip addr replace "$address" dev "$1"
"""
)
IFDOWN = (
    PARSE
    + """[ -n "$address" ] && ip addr del "$address" dev "$1" 2>/dev/null
case $1 in *.*) ip link del "$1" 2>/dev/null ;; *) ip link set "$1" down ;; esac
exit 0
"""
)
SSHD = """\
Include /etc/ssh/sshd_config.d/*.conf
HostKey /etc/ssh/host_key
UsePAM no
PidFile /run/sshd.pid
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
"""
START = """\
set -e
mount --make-rprivate /
for place in etc run root home var/lib var/tmp usr/local; do mount --bind {folder}/$place /$place; done
hostname {name}
mkdir -p /run/frr /run/sshd
chown frr:frrvty /run/frr
chown frr:frr /etc/frr/frr.conf
chown -R Debian-snmp /var/lib/snmp
sysctl -q net.ipv4.ip_forward={forward}
for daemon in {daemons}; do $daemon -d -A 127.0.0.1 -f /dev/null; done
for turn in 1 2 3 4 5 6 7 8 9 10; do vtysh -b >/dev/null 2>&1 && break; sleep 0.2; done
exec /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config
"""


class DebianRouter(NamespaceHost):
    """key: with which root may log in. forwards: it is a router already."""

    def __init__(self, name: str, namespace: str, folder: Path, key: str, *, forwards: bool = False) -> None:
        super().__init__(name, namespace, folder)
        self._key = key
        self._forwards = forwards

    def start(self) -> None:
        self._lay_out()
        daemons = " ".join(str(FRR / each) for each in DAEMONS if (FRR / each).exists())
        self.begin(START.format(folder=self.folder, name=self.name, daemons=daemons, forward=int(self._forwards)))

    def _lay_out(self) -> None:
        for place in ("etc/ssh/sshd_config.d", "etc/frr", "etc/network/interfaces.d", "etc/cron.d", "etc/snmp",
                      "etc/sudoers.d", "run", "root/.ssh", "home", "var/lib/snmp", "var/tmp",
                      "usr/local/sbin", "usr/local/bin"):  # fmt: skip
            (self.folder / place).mkdir(parents=True, exist_ok=True)
        for name in ETC:
            source, target = Path("/etc") / name, self.folder / "etc" / name
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True)
            elif source.exists():
                shutil.copy2(source, target, follow_symlinks=False)
        for name, text in (
            ("hostname", f"{self.name}\n"),
            ("hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n"),
            ("frr/frr.conf", f"hostname {self.name}\nservice integrated-vtysh-config\n"),
            ("frr/vtysh.conf", "service integrated-vtysh-config\n"),
            ("frr/daemons", "zebra=yes\nstaticd=yes\n"),
            ("ssh/sshd_config", SSHD),
            ("nftables.conf", "#!/usr/sbin/nft -f\nflush ruleset\n"),
        ):
            (self.folder / "etc" / name).write_text(text)
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / "etc/ssh/host_key")], check=True
        )
        (self.folder / "root/.ssh/authorized_keys").write_text(self._key + "\n")
        for place, mode in (("root", 0o700), ("root/.ssh", 0o700), ("root/.ssh/authorized_keys", 0o600)):
            os.chmod(self.folder / place, mode)
        for name, text in (("ifup", IFUP), ("ifdown", IFDOWN)):
            (self.folder / "usr/local/sbin" / name).write_text(text)
            os.chmod(self.folder / "usr/local/sbin" / name, 0o755)  # noqa: S103

    def configuration(self) -> str:
        """What runs, and every file, for comparing."""
        text = self.run("vtysh", "-c", "show running-config")
        kept = [line for line in text.splitlines() if not line.startswith(("Building", "Current"))]
        others = self.run(
            "sh", "-c",
            "cd /etc; find . \\( -type f -o -type l \\) ! -name '*-' ! -name .pwd.lock | sort | "
            "xargs sha256sum; ip -o -4 addr; nft list ruleset; ip route | sed 's/ linkdown//'; "
            "sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter; hostname; id noc",
        )  # fmt: skip
        return "\n".join(kept) + "\n" + others
