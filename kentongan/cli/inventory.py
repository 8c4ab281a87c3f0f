"""`kentongan inventory ansible`: the devices in use as Ansible's dynamic inventory. Read-only, and no secret is in it.

A device without an address is left out: Ansible would take its name for one. Names of groups are Python identifiers,
because Ansible warns of all others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

import typer

from domain.language import _
from domain.network import Device, Inventory, RegionLevel, level_of, parent_of
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import print_json, print_table
from kentongan.errors import UsageError

ROOT: Final = "kentongan"
KINDS: Final = ("kecamatan", "role", "platform", "stage", "zone")
# What Ansible's connection plugins call a platform; the collections that bring them are not part of ansible-core.
NETWORK_OS: Final = {
    "cisco-ios": "cisco.ios.ios",
    "huawei-vrp": "community.network.ce",
    "juniper-junos": "junipernetworks.junos.junos",
    "mikrotik-routeros": "community.routeros.routeros",
    "ubiquiti-edgerouter": "community.network.edgeos",
    "ubiquiti-edgeswitch": "community.network.edgeswitch",
}

app = App()


@app.command(
    "ansible",
    help=_("Devices in use as Ansible's dynamic inventory: by kecamatan, role, platform, stage and zone."),
    epilog=_("Example:") + " ansible-inventory -i ansible/inventory/kentongan --graph",
)
def ansible(
    context: typer.Context,
    list_: bool = typer.Option(False, "--list", help=_("All groups and the variables of all hosts, as JSON.")),
    host: str = typer.Option("", "--host", help=_("The variables of one host, as JSON.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    if list_ and host:
        raise UsageError(_("Give --list or --host NAME."))
    with invocation(context).open() as installation:
        inventory = installation.inventory.read()
        found = {name: facts.platform for name, facts in installation.plans.facts().items()}
        regions: dict[str, str] = {
            region.code: region.name for region in installation.regions.within(installation.regions.home() or "")
        }
    data = ansible_inventory(inventory, found, regions)
    if host:
        print_json(data["_meta"]["hostvars"].get(host, {}))
    elif list_ or json_:
        print_json(data)
    else:
        groups = ((name, len(data[name]["hosts"])) for name in sorted(chain(*_children(data))))
        print_table([_("group"), _("hosts")], groups, right=(1,))


def ansible_inventory(inventory: Inventory, found: Mapping[str, str], regions: Mapping[str, str]) -> dict[str, Any]:
    """What an inventory script answers to `--list` (docs.ansible.com, Developing dynamic inventory).

    `found`: platforms that discovery found out, by device. `regions`: names by code.
    """
    districts = _group_names({code: name for code, name in regions.items() if level_of(code) is RegionLevel.DISTRICT})
    members: dict[str, dict[str, list[str]]] = {kind: defaultdict(list) for kind in KINDS}
    variables: dict[str, dict[str, Any]] = {}
    for name, device in sorted(inventory.used_by_name.items()):
        if not device.address:
            continue
        variables[name] = known = _variables(device, inventory, found.get(name, ""), regions)
        for kind in KINDS:
            if value := known[f"kentongan_{kind}"]:
                district = districts.get(known["kentongan_kecamatan_code"], "")
                group = district if kind == "kecamatan" else _identifier(f"{kind}_{value}")
                members[kind][group].append(name)
    data: dict[str, Any] = {
        "_meta": {"hostvars": variables},
        "all": {"children": [ROOT]},
        ROOT: {"hosts": list(variables), "children": [f"by_{kind}" for kind in KINDS]},
    }
    for kind, groups in members.items():
        data[f"by_{kind}"] = {"children": sorted(groups)}
        data |= {group: {"hosts": hosts} for group, hosts in groups.items()}
    return data


def _variables(device: Device, inventory: Inventory, found: str, regions: Mapping[str, str]) -> dict[str, Any]:
    """A host's variables. All are there for each host: a playbook needs no `default()`."""
    site = inventory.site_by_slug.get(device.site)
    code: str = (site.region_code if site else None) or ""
    village = code if code and level_of(code) is RegionLevel.VILLAGE else ""
    district = parent_of(village) if village else code if code and level_of(code) is RegionLevel.DISTRICT else ""
    platform = device.platform or found
    known = {
        "ansible_host": device.address,
        "ansible_port": device.ssh_port,
        "kentongan_site": device.site,
        "kentongan_site_kind": site.kind.value if site else "",
        "kentongan_stage": site.stage.value if site else "",
        "kentongan_region_code": code,
        "kentongan_desa": regions.get(village, "") if village else "",
        "kentongan_kecamatan": regions.get(district or "", ""),
        "kentongan_kecamatan_code": district or "",
        "kentongan_role": device.role.value,
        "kentongan_platform": platform,
        "kentongan_model": device.model,
        "kentongan_zone": device.zone,
    }
    if platform in NETWORK_OS:
        known |= {"ansible_network_os": NETWORK_OS[platform], "ansible_connection": "ansible.netcommon.network_cli"}
    return {name: _unread(value) for name, value in known.items()}


def _unread(value: object) -> object:
    """A text with brackets of a template is handed over as one that Ansible must not evaluate: it came from a file."""
    return {"__ansible_unsafe": value} if isinstance(value, str) and "{" in value else value


def _children(data: Mapping[str, Any]) -> list[list[str]]:
    return [data[f"by_{kind}"]["children"] for kind in KINDS]


def _group_names(districts: Mapping[str, str]) -> dict[str, str]:
    """`kecamatan_plered` by code; with the code where two have one name."""
    plain = {code: _identifier(f"kecamatan_{name}") for code, name in districts.items()}
    often = Counter(plain.values())
    return {code: name if often[name] == 1 else _identifier(f"{name}_{code}") for code, name in plain.items()}


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
