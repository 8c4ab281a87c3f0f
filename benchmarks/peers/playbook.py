"""The same lines brought onto the same devices by Ansible, as Debian ships it: community.routeros over network_cli.

For each device: read it, let it keep a backup and arm its return, send the lines as a file, import them, read it again
by the login that it has then, disarm. Those of the PoPs first, as with us. No check, no backup elsewhere, no inventory,
no document.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PROGRAM = "/usr/bin/ansible-playbook"
TELL = """\
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
"""
LOOK = """\
- hosts: {group}
  gather_facts: false
  vars: {login}
  tasks:
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
    logins: tuple[tuple[str, str], tuple[str, str]],
    groups: tuple[Sequence[str], Sequence[str]],
    scripts: Mapping[str, str],
    forks: int,
) -> int:
    """How many hosts were told all of it. hosts: name → address and port. logins: before, and of the sites then."""
    (user, password), later = logins
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
    anew = json.dumps({"ansible_user": f"{later[0]}+cet512w", "ansible_password": later[1]})
    whom = (("pops", "{}"), ("sites", anew))
    plays = (TELL.format(group=group) + LOOK.format(group=group, login=login) for group, login in whom)
    (folder / "play.yml").write_text("".join(plays), encoding="utf-8")
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
    for play in json.loads(done.stdout[start:])["plays"]:
        for task in play["tasks"]:
            wrong = {name: each.get("msg") for name, each in task["hosts"].items() if name not in good}
            for name, why in wrong.items():
                if why:
                    print(f"{name}, {task['task']['name']}: {why}", file=sys.stderr)
    return len(good)


def versions() -> dict[str, str]:
    asked = ("dpkg-query", "--show", "--showformat=${Version}", "ansible-core")
    core = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    asked = ("dpkg-query", "--show", "--showformat=${Version}", "ansible")
    return {"ansibleCore": core, "ansible": subprocess.run(asked, capture_output=True, text=True, check=False).stdout}
