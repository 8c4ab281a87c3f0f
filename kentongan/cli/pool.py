"""`kentongan pool`: the address plan. Prefixes, VLANs, AS numbers and names; nothing is given twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import typer

from domain.addressing import QUARANTINE_DAYS, AddressingError, Kind, Pool, Range, Request, read_span
from domain.language import _
from kentongan.addresses import address_plan, trusted_now
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json
from kentongan.cli.pool_views import as_tree, plain, plain_pool, plain_use, print_allocations, print_uses
from kentongan.errors import UsageError
from kentongan.installation import Installation
from provisioning.addresses.errors import UnknownPoolError

DRY_RUN = _("Say what would be done, change nothing.")
JSON = _("Print as JSON.")

app = App()


@app.command(
    "add",
    help=_("A range to give out from; or a part of another pool, for one kecamatan or purpose."),
    epilog=_("Example:") + " kentongan pool add lan-kab 10.14.0.0/16 --length 26 --purpose lan",
)
def add(
    context: typer.Context,
    name: str = typer.Argument(help=_("Its name: small letters, digits, points and dashes.")),
    range_: str = typer.Argument("", metavar="[RANGE]", help=_("10.14.0.0/16, fd00:14::/48, 100-199.")),
    kind: Kind | None = typer.Option(None, "--kind", help=_("Of a range without a prefix: vlan, asn or name.")),
    length: int = typer.Option(0, "--length", help=_("Prefix length that is given unless another is asked for.")),
    purpose: str = typer.Option("", "--purpose", help=_("What for: management, lan, wifi, cctv, loopback, link, …")),
    region: str = typer.Option("", "--region", help=_("A kabupaten or kecamatan by its code; empty: everywhere.")),
    zone: str = typer.Option("", "--zone", help=_("Routing zone (VRF) of its own; empty: the common one.")),
    parent: str = typer.Option("", "--parent", help=_("The pool that it is carved out of, with --carve.")),
    carve: int = typer.Option(0, "--carve", help=_("Prefix length: the next free part of --parent.")),
    pattern: str = typer.Option("", "--pattern", help=_("Of names: rtr-{number:04}.")),
    quarantine: int = typer.Option(QUARANTINE_DAYS, "--quarantine", help=_("Days until what is released is given.")),
    note_: str = typer.Option("", "--note", help=_("A remark.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=DRY_RUN),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    if bool(range_) == bool(carve) or (carve and not parent):
        raise UsageError(_("Give a range, or --parent POOL --carve LENGTH."))
    with invocation(context).open() as installation, _in_plain_words():
        kind, span = _kind_and_span(range_, kind) if range_ else (Kind.IPV4, Range(0, 0))
        if not length and (carve or kind.is_address):
            raise UsageError(_("Say how long a prefix is given: --length 26; of loopbacks --length 32 or 128."))
        pool = Pool(name, kind, span, length, purpose, region, zone, parent, pattern, quarantine, note_)
        plan, now = address_plan(installation), trusted_now(installation)
        made = plan.add_pool(pool, now, carve=carve, dry_run=dry_run)
    if json_:
        print_json({"dryRun": dry_run, **plain_pool(made)})
    else:
        said = _("Would add {name}: {range}.") if dry_run else _("Added {name}: {range}.")
        print(said.format(name=made.name, range=made))


@app.command(
    "list", help=_("All pools, and how full they are."), epilog=_("Example:") + " kentongan pool list --purpose lan"
)
def list_(
    context: typer.Context,
    purpose: str = typer.Option("", "--purpose", help=_("Only of this purpose.")),
    region: str = typer.Option("", "--region", help=_("Only of this region and what lies in it.")),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    with invocation(context).open() as installation:
        zone = _zone(installation)
        uses = address_plan(installation).use(installation.clock.now().utc)
    chosen = [
        use
        for use in uses
        if (not purpose or use.pool.purpose == purpose)
        and (use.pool.region + ".").startswith(region + "." * bool(region))
    ]
    if json_:
        print_json([plain_use(use) for use in chosen])
    elif not chosen:
        print(_("There is no pool. Add one: kentongan pool add lan 10.14.0.0/16 --length 26 --purpose lan"))
    else:
        print_uses(as_tree(chosen), zone)


@app.command(
    "show",
    help=_("One pool and who has what of it, or all that a site has."),
    epilog=_("Example:") + " kentongan pool show lan-kab · kentongan pool show --site desa-cibodas",
)
def show(
    context: typer.Context,
    name: str = typer.Argument("", metavar="[NAME]", help=_("A pool.")),
    site: str = typer.Option("", "--site", help=_("What this site has.")),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    if not name and not site:
        raise UsageError(_("Name a pool or a --site."))
    with invocation(context).open() as installation:
        zone, plan = _zone(installation), address_plan(installation)
        uses = plan.use(installation.clock.now().utc, [name]) if name else ()
        if name and not uses:
            raise UnknownPoolError(_("There is no pool {name}. See: kentongan pool list").format(name=name))
        found = plan.allocations(site, name)
    if json_:
        print_json({"pool": plain_use(uses[0]) if uses else None, "allocations": [plain(each) for each in found]})
        return
    if uses:
        print_uses([(0, uses[0])], zone)
    print_allocations(found, zone)


@app.command(
    "allocate",
    help=_("Give a site all that is named, or nothing. Asked again, the same answer comes."),
    epilog=_("Example:") + " kentongan pool allocate desa-cibodas lan wifi cctv",
)
def allocate(
    context: typer.Context,
    owner: str = typer.Argument(metavar="SITE", help=_("The site that gets it, or another word for who it is for.")),
    labels: list[str] = typer.Argument(metavar="LABEL...", help=_("What it is there: lan, wifi, loopback, …")),
    pool: str = typer.Option("", "--pool", help=_("From this pool; else by kind, purpose and region.")),
    kind: Kind = typer.Option(Kind.IPV4, "--kind", help=_("ipv4, ipv6, vlan, asn or name.")),
    purpose: str = typer.Option("", "--purpose", help=_("Of the pool; empty: as the label.")),
    region: str = typer.Option("", "--region", help=_("Of the pool; empty: where the site lies.")),
    zone: str = typer.Option("", "--zone", help=_("Routing zone (VRF) of the pool.")),
    length: int = typer.Option(0, "--length", help=_("Prefix length; empty: the pool's own.")),
    exactly: str = typer.Option("", "--exactly", help=_("This very prefix, number or name and no other.")),
    reserve: bool = typer.Option(False, "--reserve", help=_("Keep it for the site; it is not in use yet.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=DRY_RUN),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    if exactly and len(labels) > 1:
        raise UsageError(_("--exactly names one thing: give one label."))
    with invocation(context).open() as installation, _in_plain_words():
        where = region or _region_of(installation, owner)
        requests = [
            Request(owner, label, pool, kind, purpose or label, where, zone, length, exactly, reserve)
            for label in labels
        ]
        local, plan = _zone(installation), address_plan(installation)
        given = plan.allocate(requests, trusted_now(installation), dry_run=dry_run)
    if json_:
        print_json({"dryRun": dry_run, "allocations": [plain(each) for each in given]})
        return
    print_allocations(given, local)
    if dry_run:
        note(_("Nothing was given (--dry-run)."))


@app.command(
    "release",
    help=_("Take back what a site has; nobody else gets it before the quarantine is over."),
    epilog=_("Example:") + " kentongan pool release desa-cibodas cctv --dry-run",
)
def release(
    context: typer.Context,
    owner: str = typer.Argument(metavar="SITE", help=_("Who has it.")),
    labels: list[str] = typer.Argument(None, metavar="[LABEL...]", help=_("Only these; else all.")),
    quarantine: int | None = typer.Option(
        None, "--quarantine", min=0, help=_("Days, other than the pool's; 0: free at once, also what waits already.")
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help=DRY_RUN),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    with invocation(context).open() as installation:
        zone, plan = _zone(installation), address_plan(installation)
        done = plan.release(
            owner, trusted_now(installation), labels=labels or (), quarantine_days=quarantine, dry_run=dry_run
        )
    if json_:
        print_json({"dryRun": dry_run, "released": [plain(each) for each in done]})
        return
    print_allocations(done, zone)
    if dry_run:
        note(_("Nothing was released (--dry-run)."))


@app.command(
    "remove",
    help=_("Remove a pool of which nothing is held; a part goes back to the pool around it."),
    epilog=_("Example:") + " kentongan pool remove lan-wanayasa",
)
def remove(
    context: typer.Context,
    name: str = typer.Argument(help=_("A pool.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=DRY_RUN),
    json_: bool = typer.Option(False, "--json", help=JSON),
) -> None:
    with invocation(context).open() as installation:
        removed = address_plan(installation).remove_pool(name, trusted_now(installation), dry_run=dry_run)
    if json_:
        print_json({"dryRun": dry_run, **plain_pool(removed)})
    else:
        said = _("Would remove {name}: {range}.") if dry_run else _("Removed {name}: {range}.")
        print(said.format(name=name, range=removed))


# -- what is meant ---------------------------------------------------------------------------------------------------


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except AddressingError as error:
        raise UsageError(str(error)) from None


def _kind_and_span(text: str, kind: Kind | None) -> tuple[Kind, Range]:
    read, span = read_span(text)
    if kind is not None and read not in (None, kind):
        raise UsageError(_("{range} is not of the kind {kind}.").format(range=text, kind=kind.value))
    meant = read or kind
    if meant is None or (read is None and meant.is_address):
        raise UsageError(_("Say what {range} numbers: --kind vlan, --kind asn or --kind name.").format(range=text))
    return meant, span


def _region_of(installation: Installation, owner: str) -> str:
    site = installation.inventory.read().site_by_slug.get(owner)
    return (site.region_code if site and site.region_code else installation.regions.home()) or ""


def _zone(installation: Installation) -> ZoneInfo:
    return ZoneInfo(installation.loaded.settings.language.timezone)
