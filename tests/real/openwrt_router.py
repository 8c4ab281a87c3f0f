"""A simulated OpenWrt in namespaces of its own: busybox's ash and programs, `uci` from lab/openwrt, sshd for dropbear.

What it does with its configuration is little, and as the documentation says: a password in /etc/shadow, keys in
/etc/dropbear, services under /etc/rc.d, and who may come in by SSH from the firewall's rules.
"""

import os
import shutil
import subprocess
from pathlib import Path

import lab.openwrt.uci
from tests.real.namespace_host import NamespaceHost

NEEDED = ("unshare", "nsenter", "sshd", "busybox", "nft", "ssh-keygen")
APPLETS = ("ash", "sh", "cat", "chmod", "cp", "cut", "echo", "expr", "false", "grep", "head", "id", "kill", "ln", "ls",
           "mkdir", "mv", "nohup", "passwd", "ping", "printf", "rm", "rmdir", "sed", "sleep", "sort", "sync", "tar",
           "touch", "tr", "true", "uname", "wc", "awk", "wget", "[", "test", "gzip", "gunzip", "hostname")  # fmt: skip
CONFIG = {
    "system": "config system\n\toption hostname 'OpenWrt'\n\toption timezone 'UTC'\n\toption log_size '64'\n",
    "network": "config interface 'loopback'\n\toption device 'lo'\n\toption proto 'static'\n"
    "\toption ipaddr '127.0.0.1'\n\toption netmask '255.0.0.0'\n\nconfig device\n\toption name 'br-lan'\n"
    "\toption type 'bridge'\n\tlist ports 'lan1'\n\nconfig interface 'lan'\n\toption device 'br-lan'\n"
    "\toption proto 'static'\n\toption ipaddr '192.168.1.1'\n\toption netmask '255.255.255.0'\n\n"
    "config interface 'wan'\n\toption device 'wan'\n\toption proto 'dhcp'\n",
    "firewall": "config defaults\n\toption input 'REJECT'\n\nconfig zone\n\toption name 'lan'\n"
    "\tlist network 'lan'\n\nconfig zone\n\toption name 'wan'\n\tlist network 'wan'\n\toption masq '1'\n",
    "dhcp": "config dnsmasq\n\toption domain 'lan'\n\nconfig dhcp 'lan'\n\toption interface 'lan'\n"
    "\toption start '100'\n",
    "dropbear": "config dropbear\n\toption PasswordAuth 'on'\n\toption Port '22'\n",
    "uhttpd": "config uhttpd 'main'\n\tlist listen_http '0.0.0.0:80'\n",
}
RC_COMMON = """#!/bin/sh
# Init scripts: `enable` links S<START><name> into /etc/rc.d, `boot` falls back on `start`.
script=$1 action=${2:-help} name=${1##*/}
procd_open_instance() { :; }; procd_set_param() { :; }; procd_close_instance() { :; }
start() { [ -z "$USE_PROCD" ] || start_service; }
stop() { :; }; boot() { start; }; restart() { stop; start; }
enable() { mkdir -p /etc/rc.d; ln -sf ../init.d/$name /etc/rc.d/S${START}$name; }
disable() { rm -f /etc/rc.d/S??$name; }
. $script
case $action in start|stop|boot|restart|enable|disable) $action ;; *) echo "Syntax: $script [command]"; exit 1 ;; esac
"""
RELOAD = """#!/bin/sh
[ $# = 0 ] || { echo "reload_config takes no words" >&2; exit 1; }
hostname $(uci get system.@system[0].hostname)
{
  echo 'table inet fw4'; echo 'delete table inet fw4'
  networks=$(uci -q get firewall.kentongan_ssh.src_ip)
  if [ -n "$networks" ]; then
    echo "table inet fw4 {
  chain input {
    type filter hook input priority filter; policy accept;
    ct state established accept
    ip saddr { $(echo $networks | tr ' ' ',') } tcp dport 22 accept
    tcp dport 22 drop
  }
}"
  fi
} > /tmp/fw4.nft
/host/usr/sbin/nft -f /tmp/fw4.nft
"""
START = """\
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/openwrt
mount --bind {folder} /mnt/openwrt
mount --bind /usr /mnt/openwrt/host/usr
mount -t proc proc /mnt/openwrt/proc
mount --bind /dev /mnt/openwrt/dev
mount --bind {folder}/run /run
mount --bind {folder}/etc /etc
mkdir -p /run/sshd
hostname OpenWrt
for script in /mnt/openwrt/etc/rc.d/S*; do
  [ -e "$script" ] && chroot /mnt/openwrt "/etc/rc.d/${{script##*/}}" boot || true
done
chroot /mnt/openwrt /sbin/reload_config
exec /usr/sbin/sshd -D -e -f /etc/sshd_config -o ChrootDirectory=/mnt/openwrt
"""
SSHD = """\
HostKey /etc/host_key
UsePAM no
PidFile none
PermitRootLogin yes
PermitEmptyPasswords yes
AuthorizedKeysFile /etc/dropbear/authorized_keys
StrictModes no
"""


class OpenWrtRouter(NamespaceHost):
    """`start` again is its next boot."""

    def start(self) -> None:
        if not (self.folder / "etc").exists():
            self._lay_out()
        self.begin(START.format(folder=self.folder))

    def _lay_out(self) -> None:
        for place in ("bin", "sbin", "etc/config", "etc/init.d", "etc/rc.d", "etc/dropbear", "etc/crontabs", "tmp",
                      "proc", "dev", "host/usr", "run", "root", "var", "lab", "usr/bin", "usr/sbin"):  # fmt: skip
            (self.folder / place).mkdir(parents=True)
        os.chmod(self.folder, 0o755)  # noqa: S103 - sshd wants it so
        shutil.copy2(shutil.which("busybox") or "", self.folder / "bin/busybox")
        for name in APPLETS:
            (self.folder / "bin" / name).symlink_to("busybox")
        for name in ("lib", "lib64"):
            (self.folder / name).symlink_to(f"host/usr/{name}")
        shutil.copy2(lab.openwrt.uci.__file__ or "", self.folder / "lab/uci.py")
        python = Path("/usr/bin/python3").resolve()
        self._program("sbin/uci", f'#!/bin/sh\nexec /host{python} -I /lab/uci.py "$@"\n')
        self._program("sbin/reload_config", RELOAD)
        self._program("etc/rc.common", RC_COMMON)
        self._program("etc/init.d/cron", "#!/bin/sh /etc/rc.common\nSTART=50\nstart() { :; }\n")
        for name, text in CONFIG.items():
            (self.folder / "etc/config" / name).write_text(f"\n{text}")
        for name, text in (
            ("passwd", "root:x:0:0:root:/root:/bin/ash\nsshd:x:1:1::/run/sshd:/bin/false\n"),
            ("shadow", "root::19000:0:99999:7:::\nsshd:*:19000:0:99999:7:::\n"),
            ("group", "root:x:0:\nsshd:x:1:\n"),
            ("sysupgrade.conf", "## This file contains files and directories that should be preserved.\n"),
            ("sshd_config", SSHD),
        ):
            (self.folder / "etc" / name).write_text(text)
        os.chmod(self.folder / "etc/shadow", 0o600)
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / "etc/host_key")], check=True
        )

    def _program(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)
        os.chmod(self.folder / path, 0o755)  # noqa: S103

    def inside(self, command: str) -> str:
        """A line in its own shell."""
        return self.run("chroot", "/mnt/openwrt", "/bin/ash", "-c", command)

    def configuration(self) -> str:
        """What it is told, what runs, and every file but what a job keeps, for comparing."""
        files = "find . \\( -type f -o -type l \\) ! -path './kentongan/*'"
        listing = f"{files} | sort | xargs sha256sum; ls -l rc.d | awk '{{print $9, $11}}'"
        found = subprocess.run(
            ["sh", "-c", listing],
            cwd=self.folder / "etc", capture_output=True, text=True, check=True,
        )  # fmt: skip
        return self.inside("uci export; uci changes; hostname") + self.run("nft", "list", "ruleset") + found.stdout
