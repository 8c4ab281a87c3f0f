"""`kentongan link`: the segment that this machine stands on: neighbours, DHCP servers, addresses used twice."""

from ipaddress import IPv4Address, IPv4Network

import typer

from collectors.link import SegmentChecks
from domain.lan import LinkLimits
from domain.language import _
from kentongan.cli.app import App
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError

JSON = _("Print as JSON.")
INTERFACE = _("An interface of this machine.")
MOST_SECONDS = 300.0

app = App()


@app.command(
    "neighbours",
    help=_("Who tells of itself here: LLDP, CDP, and MikroTik's MNDP."),
    epilog=_("Example:") + " kentongan link neighbours eth0 --seconds 65",
)
def neighbours(
    interface: str = typer.Argument(help=INTERFACE),
    seconds: float = typer.Option(
        35.0, "--seconds", min=0.1, max=MOST_SECONDS, help=_("How long to listen: LLDP speaks every 30, CDP every 60.")
    ),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    checks = SegmentChecks()
    found = checks.neighbours(interface, LinkLimits(seconds))
    if json_:
        keys = ("protocol", "name", "port", "platform", "version", "address", "mac")
        told = [{key: getattr(each, key) for key in keys} for each in found]
        print_json({"interface": interface, "neighbours": told, "unreadable": checks.unreadable})
        return
    columns = [_("protocol"), _("name"), _("port"), _("platform"), _("address"), _("MAC")]
    rows = [(each.protocol, each.name, each.port, each.platform, each.address, each.mac) for each in found]
    print_table(columns, rows)
    _remark(checks, bool(found), _("Nobody told of itself in {seconds:g} seconds.").format(seconds=seconds))


@app.command(
    "dhcp",
    help=_("Every DHCP server that offers an address here. None is taken."),
    epilog=_("Example:") + " kentongan link dhcp eth0 --rightful 10.14.8.1",
)
def dhcp(
    interface: str = typer.Argument(help=INTERFACE),
    rightful: list[str] = typer.Option(
        [], "--rightful", help=_("Address of a server that is to be there; may be repeated. Others end with status 1.")
    ),
    seconds: float = typer.Option(6.0, "--seconds", min=0.3, max=MOST_SECONDS, help=_("How long to wait for offers.")),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    known = {str(_address(each)) for each in rightful}
    checks = SegmentChecks()
    offers = checks.dhcp_offers(interface, LinkLimits(seconds))
    # Nobody said which one is right: then one server is, and of two nobody can know.
    strange = [each for each in offers if each.server not in known] if known else list(offers) * (len(offers) > 1)
    if json_:
        keys = ("server", "mac", "address", "router", "dns", "seconds")
        told = [{key: getattr(each, key) for key in keys} | {"rightful": each not in strange} for each in offers]
        print_json({"interface": interface, "offers": told, "unreadable": checks.unreadable})
    else:
        rows = [
            (
                each.server, each.mac, each.address, each.router, " ".join(each.dns),
                _("unknown") if each in strange else "",
            )
            for each in offers
        ]  # fmt: skip
        print_table([_("server"), _("MAC"), _("offers"), _("gateway"), _("DNS"), _("remark")], rows)
        _remark(checks, bool(offers), _("Nobody hands out addresses here."))
    if strange:
        raise typer.Exit(1)


@app.command(
    "arp",
    help=_("Addresses that answer here, and those that two hosts answer for."),
    epilog=_("Example:") + " kentongan link arp eth0 --network 10.14.8.0/24",
)
def arp(
    interface: str = typer.Argument(help=INTERFACE),
    network: str = typer.Option("", "--network", help=_("Whose addresses are asked for; empty: the interface's own.")),
    all_: bool = typer.Option(False, "--all", help=_("Also those that are used once.")),
    seconds: float = typer.Option(4.0, "--seconds", min=0.1, max=MOST_SECONDS, help=_("How long to wait for answers.")),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    checks = SegmentChecks()
    asked = _network(network) if network else _own(checks, interface)
    holders = checks.holders(interface, asked, LinkLimits(seconds))
    double = [each for each in holders if each.is_double]
    if json_:
        told = [{"address": str(each.address), "macs": each.macs, "double": each.is_double} for each in holders]
        print_json({"interface": interface, "network": str(asked), "addresses": told, "unreadable": checks.unreadable})
    else:
        rows = [
            (each.address, " ".join(each.macs), _("used twice") if each.is_double else "")
            for each in (holders if all_ else double)
        ]
        if rows:
            print_table([_("address"), _("MAC"), _("remark")], rows)
        said = _("{count} addresses of {network} answer, {double} of them from more than one host.")
        note(said.format(count=len(holders), network=asked, double=len(double)))
    if double:
        raise typer.Exit(1)


def _remark(checks: SegmentChecks, found: bool, nothing: str) -> None:
    if not found:
        note(nothing)
    if checks.unreadable:
        note(_("{count} frames broke their own protocol and were left out.").format(count=checks.unreadable))


def _own(checks: SegmentChecks, interface: str) -> IPv4Network:
    networks = checks.networks().get(interface, ())
    if not networks:
        raise UsageError(_("{interface} has no IPv4 address: say --network.").format(interface=interface))
    return networks[0]


def _network(written: str) -> IPv4Network:
    try:
        return IPv4Network(written, strict=False)
    except ValueError:
        raise UsageError(_("{network} is no IPv4 network; write 10.14.8.0/24.").format(network=written)) from None


def _address(written: str) -> IPv4Address:
    try:
        return IPv4Address(written)
    except ValueError:
        raise UsageError(_("{address} is no IPv4 address.").format(address=written)) from None
