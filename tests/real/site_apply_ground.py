"""Network namespaces for a planned office on hosts of their own: ours, the PoP's, the new router's; their wires."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.real.namespaces import remove


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def spaces(mark: str, others: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Ours first, then one for each other with `mgmt` 10.255.N.2/24 that we reach from 10.255.N.1 through port vN."""
    ours, *theirs = names = [f"k{mark}{os.getpid()}-{name}" for name in ("nms", *others)]
    try:
        for name in names:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        for number, name in enumerate(theirs, 1):
            ip("-n", ours, "link", "add", f"v{number}", "type", "veth", "peer", "name", "mgmt", "netns", name)
            ip("-n", ours, "addr", "add", f"10.255.{number}.1/24", "dev", f"v{number}")
            ip("-n", name, "addr", "add", f"10.255.{number}.2/24", "dev", "mgmt")
            ip("-n", ours, "link", "set", f"v{number}", "up")
            ip("-n", name, "link", "set", "mgmt", "up")
        yield tuple(names)
    finally:
        remove(names)


def wire(a: tuple[str, str], z: tuple[str, str]) -> None:
    """A cable between two ports, each (namespace, port); both are down."""
    ip("-n", a[0], "link", "add", a[1], "type", "veth", "peer", "name", z[1], "netns", z[0])


def new_key(folder: Path, name: str) -> tuple[str, str]:
    """The private key's text and the public line."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True)
    return path.read_text(), path.with_suffix(".pub").read_text().strip()
