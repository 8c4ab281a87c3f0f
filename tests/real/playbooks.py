"""Runs playbooks from this machine on roots of their own (`DebianRoot`), and reads how they ended."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing
from tests.project.tracked_files import ROOT
from tests.real import debian_root
from tests.real.debian_root import DebianRoot

BIN = Path(sys.executable).parent
BOOKS = ROOT / "ansible" / "playbooks"
WRAPPED = '#!/bin/sh\nexec nsenter --net=/proc/{pid}/ns/net {program} "$@"\n'
_LINE = re.compile(r"^(\S+)\s+:\s+(ok=.*)$", re.MULTILINE)


def work_folder(tmp_path_factory: pytest.TempPathFactory, *programs: str) -> Path:
    if os.geteuid() != 0:
        missing("root, to make a root folder with namespaces of its own")
    if absent := debian_root.missing_programs(*programs):
        missing(", ".join(absent))
    return tmp_path_factory.mktemp("ansible")


@dataclass(frozen=True)
class Recap:
    """hosts: name → counter → how often, as Ansible's recap has it. said: all that it printed."""

    hosts: Mapping[str, Mapping[str, int]]
    said: str

    def count(self, counter: str) -> int:
        return sum(each[counter] for each in self.hosts.values())


class Plays:
    """Hosts in their groups. ssh goes into the network of each root, where it has an address of its own."""

    def __init__(self, work: Path, **variables: Any) -> None:
        self.work, self._variables = work, variables
        self._groups: dict[str, dict[str, dict[str, Any]]] = {}
        self._hosts = 0

    def add(self, group: str, name: str, root: DebianRoot, **variables: Any) -> None:
        programs = {}
        for program in ("ssh", "sftp", "scp"):
            wrapper = self.work / f"{name}-{program}"
            wrapper.write_text(WRAPPED.format(pid=root.pid, program=program), encoding="utf-8")
            wrapper.chmod(0o755)
            programs[f"ansible_{program}_executable"] = str(wrapper)
        self._hosts += 1
        self._groups.setdefault(group, {})[name] = {
            "ansible_host": f"127.0.0.{self._hosts}",
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(root.key),
            "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null",
            "ansible_python_interpreter": "/usr/bin/python3",
            **programs,
            **variables,
        }

    def run(self, playbook: Path | str, status: int = 0, **extra: Any) -> Recap:
        """playbook: a path, or the name of one of ours."""
        hosts = self.work / "hosts.json"
        children = {name: {"hosts": members} for name, members in self._groups.items()}
        hosts.write_text(json.dumps({"all": {"vars": self._variables, "children": children}}), encoding="utf-8")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
            "PATH": f"{BIN}:{os.environ['PATH']}:/usr/sbin",
            "ANSIBLE_CONFIG": str(ROOT / "ansible" / "ansible.cfg"),
            "ANSIBLE_ROLES_PATH": str(ROOT / "ansible" / "roles"),
            "ANSIBLE_HOME": str(self.work / "home"),
            # Roots come and go at one address: a connection that is kept open must not be taken for another's.
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.work / "cp"),
            "ANSIBLE_NOCOLOR": "1",
        }
        path = BOOKS / f"{playbook}.yml" if isinstance(playbook, str) else playbook
        extra["kentongan_roles"] = environment["ANSIBLE_ROLES_PATH"]
        command: list[str | Path] = [BIN / "ansible-playbook", "-i", hosts, "-e", json.dumps(extra), path]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800, check=False)
        assert done.returncode == status, done.stdout[-6000:] + done.stderr
        found = _LINE.findall(done.stdout.rpartition("PLAY RECAP")[2])
        counters = {name: {key: int(n) for key, n in re.findall(r"(\w+)=(\d+)", line)} for name, line in found}
        return Recap(counters, done.stdout)
