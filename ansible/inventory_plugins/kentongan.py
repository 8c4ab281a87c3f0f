"""Ansible inventory plugin: the devices that Kentongan knows, with groups of your own by `groups` and `keyed_groups`.

Runs the same command as the script beside it; it opens no database itself, so it needs no Python package of Kentongan.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable

DOCUMENTATION = r"""
name: kentongan
short_description: The devices that Kentongan knows
description:
  - Runs C(kentongan inventory ansible --list) and takes over its groups and variables.
  - The source is a file whose name ends in C(kentongan.yml).
extends_documentation_fragment: [constructed]
options:
  plugin:
    description: Must be C(kentongan).
    required: true
    choices: [kentongan]
  program:
    description: The C(kentongan) program, in the PATH or by its path.
    type: str
    default: kentongan
    env: [{name: KENTONGAN}]
  config:
    description: Its settings file. Empty is where the program looks itself.
    type: str
    default: ""
    env: [{name: KENTONGAN_CONFIG}]
  timeout_seconds:
    description: How long the program may take.
    type: int
    default: 120
"""

EXAMPLES = r"""
# devices.kentongan.yml
plugin: kentongan
program: /usr/local/bin/kentongan
groups:
  far_away: kentongan_zone == "wanayasa"
keyed_groups:
  - {key: kentongan_model, prefix: model}
"""


class InventoryModule(BaseInventoryPlugin, Constructable):  # type: ignore[misc]
    """Named by Ansible."""

    NAME = "kentongan"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(("kentongan.yml", "kentongan.yaml"))

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        data = self._ask()
        variables: dict[str, dict[str, Any]] = data.pop("_meta")["hostvars"]
        for group in data:
            self.inventory.add_group(group)
        for group, content in data.items():
            for child in content.get("children", ()):
                self.inventory.add_child(group, child)
            for host in content.get("hosts", ()):
                self.inventory.add_host(host, group)
        strict = self.get_option("strict")
        for host, known in variables.items():
            for name, value in known.items():
                self.inventory.set_variable(host, name, value)
            self._set_composite_vars(self.get_option("compose"), known, host, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), known, host, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), known, host, strict=strict)

    def _ask(self) -> dict[str, Any]:
        config = self.get_option("config")
        command = [
            self.get_option("program"),
            *(["--config", config] if config else []),
            "inventory",
            "ansible",
            "--list",
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=self.get_option("timeout_seconds"), check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AnsibleParserError(f"{command[0]} could not be asked for the inventory: {error}") from error
        if done.returncode:
            raise AnsibleParserError(f"{' '.join(command)} refused: {done.stderr.strip()}")
        # Texts of a plugin are never evaluated as templates; only the script form has to mark those that look like it.
        answer: dict[str, Any] = json.loads(done.stdout, object_hook=lambda held: held.get("__ansible_unsafe", held))
        return answer
