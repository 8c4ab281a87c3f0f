"""`kentongan probe ADDRESS`: one device, asked once, nothing stored."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import typer

from collectors.probe import probe as ask
from collectors.probe import probe_json
from collectors.profiles import shipped_profiles
from domain.language import _
from domain.polling import Endpoint
from domain.polling.facts import Discovery
from domain.secrets import Secret, SnmpCommunity, SnmpUser, SnmpVersion
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError

TABLES: tuple[tuple[str, Sequence[str], Sequence[int]], ...] = (
    (
        "interfaces",
        ("ifIndex", "ifName", "ifAlias", "ifSpeedBps", "ifAdminStatus", "ifOperStatus", "inOctets", "outOctets"),
        (0, 3, 6, 7),
    ),
    ("sensors", ("class", "name", "interface", "value", "unit"), (3,)),
    ("neighbours", ("protocol", "localInterface", "sysName", "portId", "chassisId"), ()),
    ("onus", ("oltPort", "onuId", "serial", "state", "lastDownCause", "rxDbm", "distanceM"), (5, 6)),
)


def probe(
    context: typer.Context,
    address: str = typer.Argument(help=_("IPv4 or IPv6 address.")),
    port: int = typer.Option(161, "--port", min=1, max=65535, help=_("UDP port of the agent.")),
    community: str = typer.Option(
        "", "--community", help=_("Community for v1 and v2c; others on this machine can see it: prefer --credential.")
    ),
    credential: str = typer.Option("", "--credential", help=_("A stored credential.")),
    version: SnmpVersion = typer.Option(SnmpVersion.V2C, "--version", help=_("SNMP version with --community.")),
    timeout: float = typer.Option(2.0, "--timeout", min=0.05, max=60, help=_("Seconds to wait for one answer.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Ask a device what it is: identity, interfaces, sensors, neighbours, ONUs."""
    access = _access(context, community, credential, version)
    profiles = shipped_profiles(invocation(context).load().profiles)
    found = asyncio.run(ask(Endpoint(address, port, access), timeout, profiles))
    if json_:
        print_json(probe_json(found))
    else:
        _print(found)


def _access(context: typer.Context, community: str, credential: str, version: SnmpVersion) -> SnmpCommunity | SnmpUser:
    if credential:
        with invocation(context).open() as installation:
            if credential not in installation.vault.names():
                raise UsageError(
                    _("There is no credential {name}. See: kentongan credential list").format(name=credential)
                )
            found = installation.vault.get(credential)
        if not isinstance(found, SnmpCommunity | SnmpUser):
            raise UsageError(_("{name} is no SNMP credential.").format(name=credential))
        return found
    if version is SnmpVersion.V3:
        raise UsageError(_("SNMPv3 needs --credential. Store one with: kentongan credential add NAME --version 3"))
    return SnmpCommunity("", version, Secret(community or os.environ.get("KENTONGAN_COMMUNITY", "public")))


def _print(found: Discovery) -> None:
    document: dict[str, Any] = probe_json(found)
    system = document["system"]
    print_table(
        [_("fact"), _("value")],
        [
            *system.items(),
            *((key, document[key]) for key in ("vendor", "platform", "model", "version", "serial")),
        ],
    )
    for name, keys, right in TABLES:
        if document[name]:
            print()
            print_table(keys, ([each[key] for key in keys] for each in document[name]), right=right)
    for error in document["errors"]:
        note(f"{error['table']}: {error['reason']}")
