"""A whole Debian of its own: a root folder that debootstrap made, booted with systemd as its process 1.

Network, mounts, processes, names and control groups are its own; the kernel is this machine's. Units run as on a real
host, with all that they are kept from; timers count. It has no network but its loopback and one proxy that listens
inside and asks from outside. Not there: udev, a clock of its own, another kernel's modules. For root.
"""

import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lab.real.waiting import wait_until
from tests.real.debian_root import DebianRoot, child_of, proxy

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_START = """
set -e
echo $$ >{group}/cgroup.procs
exec unshare --cgroup --mount --pid --uts --ipc --net --fork --kill-child sh -ec '
mount --make-rprivate /
mount --bind {root} {root}
cd {root}
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in {devices}; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
for place in dev/shm run tmp; do mount -t tmpfs tmpfs $place; done
ip link set lo up
hostname {name}
mkdir -p mnt/before
pivot_root . mnt/before
umount -l /mnt/before
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd'
"""


def control_groups() -> Path | None:
    """Where the groups of version 2 are mounted; None where this machine has none."""
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        _device, place, kind, options = line.split()[:4]
        if kind == "cgroup2" and "rw" in options.split(","):
            return Path(place)
    return None


@contextmanager
def booted(folder: Path, name: str, work: Path, key: Path) -> Iterator[DebianRoot]:
    """Boots the root until systemd is content and sshd lets `key` in; whoever leaves ends all of it."""
    work.mkdir()
    keys = folder / "root/.ssh"
    keys.mkdir(mode=0o700, exist_ok=True)
    (keys / "authorized_keys").write_bytes(key.with_suffix(".pub").read_bytes())
    (folder / "etc/hosts").write_text(f"127.0.0.1 localhost {name} {name}.example.go.id\n", encoding="utf-8")
    (folder / "etc/hostname").write_text(f"{name}\n", encoding="utf-8")
    where = control_groups()
    assert where is not None
    group = where / f"kentongan-{work.stat().st_ino}"
    group.mkdir()
    quoted = {"group": shlex.quote(str(group)), "root": shlex.quote(str(folder)), "name": name}
    with (work / "log").open("w") as log:
        process = subprocess.Popen(
            ["sh", "-c", _START.format(**quoted, devices=" ".join(DEVICES))],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        wait_until(lambda: child_of(process) != 0, 20, f"the namespaces of {name} stand")
        root = DebianRoot(folder, child_of(process), key)
        wait_until(
            lambda: root.ssh("systemctl is-system-running").stdout.strip() == "running", 60, f"{name} has booted"
        )
        with proxy(root.pid):
            yield root
    finally:
        process.kill()
        process.wait()
        _remove(group)


def _remove(group: Path) -> None:
    """As soon as the last process in it has gone."""
    until = time.monotonic() + 10
    while group.exists() and time.monotonic() < until:
        for inner in sorted((each for each in group.rglob("*") if each.is_dir()), reverse=True):
            with suppress(OSError):
                inner.rmdir()
        with suppress(OSError):
            group.rmdir()
        time.sleep(0.05)
