"""A Debian of its own to install into: a root folder in namespaces of its own, with sshd as its process 1.

This machine's own root with a layer over it that is thrown away, without systemd and without a network but its
loopback. What `make_root` makes with debootstrap is booted by `systemd_root`; one proxy listens inside for it and asks
from outside. All of it goes when the process is ended.
"""

import os
import shlex
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lab.real.waiting import wait_until

PROXY_PORT = 3128
NEEDED = ("unshare", "nsenter", "chroot", "ssh", "ssh-keygen", "sshd", "ip")
SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
LAYERED = """
mount -t tmpfs tmpfs {work}
mkdir {work}/upper {work}/work
mount -t overlay overlay -o lowerdir=/,upperdir={work}/upper,workdir={work}/work {root}
ssh-keygen -q -A -f {root}
echo '127.0.0.1 localhost {name}' >{root}/etc/hosts
rm -f {root}/etc/resolv.conf
"""
_START = """
set -e
mount --make-rprivate /
{mounts}
install -D -m 600 {key}.pub {root}/etc/ssh/authorized_keys
mount -t proc proc {root}/proc
mount -t sysfs sysfs {root}/sys
mount --rbind /dev {root}/dev
mount -t tmpfs tmpfs {root}/dev/shm
mount -t tmpfs tmpfs {root}/run
mkdir -p {root}/run/sshd
ip link set lo up
hostname {name}
exec chroot {root} /usr/sbin/sshd -D -e -o AuthorizedKeysFile=/etc/ssh/authorized_keys
"""


def missing_programs(*more: str) -> list[str]:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    return [name for name in (*NEEDED, *more) if shutil.which(name, path=path) is None]


def make_root(folder: Path) -> None:
    """A minimal Debian 12 with systemd, Python and sshd: what an installer leaves when it is told 'SSH server'."""
    mirror = next(
        line.split()[1]
        for file in (SOURCES, Path("/etc/apt/sources.list"))
        if file.exists()
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith(("URIs:", "deb http"))
    )
    include = "--include=ca-certificates,python3,openssh-server,systemd-sysv,dbus,iproute2"
    command = ["debootstrap", "--variant=minbase", include, "bookworm", str(folder), mirror]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    if SOURCES.exists():
        shutil.copy(SOURCES, folder / "etc/apt/sources.list.d/")
        (folder / "etc/apt/sources.list").unlink()
    for name in ("pip.conf", "ssl/certs/ca-certificates.crt"):
        if (found := Path("/etc") / name).exists():
            shutil.copy(found, folder / "etc" / name)
    for keys in (Path("/usr/share/keyrings"), Path("/etc/apt/keyrings")):
        if keys.exists():
            shutil.copytree(keys, folder / keys.relative_to("/"), dirs_exist_ok=True)
    proxy = f'Acquire::http::Proxy "http://127.0.0.1:{PROXY_PORT}";\nAcquire::Check-Valid-Until "false";\n'
    (folder / "etc/apt/apt.conf.d/90proxy").write_text(proxy, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class DebianRoot:
    """One that runs. Its loopback is reached by programs that are started with `inside`."""

    folder: Path
    pid: int
    key: Path

    def inside(self, *argv: str | Path) -> list[str]:
        """A command with this machine's files and the root's network."""
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", *map(str, argv)]

    def ssh(self, command: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        options: list[str | Path] = [
            "-i",
            self.key,
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-q",
        ]
        argv = self.inside("ssh", *options, "root@127.0.0.1", command)
        return subprocess.run(argv, capture_output=True, text=True, timeout=seconds, check=False)

    def must(self, command: str, seconds: float = 60) -> str:
        done = self.ssh(command, seconds)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()


@contextmanager
def layered(folder: Path, name: str, work: Path) -> Iterator[DebianRoot]:
    """Starts sshd in the root; whoever leaves ends every process in it. `folder` is empty, and becomes the root."""
    key = work / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (work / "layer").mkdir()
    names = {"root": shlex.quote(str(folder)), "work": shlex.quote(str(work / "layer")), "name": name}
    mounts = LAYERED.format(**names)
    script = _START.format(**names, key=shlex.quote(str(key)), mounts=mounts)
    namespaces = ["--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"]
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    with (work / "sshd.log").open("w") as log:
        process = subprocess.Popen(
            ["unshare", *namespaces, "sh", "-c", script], env=environment, stdin=subprocess.DEVNULL, stderr=log
        )
    try:
        wait_until(lambda: child_of(process) != 0, 20, "the namespaces stand")
        first = child_of(process)
        root = DebianRoot(folder, first, key)
        wait_until(lambda: child_of(process) == first and root.ssh("true").returncode == 0, 30, "sshd answers")
        yield root
    finally:
        process.kill()
        process.wait()


def child_of(process: "subprocess.Popen[Any]") -> int:
    """Its first child, 0 while it has none."""
    assert process.poll() is None, "unshare ended at once"
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    return int(children[0]) if children else 0


@contextmanager
def proxy(pid: int) -> Iterator[None]:
    """An HTTP proxy that listens on the loopback of that process's network, and asks from this one."""
    server: list[ThreadingHTTPServer] = []
    standing = threading.Event()

    def serve() -> None:
        # A thread may live in another network than its process; the threads it starts would follow it there.
        with open(f"/proc/{pid}/ns/net") as there, open("/proc/thread-self/ns/net") as here:
            _enter(there.fileno())
            try:
                server.append(ThreadingHTTPServer(("127.0.0.1", PROXY_PORT), _Forward))
            finally:
                _enter(here.fileno())
                standing.set()
        server[0].serve_forever(poll_interval=0.1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    standing.wait(10)
    try:
        yield
    finally:
        for each in server:
            each.shutdown()
            each.server_close()
        thread.join(10)


def _enter(handle: int) -> None:
    import ctypes

    if ctypes.CDLL(None, use_errno=True).setns(handle, 0):
        raise OSError(ctypes.get_errno(), "setns")


class _Forward(BaseHTTPRequestHandler):
    """GET of a whole address, as apt asks, and CONNECT, as pip does."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        head = [f"{self.command} {path} HTTP/1.1", f"Host: {asked.netloc}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP]
        self.close_connection = True
        with closing(socket.create_connection((asked.hostname or "", asked.port or 80), 60)) as upstream:
            upstream.sendall(("\r\n".join(head) + "\r\n\r\n").encode("latin-1"))
            _copy(upstream, self.connection)

    do_HEAD = do_GET  # noqa: N815 - named by http.server

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        self.close_connection = True
        with closing(socket.create_connection((host.strip("[]"), int(port)), 60)) as upstream:
            self.send_response(200)
            self.end_headers()
            other = threading.Thread(target=_copy, args=(self.connection, upstream), daemon=True)
            other.start()
            _copy(upstream, self.connection)


_HOP_BY_HOP: Sequence[str] = ("host", "connection", "proxy-connection", "keep-alive")


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while octets := source.recv(65536):
            target.sendall(octets)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
