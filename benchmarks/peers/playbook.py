"""The same lines brought onto the same devices by Ansible, as Debian ships it: community.routeros over network_cli.

For each device: read it, let it keep a backup and arm its return, send the lines as a file, import them, read it again,
disarm. Those of the PoPs first, as with us. No check, no backup elsewhere, no inventory, no document.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PROGRAM = "/usr/bin/ansible-playbook"
BOOK = """\
- hosts: {group}
  gather_facts: false
  tasks:
    - name: read
      community.routeros.command: {{commands: ["/export terse"]}}
    - name: arm
      community.routeros.command:
        commands:
          - /system backup save name=bench dont-encrypt=yes
          - '/system scheduler add name=bench interval=900s on-event="/system backup load name=bench"'
          - '/system scheduler add name=bench-boot start-time=startup on-event="/system backup load name=bench"'
    - name: send
      ansible.netcommon.net_put: {{src: "{{{{ script }}}}", dest: bench.rsc, protocol: sftp, mode: text}}
    - name: import
      community.routeros.command:
        commands: ["/import file-name=bench.rsc"]
        wait_for: ["result[0] contains executed successfully"]
        retries: 1
    - name: read again
      community.routeros.command: {{commands: ["/export terse"]}}
    - name: disarm
      community.routeros.command:
        commands:
          - /system scheduler remove [find where name="bench"]
          - /system scheduler remove [find where name="bench-boot"]
          - /file remove [find where name="bench.rsc"]
"""


def run(
    folder: Path,
    hosts: Mapping[str, tuple[str, int]],
    login: tuple[str, str],
    groups: tuple[Sequence[str], Sequence[str]],
    scripts: Mapping[str, str],
    forks: int,
) -> int:
    """How many hosts were told all of it. hosts: name → address and port."""
    user, password = login
    for name, text in scripts.items():
        (folder / f"{name}.rsc").write_text(text, encoding="utf-8")
    common = {
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "community.routeros.routeros",
        "ansible_network_cli_ssh_type": "paramiko",
        "ansible_user": f"{user}+cet512w",
        "ansible_password": password,
        "ansible_host_key_checking": False,
        "ansible_command_timeout": 60,
    }
    children = {
        group: {
            "hosts": {
                name: {
                    "ansible_host": hosts[name][0],
                    "ansible_port": hosts[name][1],
                    "script": str(folder / f"{name}.rsc"),
                }
                for name in names
            }
        }
        for group, names in zip(("pops", "sites"), groups, strict=True)
    }
    (folder / "hosts.json").write_text(json.dumps({"all": {"vars": common, "children": children}}), encoding="utf-8")
    (folder / "play.yml").write_text(BOOK.format(group="pops") + BOOK.format(group="sites"), encoding="utf-8")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON"))},
        "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_STDOUT_CALLBACK": "json",
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(folder / "pc"),
    }
    command = [PROGRAM, "-i", "hosts.json", "--forks", str(forks), "play.yml"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    start = done.stdout.find("{")
    if start < 0:
        raise SystemExit(f"ansible-playbook ended with status {done.returncode}: {done.stderr[-1500:]}")
    stats = json.loads(done.stdout[start:])["stats"]
    good = [name for name, each in stats.items() if not each["failures"] and not each["unreachable"]]
    if len(good) < len(hosts):
        said = [json.loads(done.stdout[start:])["plays"]]
        (folder.parent / "kentongan-bench-ansible.json").write_text(json.dumps(said), encoding="utf-8")
    return len(good)


def versions() -> dict[str, str]:
    asked = ("dpkg-query", "--show", "--showformat=${Version}", "ansible-core")
    core = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    asked = ("dpkg-query", "--show", "--showformat=${Version}", "ansible")
    return {"ansibleCore": core, "ansible": subprocess.run(asked, capture_output=True, text=True, check=False).stdout}
